"""What the shop sells comes down from the real service while the till looks things up."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection

from kiosk.domain.promotion import Promotion, PromotionKind
from kiosk.storage.badges import new_salt, salted
from kiosk.storage.boot import Books
from kiosk.storage.feeds import SqliteFeeds
from sync.central.feeds import begin_epoch, bodies, publish
from sync.faults.faulty import FaultyLine
from sync.feeds import Feeds, FeedSite
from sync.identity import Identity
from sync.line import Line, ServiceClock
from sync.pacing import Pacing
from sync.protocol.feed_rows import (
    CategoryRow,
    EditionRow,
    ItemRow,
    PriceRow,
    RecallRow,
    StaffRow,
    VoucherRow,
    feed_row,
)
from sync.protocol.feeds import FeedName, FeedRow
from sync.protocol.wire import Answer
from tests.e2e.central_ends import Central, change, until

SITE = FeedSite("S1", "EUR", frozenset({"standard", "reduced"}))
EDITION = EditionRow(currency="EUR", languages=("en", "de"))
FIRST = 10_000_000_000_000


def article(number: int, name: str = "", **more: object) -> ItemRow:
    names = {"en": name or f"Thing {number}", "de": name or f"Ding {number}"}
    whole = {"number": FIRST + number, "names": names, "category": "c", "unit": "piece", "tax": "reduced", **more}
    return ItemRow.model_validate(whole)


def price(number: int, minor: int) -> PriceRow:
    return PriceRow(number=FIRST + number, price_minor=minor)


def put(central: Central, name: FeedName, *rows: Answer | FeedRow, version: str = "v1", whole: bool = False) -> None:
    made = [row if isinstance(row, FeedRow) else feed_row(row) for row in rows]
    change(central.url, lambda c: publish(c, "S1", name, made, version=version, whole=whole))


def stocked(central: Central, count: int = 50) -> None:
    category = CategoryRow(code="c", names={"en": "Things"}, on_touch=True)
    put(central, FeedName.CATALOGUE, EDITION, category, *(article(number) for number in range(count)))
    put(central, FeedName.PRICES, *(price(number, 100 + number) for number in range(count)))


class Shelf:
    """The catalogue of the books, fed."""

    def __init__(self, books: Books, identity: Identity, page_rows: int) -> None:
        self.shown: list[str] = []
        self.feeds = Feeds(
            Line(identity, ServiceClock()),
            SqliteFeeds(books.catalogue),
            SITE,
            watcher=self.shown.append,
            every_s=0.05,
            page_rows=page_rows,
            pacing=Pacing(random.random, base_s=0.02, cap_s=0.2),
        )
        self.feeds.start()


@pytest.fixture
def feed(books: Books, identity: Identity) -> Iterator[Callable[..., Shelf]]:
    running: list[Shelf] = []

    def start(page_rows: int = 20) -> Shelf:
        running.append(Shelf(books, identity, page_rows))
        return running[-1]

    yield start
    for one in running:
        one.feeds.stop()


def staff(staff_id: str, badge: str, salt: str, pin_hash: str) -> StaffRow:
    """As the centre publishes it: neither badge nor PIN is in it."""
    return StaffRow(staff=staff_id, name="Kim", role="attendant", badge=salted(badge, salt), pin_hash=pin_hash)


def sells(books: Books, number: int) -> int | None:
    found = books.catalogue.by_gtin(f"{FIRST + number:014d}")
    return found.price.minor if found else None


def test_a_first_load_and_what_changes_after_it(central: Central, books: Books, feed: Callable[..., Shelf]) -> None:
    stocked(central)
    feed()
    until(lambda: sells(books, 49) == 149)
    assert [category.code for category in books.catalogue.categories()] == ["c"]
    put(central, FeedName.PRICES, price(3, 77), version="v2")
    until(lambda: sells(books, 3) == 77)
    found = books.catalogue.by_gtin(f"{FIRST + 3:014d}")
    assert found is not None
    assert found.price_version == "v2"
    gone = FeedRow(key=f"item:{FIRST + 5:014d}", body=None)
    put(central, FeedName.CATALOGUE, article(4, "Quince"), article(90, "Fig"), gone)
    until(lambda: [item.names["en"] for item in books.catalogue.search("quin", "en")] == ["Quince"])
    assert books.catalogue.search("ding 4", "de") == () or all(
        item.gtin != f"{FIRST + 4:014d}" for item in books.catalogue.search("ding 4", "de")
    )
    assert sells(books, 5) is None
    assert sells(books, 90) is None  # nothing is sold that has no price
    put(central, FeedName.PRICES, price(90, 250))
    until(lambda: sells(books, 90) == 250)


def test_an_interrupted_first_load_goes_on_where_it_was(
    central: Central, line: FaultyLine, books: Books, feed: Callable[..., Shelf]
) -> None:
    stocked(central, 400)
    first = feed(page_rows=10)
    store = SqliteFeeds(books.catalogue)

    def fetched(name: str) -> int:
        place = store.staged(name)
        return place.cursor if place else 0

    until(lambda: fetched("catalogue") > 100)
    line.cut()
    first.feeds.stop()
    reached = fetched("catalogue")
    assert sells(books, 1) is None
    asked = line.happened.total()
    line.mend()
    feed(page_rows=10)
    until(lambda: sells(books, 399) == 499)
    assert line.happened.total() - asked < (802 - reached) / 10 + 15


def test_a_line_with_every_fault_brings_the_same_catalogue(
    central: Central, line: FaultyLine, books: Books, feed: Callable[..., Shelf]
) -> None:
    stocked(central, 200)
    line.percent, line.faults = 30, ("drop", "cut-answer", "longer", "shorter", "500", "twice")
    feed(page_rows=10)
    until(lambda: sells(books, 199) == 299, 50)
    assert line.happened.total() - line.happened["well"] > 5
    assert all(sells(books, number) == 100 + number for number in range(200))


def test_lookups_go_on_and_never_see_half_a_change(central: Central, books: Books, feed: Callable[..., Shelf]) -> None:
    stocked(central, 300)
    feed(page_rows=500)
    until(lambda: sells(books, 299) == 399)
    seen: set[bool] = set()
    ends = threading.Event()

    def look() -> None:
        while not ends.is_set():
            seen.update(sells(books, number) is not None for number in (0, 150, 299))

    looking = threading.Thread(target=look)
    looking.start()
    for version in range(5):
        rows = [price(number, 1_000 + version) for number in range(300)]
        change(central.url, lambda c: begin_epoch(c, "S1", FeedName.PRICES))
        put(central, FeedName.PRICES, *rows, version=f"w{version}")
        until(lambda version=version: sells(books, 299) == 1_000 + version)
    ends.set()
    looking.join()
    assert seen == {True}


def test_a_change_of_a_few_rows_touches_few_rows(central: Central, books: Books, feed: Callable[..., Shelf]) -> None:
    stocked(central, 3_000)
    feed(page_rows=5_000)
    until(lambda: sells(books, 2_999) == 3_099)

    def written() -> int:
        return int(books.catalogue.writer.call(lambda connection: connection.total_changes))

    before = written()
    put(central, FeedName.PRICES, *(price(number, 5) for number in range(10)))
    put(central, FeedName.CATALOGUE, *(article(number, f"New {number}") for number in range(10)))
    until(lambda: bool(books.catalogue.search("new 9", "en")) and sells(books, 9) == 5)
    assert written() - before < 400


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        (article(7, tax="luxury"), FeedName.CATALOGUE),
        (EditionRow(currency="USD", languages=("en",)), FeedName.CATALOGUE),
        (FeedRow(key="item:00000000000007", body='{"kind":"item"}'), FeedName.CATALOGUE),
        (FeedRow(key="1", body='{"number":2,"price_minor":1}'), FeedName.PRICES),
        (FeedRow(key="p1", body='{"promotion":{"id":"p1","kind":"free-for-all"}}'), FeedName.PROMOTIONS),
    ],
)
def test_a_feed_that_cannot_be_is_refused_whole_and_the_last_good_one_stays(
    central: Central, books: Books, feed: Callable[..., Shelf], bad: Answer, name: FeedName
) -> None:
    stocked(central)
    shelf = feed()
    until(lambda: sells(books, 49) == 149 and "prices" in shelf.shown)
    before = len(shelf.shown)
    if name is not FeedName.PRICES:
        put(central, FeedName.PRICES, price(2, 99))
    put(central, name, bad)
    if name is not FeedName.PRICES:
        until(lambda: sells(books, 2) == 99)  # the other feeds go on
    put(central, FeedName.VOUCHERS, VoucherRow(code="VCH-1", kind="gift", amount_minor=500))
    until(lambda: "vouchers" in shelf.shown)
    assert sells(books, 7) == 107
    assert name not in shelf.shown[before:]


def test_a_change_that_leads_to_another_number_of_rows_than_the_feed_has_is_not_shown(
    central: Central, books: Books, feed: Callable[..., Shelf]
) -> None:
    stocked(central)
    shelf = feed()
    until(lambda: sells(books, 49) == 149 and "prices" in shelf.shown)

    def lie(connection: Connection) -> None:
        publish(connection, "S1", FeedName.PRICES, [feed_row(price(3, 77))], version="v2", whole=False)
        connection.exec_driver_sql("UPDATE feed SET live_rows = live_rows + 1 WHERE name = 'prices'")

    before = len(shelf.shown)
    change(central.url, lie)
    until(lambda: SqliteFeeds(books.catalogue).shown("prices").epoch == "")
    assert sells(books, 3) == 103
    assert "prices" not in shelf.shown[before:]


def test_two_articles_of_one_plu_are_refused_together(
    central: Central, books: Books, feed: Callable[..., Shelf]
) -> None:
    put(central, FeedName.CATALOGUE, EDITION, article(1, plu=4011), article(2, plu=4012))
    put(central, FeedName.PRICES, price(1, 11), price(2, 12))
    feed()
    until(lambda: sells(books, 2) == 12)
    put(central, FeedName.CATALOGUE, article(1, plu=4012), article(2, plu=4011))  # they change places: that is fine
    until(lambda: _number(books, "4011") == 2)
    put(central, FeedName.CATALOGUE, article(3, plu=4011))
    put(central, FeedName.PRICES, price(3, 13))
    until(lambda: SqliteFeeds(books.catalogue).shown("prices").epoch == "")
    assert _number(books, "4011") == 2
    assert sells(books, 1) == 11


def _number(books: Books, plu: str) -> int:
    found = books.catalogue.by_plu(plu)
    return int(found.gtin) - FIRST if found else 0


def test_offers_recalls_vouchers_and_staff_come_down_and_go_again(
    central: Central, books: Books, feed: Callable[..., Shelf]
) -> None:
    stocked(central)
    ten_off = Promotion("p1", PromotionKind.PERCENT, {"en": "Ten off"}, gtins=frozenset({str(FIRST)}), percent_bp=1000)
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("1234")
    put(central, FeedName.PROMOTIONS, FeedRow(key="p1", body=json.dumps({"promotion": ten_off.to_body()})))
    put(central, FeedName.RECALLS, RecallRow(number=FIRST, batch="B7", reason="glass", since="2026-11-01"))
    put(central, FeedName.VOUCHERS, VoucherRow(code="VCH-1", kind="gift", amount_minor=500))
    put(central, FeedName.STAFF, staff("kim", "STF-1", new_salt(), hashed))
    feed()
    catalogue = books.catalogue
    until(lambda: catalogue.by_badge("STF-1") is not None)
    until(lambda: sells(books, 1) == 101)
    voucher = catalogue.voucher("VCH-1")
    assert voucher is not None
    assert voucher.amount.minor == 500
    assert [one.promotion_id for one in catalogue.promotions(date(2026, 11, 21))] == ["p1"]
    assert catalogue.is_recalled(f"{FIRST:014d}", "B7")
    assert not catalogue.is_recalled(f"{FIRST:014d}", "B8")
    assert catalogue.by_badge("STF-2") is None
    put(central, FeedName.STAFF, staff("lee", "STF-2", new_salt(), hashed))
    until(lambda: catalogue.by_badge("STF-2") is not None)
    assert catalogue.by_badge("STF-1") is not None, "while a salt is taken over by another, both are known"
    held = catalogue.readers.get().execute("SELECT * FROM staff").fetchall()
    assert "STF-" not in str(held) + str(change(central.url, lambda c: bodies(c, "S1", FeedName.STAFF)))
    put(central, FeedName.STAFF, FeedRow(key="kim", body=None))
    put(central, FeedName.RECALLS, FeedRow(key=f"{FIRST:014d}:B7", body=None))
    until(lambda: catalogue.by_badge("STF-1") is None)
    until(lambda: not catalogue.is_recalled(f"{FIRST:014d}", "B7"))
