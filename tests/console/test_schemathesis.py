"""Everything that the two OpenAPI documents allow is asked, within bounds: nothing is answered with an error of the service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from back_shop import Centre, Till, sqlite_url
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests.auth import AuthBase

from sync.central.backoffice.tokens import Scope, add
from tests.central.service import Terminal


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def centre(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    is_sqlite = request.param == "sqlite"
    running = Centre(
        sqlite_url(tmp_path_factory.mktemp("api")) if is_sqlite else request.getfixturevalue("postgres").new_database()
    )
    Till(running).sell()
    yield running
    running.stop()


class Bearer(AuthBase):
    """A back office with a token for everything."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, asked: requests.PreparedRequest) -> requests.PreparedRequest:
        asked.headers["Authorization"] = f"Bearer {self._token}"
        return asked


class Signing(AuthBase):
    """An enrolled terminal: whatever is asked, it is signed as a terminal does it."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def __call__(self, asked: requests.PreparedRequest) -> requests.PreparedRequest:
        body = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
        kind = {"content-type": str(asked.headers["content-type"])} if "content-type" in asked.headers else {}
        signed = self._terminal.signed(str(asked.method), asked.path_url, kind, body)
        asked.headers.update(signed)
        return asked


def test_the_back_office_api_never_fails_by_its_own_fault(centre: Centre) -> None:
    token = centre.put(lambda c: add(c, "schemathesis", frozenset(Scope), store_id="*", now_s=1.0))
    answered = ask_everything(f"{centre.address}/api/v1", "/openapi.json", Bearer(token), examples(centre))
    assert len(answered) == 15
    # The token is good, so what is well formed is done: an answer from behind the door, not one more refusal.
    assert [operation for operation, statuses in answered.items() if statuses <= {401, 403}] == []
    assert {200, 201} <= set().union(*answered.values())


def test_the_terminals_api_never_fails_by_its_own_fault(centre: Centre) -> None:
    terminal = Terminal(centre, "T7").known()  # type: ignore[arg-type] # the same service, started by other means
    answered = ask_everything(centre.address, "/openapi.json", Signing(terminal), examples(centre))
    assert len(answered) == 25
    assert [operation for operation, statuses in answered.items() if statuses <= {401, 403}] == []
    assert 200 in set().union(*answered.values())


def examples(centre: Centre) -> int:
    """Of each operation. What is well formed does not differ by the database, only what is then done."""
    return 8 if centre.database.is_postgresql else 20


def ask_everything(address: str, document: str, auth: AuthBase, examples: int) -> dict[str, set[int]]:
    """Every operation that the document names, and how it was answered."""
    schema = schemathesis.openapi.from_url(f"{address}{document}")
    with requests.Session() as line:
        line.auth = auth
        return {
            operation.label: ask(operation, address, line, examples)
            for operation in (o.ok() for o in schema.get_all_operations())
        }


def ask(operation: Any, address: str, line: requests.Session, examples: int) -> set[int]:
    answered = set[int]()

    @given(case=st.one_of(operation.as_strategy(), operation.as_strategy(schemathesis.GenerationMode.NEGATIVE)))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def once(case: schemathesis.Case) -> None:
        if re.fullmatch("[1-9][0-9]?", str((case.query or {}).get("wait_s", ""))):
            case.query = {**case.query, "wait_s": 0}  # it would wait for so long
        answer = case.call(base_url=address, session=line, timeout=20)
        answered.add(answer.status_code)
        assert answer.status_code < 500, (case, answer.status_code, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"][0] == "application/problem+json", (case, answer.text)

    once()
    return answered
