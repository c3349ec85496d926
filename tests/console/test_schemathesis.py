"""Everything that the OpenAPI document allows is asked, within bounds: nothing is answered with an error of the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from back_shop import Centre, Till
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sync.central.backoffice.tokens import Scope, add


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, str]]:
    centre = Centre(tmp_path_factory.mktemp("api"))
    Till(centre).sell()
    token = centre.put(lambda c: add(c, "schemathesis", frozenset(Scope), store_id="*", now_s=1.0))
    yield centre, token
    centre.stop()


def test_the_open_api_never_fails_by_its_own_fault(shop: tuple[Centre, str]) -> None:
    centre, token = shop
    schema = schemathesis.openapi.from_url(f"{centre.address}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 11
    for operation in operations:
        ask(operation, centre, token)


def ask(operation: Any, centre: Centre, token: str) -> None:
    @given(case=st.one_of(operation.as_strategy(), operation.as_strategy(schemathesis.GenerationMode.NEGATIVE)))
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def once(case: schemathesis.Case) -> None:
        answer = case.call(
            base_url=f"{centre.address}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=20
        )
        assert answer.status_code < 500, (case, answer.status_code, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"][0] == "application/problem+json", (case, answer.text)

    once()
