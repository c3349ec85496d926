"""The centre of each test, and someone at a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from back_shop import Browser, Centre, Till

from sync.central.console.people import Role


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    running = Centre(tmp_path)
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
