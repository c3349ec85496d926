"""The centre of each test, and someone at a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from back_shop import Browser, Centre, Till, sqlite_url

from sync.central.console import people
from sync.central.console.people import Role
from tests.central.postgres_server import PostgresServer


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Nobody attacks the passwords of a test; `test_passwords_are_kept_as_the_standard_says` looks at what ships."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite; PostgreSQL where `both_databases` asks for it."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return sqlite_url(tmp_path)
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def centre(url: str) -> Iterator[Centre]:
    running = Centre(url)
    yield running
    running.stop()


@pytest.fixture
def till(centre: Centre) -> Till:
    return Till(centre)


@pytest.fixture
def attendant(centre: Centre) -> Browser:
    return someone(centre, Role.ATTENDANT)


@pytest.fixture
def supervisor(centre: Centre) -> Browser:
    return someone(centre, Role.SUPERVISOR)


@pytest.fixture
def auditor(centre: Centre) -> Browser:
    return someone(centre, Role.AUDITOR)


def someone(centre: Centre, role: Role, store_id: str = "S1") -> Browser:
    centre.person(role.value, role, store_id)
    browser = Browser(centre)
    assert browser.log_in(role.value).status == 303
    return browser
