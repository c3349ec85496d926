"""What comes down to a whole terminal at the real service: policy for the next shopper, prices for the next scan, under nobody's hands."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem

from kiosk.configuration import PROJECT_ROOT, Configuration, load
from kiosk.domain.facts import Kind
from sync.central.database import Database
from sync.central.feeds import publish
from sync.faults.faulty import FaultyLine
from sync.identity import enrol
from sync.protocol.feed_rows import ContentRow, PolicyRow, PriceRow, feed_row
from sync.protocol.feeds import FeedName, FeedRow
from tests.e2e.central_ends import Central, change
from tests.e2e.shop_floor import ShopFloor, visit_to, walk_away
from ui.feeder import check_setting
from ui.seeding import seed
from ui.tour.visit import MILK


def with_feeds(configuration: Configuration) -> Configuration:
    sync = configuration.sync.model_copy(update={"enabled": True, "feeds_every_s": 1})
    return configuration.model_copy(update={"sync": sync})


@pytest.fixture
def data(tmp_path: Path, central: Central, line: FaultyLine) -> Path:
    enrol(tmp_path / "data", line.url, central.code("4"), "4")
    return tmp_path


@pytest.fixture
def errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What the process that fetches the feeds says. Its own file from its start: which one standard error is changes between a test's
    set-up and its call."""
    path = tmp_path / "errors"
    with path.open("ab") as file:
        monkeypatch.setattr(subprocess, "Popen", partial(subprocess.Popen, stderr=file))
        yield path


@pytest.fixture
def floor(qapp: QGuiApplication, data: Path) -> Iterator[ShopFloor]:
    with visit_to(data, with_feeds) as opened:
        yield opened


def put(central: Central, name: FeedName, *rows: FeedRow, version: str = "v2") -> None:
    change(central.url, lambda c: publish(c, "S1", name, rows, version=version, whole=False))


def policy(**settings: object) -> list[FeedRow]:
    return [feed_row(PolicyRow(key=key.replace("__", "."), value=value)) for key, value in settings.items()]  # type: ignore[arg-type]


def line_count(floor: ShopFloor) -> int:
    return floor.kiosk.terminal.configuration.limits.line_count


def test_the_stores_policy_holds_from_the_next_shopper_on_and_goes_again(
    floor: ShopFloor, central: Central, data: Path
) -> None:
    hands = floor.visit.hands
    floor.visit.scan_item(MILK)
    put(central, FeedName.POLICY, *policy(limits__line_count=2))
    hands.wait(lambda: line_count(floor) == 2, "the policy to come down", 30)
    changed = floor.body(Kind.CONFIG_CHANGED)
    assert (changed["by"], changed["settings"]) == ("policy feed", {"limits.line_count": 2})
    floor.visit.scan_item(MILK)
    floor.visit.scan_item(MILK)  # who began before keeps the rules of before
    walk_away(floor.kiosk)
    hands.wait_for_step("attract")
    for _ in range(2):
        floor.visit.scan_item(MILK)
    floor.visit.scan(MILK)
    hands.wait(lambda: (n := floor.visit.session.notice) is not None and n.key == "problem.count-limit", "the limit")
    put(central, FeedName.POLICY, FeedRow(key="limits.line_count", body=None))
    hands.wait(lambda: line_count(floor) == 99, "the site's own limit to hold again", 30)


def test_the_policy_holds_after_a_restart_without_a_line(
    qapp: QGuiApplication, data: Path, central: Central, line: FaultyLine
) -> None:
    with visit_to(data, with_feeds) as floor:
        put(central, FeedName.POLICY, *policy(limits__line_count=2, limits__pin_attempts=3))
        floor.visit.hands.wait(lambda: line_count(floor) == 2, "the policy to come down", 30)
    line.cut()
    with visit_to(data, with_feeds) as floor:
        limits = floor.kiosk.terminal.configuration.limits
        assert (limits.line_count, limits.pin_attempts) == (2, 3)


def test_a_policy_that_is_wrong_is_refused_whole_and_the_last_good_one_holds(
    errors: Path, floor: ShopFloor, central: Central
) -> None:
    def refused() -> bool:
        return "limits.line_count must be 99 or less" in errors.read_text("utf-8")

    put(central, FeedName.POLICY, *policy(limits__line_count=7))
    floor.visit.hands.wait(lambda: line_count(floor) == 7, "the policy to come down", 30)
    before = floor.kiosk.terminal.configuration
    put(central, FeedName.POLICY, *policy(timeouts__staff_s=77, limits__line_count=100_000))
    floor.visit.hands.wait(refused, "it to be fetched and refused", 30)
    assert floor.kiosk.terminal.configuration == before
    assert [entry.fact.subject for entry in floor.entries(Kind.CONFIG_CHANGED)] == ["store-policy"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("limits.line_count", 100_000),
        ("limits.line_count", "2"),
        ("timeouts.countdown_s", 1),
        ("data.directory", "/elsewhere"),
        ("devices.printer.transport", "tcp:10.0.0.1:9100"),
        ("sync.url", "https://elsewhere.example"),
        ("site.currency", "USD"),
        ("terminal.profile", "closed"),
        ("nonsense.key", 1),
    ],
)
def test_what_is_not_the_offices_to_set_or_not_so_is_refused(key: str, value: str | int) -> None:
    with pytest.raises(ValueError, match=r"must be|cannot be set from afar"):
        check_setting(load(environment={}), key, value)


def test_the_stores_own_words_invite_and_go_again(floor: ShopFloor, central: Central) -> None:
    hands = floor.visit.hands
    own = floor.kiosk.terminal.words("screen.attract.title")
    row = ContentRow(key="attract.title", values={"en": "Advent: <b>start</b> here"})
    put(central, FeedName.CONTENT, feed_row(row))
    hands.wait(lambda: seen(floor, "Advent: <b>start</b> here"), "the store's words on the screen", 30)
    assert not seen(floor, own)
    put(central, FeedName.CONTENT, FeedRow(key="attract.title", body=None))
    hands.wait(lambda: seen(floor, own), "the product's own words", 30)


def seen(floor: ShopFloor, text: str) -> bool:
    root = floor.kiosk.window.view.rootObject()
    return root is not None and any(item.property("text") == text for item in root.findChildren(QQuickItem))


def test_a_basket_keeps_the_prices_it_has_seen_and_the_next_scan_has_the_new_one(
    floor: ShopFloor, central: Central, data: Path
) -> None:
    database = Database(central.url)
    seed(database, PROJECT_ROOT / floor.kiosk.terminal.configuration.data.store, "EUR", "S1")
    database.close()
    catalogue, visit = floor.kiosk.terminal.books.catalogue, floor.visit
    visit.hands.wait(lambda: catalogue.edition.startswith("central:"), "the catalogue to come down", 30)
    visit.scan_item(MILK)
    seen = visit.session.basket.lines[0].item
    put(central, FeedName.PRICES, feed_row(PriceRow(number=int(seen.gtin), price_minor=seen.price.minor + 50)))
    visit.hands.wait(lambda: catalogue.price_version == "v2", "the new prices", 30)
    assert visit.session.basket.lines[0].item == seen
    visit.scan_item(MILK)
    lines = visit.session.basket.lines
    found = sorted((line.item.price.minor - seen.price.minor, line.item.price_version) for line in lines)
    assert found == [(0, seen.price_version), (50, "v2")]
