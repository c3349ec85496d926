"""A foreign system whose client was generated from the published OpenAPI document: it puts a catalogue in and takes the sales out."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from back_shop import Centre, Till, until

from sync.central.backoffice.tokens import Scope, add

Foreign = Callable[[str], Any]
PACKAGE = "foreign_back_office"


@pytest.fixture
def foreign(centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Foreign]:
    """The modules of a client that nobody here has written, by name."""
    document, settings = tmp_path / "openapi.json", tmp_path / "settings.yml"
    document.write_bytes(centre.ask("GET", "/api/v1/openapi.json").content)
    settings.write_text("post_hooks: []\n")  # no formatter: nobody reads it
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--path", str(document)]
    command += ["--output-path", str(tmp_path / PACKAGE), "--config", str(settings)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_a_generated_client_puts_a_catalogue_in_and_takes_the_sales_out(
    foreign: Foreign, centre: Centre, till: Till
) -> None:
    token = centre.put(lambda c: add(c, "foreign", frozenset(Scope), store_id="S1", now_s=1.0))
    with foreign("client").AuthenticatedClient(base_url=f"{centre.address}/api/v1", token=token) as client:
        assert foreign("api.stores.list_stores").sync(client=client).stores == ["S1"]
        publish_a_catalogue(foreign, client)
        (price,) = centre.rows("SELECT body FROM feed_row WHERE name = 'prices' AND body IS NOT NULL")
        assert json.loads(price.body)["price_minor"] == 199

        sold = [till.sell(minor=199), till.sell(minor=250)]
        list_sales = foreign("api.sales.list_sales")
        until(lambda: len(list_sales.sync("S1", client=client).sales) == 2)
        first = list_sales.sync("S1", client=client, limit=1)
        rest = list_sales.sync("S1", client=client, after=first.next_)
        assert [sale.sale_id for page in (first, rest) for sale in page.sales] == sold
        assert (rest.sales[0].total_minor, rest.sales[0].lines[0].name, rest.done) == (250, "Butter", True)
        exported = foreign("api.sales.export_sales_as_csv").sync_detailed("S1", client=client)
        assert [line.split(",")[3] for line in exported.content.decode().splitlines()][1:] == sold


def test_a_generated_client_gets_a_problem_that_it_understands(foreign: Foreign, centre: Centre, till: Till) -> None:
    with foreign("client").AuthenticatedClient(base_url=f"{centre.address}/api/v1", token="tern_no_such") as client:
        problem = foreign("api.sales.list_sales").sync("S1", client=client)
    assert isinstance(problem, foreign("models").ProblemDocument)
    assert (problem.status, problem.type_) == (401, "urn:tern:problem:no-token")


def publish_a_catalogue(foreign: Foreign, client: Any) -> None:
    models = foreign("models")
    names = models.CatalogueLineNames.from_dict({"en": "Butter", "de": "Butter"})
    lines = [models.CatalogueLine(number=4012345678901, names=names, category="dairy", price_minor=199)]
    create = foreign("api.catalogue.create_catalogue_import")
    report = create.sync("S1", client=client, body=lines, currency="EUR", mode=models.ImportMode.WHOLE)
    assert (report.status, report.good_lines, report.problems) == ("staged", 1, [])
    publish = foreign("api.catalogue.publish_catalogue_import")
    assert publish.sync("S1", report.import_id, client=client).status == "published"
