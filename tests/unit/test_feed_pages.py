"""A page of a feed is believed only whole: hostile, damaged and foreign ones are refused, and the row is named."""

from __future__ import annotations

import json
import re

import pytest

from kiosk.domain.promotion import Promotion, PromotionKind
from kiosk.ports import FeedPlace, FeedRefusedError
from sync.feeds import FeedSite, checked
from sync.protocol.feed_rows import ItemRow, PriceRow, feed_row
from sync.protocol.feeds import FeedName, FeedPage, FeedRow, rows_checksum

SITE = FeedSite("S1", "EUR", frozenset({"standard", "reduced"}))
FIRST = 10_000_000_000_000


def article(number: int) -> ItemRow:
    names = {"en": f"Thing {number}", "de": f"Ding {number}"}
    return ItemRow.model_validate(
        {"number": FIRST + number, "names": names, "category": "c", "unit": "piece", "tax": "reduced"}
    )


def price(number: int, minor: int) -> PriceRow:
    return PriceRow(number=FIRST + number, price_minor=minor)


def page_of(name: FeedName, /, *rows: FeedRow, **wrong: object) -> FeedPage:
    """A good page, or one that says something else than it proves."""
    checksum = rows_checksum("S1", name.value, "e", after=0, cursor=len(rows), rows=rows)
    page = FeedPage(
        store_id="S1",
        name=name,
        format=1,
        epoch="e",
        after=0,
        cursor=len(rows),
        rows=rows,
        done=True,
        count=len(rows),
        version="v",
        checksum=checksum,
    )
    return page.model_copy(update=wrong)


ASKED = FeedPlace("e", 0)
ROWS = tuple(feed_row(price(number, 100)) for number in range(1, 4))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rows": (feed_row(price(1, 101)), *ROWS[1:])}, "checksum"),
        ({"rows": ROWS[:2]}, "checksum"),  # cut short
        ({"rows": (*ROWS, feed_row(price(9, 1)))}, "checksum"),
        ({"rows": ROWS[::-1]}, "checksum"),
        ({"checksum": "0" * 64}, "checksum"),
        ({"epoch": "f"}, "checksum"),
        ({"cursor": 99}, "checksum"),
        ({"store_id": "S2"}, "store S2"),
        ({"name": FeedName.VOUCHERS}, "a page of vouchers"),
        ({"format": 2}, "format 2"),
        ({"after": 7, "cursor": 9}, "go on"),
        ({"cursor": -1}, "go on"),
    ],
)
def test_a_damaged_or_foreign_page_is_refused(wrong: dict[str, object], words: str) -> None:
    good = page_of(FeedName.PRICES, *ROWS)
    assert checked(good, SITE, FeedName.PRICES, ASKED) == [(row.key, row.body) for row in ROWS]
    with pytest.raises(FeedRefusedError, match=words):
        checked(page_of(FeedName.PRICES, *ROWS, **wrong), SITE, FeedName.PRICES, ASKED)


def test_a_page_of_another_epoch_than_was_asked_for_begins_anew_or_is_refused() -> None:
    rows = (feed_row(price(1, 100)),)
    checksum = rows_checksum("S1", "prices", "f", after=5, cursor=6, rows=rows)
    page = page_of(FeedName.PRICES, *rows, epoch="f", after=5, cursor=6, checksum=checksum)
    with pytest.raises(FeedRefusedError, match="go on"):
        checked(page, SITE, FeedName.PRICES, FeedPlace("e", 5))


def row(key: str, /, **body: object) -> FeedRow:
    return FeedRow(key=key, body=json.dumps(body))


def hostile_article(**wrong: object) -> FeedRow:
    return row(f"item:{FIRST + 1:014d}", **{**article(1).model_dump(mode="json"), **wrong})


def offer(**wrong: object) -> FeedRow:
    whole = Promotion("p1", PromotionKind.PERCENT, {"en": "Ten off"}, gtins=frozenset({str(FIRST)}), percent_bp=1000)
    return row("p1", promotion={**whole.to_body(), **wrong})


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        (FeedName.CATALOGUE, hostile_article(names={"en": "Milk\x1b@"})),  # a printer would do as it is told
        (FeedName.CATALOGUE, hostile_article(names={"en": "Milk\nTotal 0.00"})),
        (FeedName.CATALOGUE, hostile_article(names={"en": "Milk\x9b31m"})),
        (FeedName.CATALOGUE, hostile_article(names={"en": "M" * 201})),
        (FeedName.CATALOGUE, hostile_article(names={"en": ""})),
        (FeedName.CATALOGUE, hostile_article(names={f"{a}{b}": "x" for a in "abcdefg" for b in "abcdefg"})),
        (FeedName.CATALOGUE, hostile_article(names={"en); DROP TABLE item_0; --": "x"})),
        (FeedName.CATALOGUE, hostile_article(tax="luxury")),
        (FeedName.CATALOGUE, hostile_article(unit="ton")),
        (FeedName.CATALOGUE, hostile_article(minimum_age=-1)),
        (FeedName.CATALOGUE, hostile_article(deposit_minor=10**9)),
        (FeedName.CATALOGUE, hostile_article(number=10**15)),
        (FeedName.CATALOGUE, row("edition", kind="edition", currency="USD", languages=["en"])),
        (FeedName.CATALOGUE, row("edition", kind="edition", currency="EUR", languages=["en', x"])),
        (FeedName.CATALOGUE, FeedRow(key="settings", body=None)),
        (FeedName.CATALOGUE, FeedRow(key="edition", body="[" * 100_000)),
        (FeedName.PRICES, row(f"{FIRST:014d}", number=FIRST, price_minor=-1)),
        (FeedName.PRICES, row(f"{FIRST:014d}", number=FIRST, price_minor=10**9)),
        (FeedName.PRICES, row(f"{FIRST:014d}", number=FIRST, price_minor=1.5)),
        (FeedName.PRICES, row(f"{FIRST:014d}", number=FIRST, price_minor="100")),
        (FeedName.PRICES, row(f"{FIRST + 1:014d}", number=FIRST, price_minor=1)),
        (FeedName.PROMOTIONS, offer(labels={"en": "Ten\x07off"})),
        (FeedName.PROMOTIONS, offer(labels={"en": "T" * 201})),
        (FeedName.PROMOTIONS, offer(amount_minor=10**12)),
        (FeedName.PROMOTIONS, offer(percent_bp=10_001)),
        (FeedName.RECALLS, row(f"{FIRST:014d}:B", number=FIRST, batch="B", reason="glass", since="next week")),
        (FeedName.VOUCHERS, row("VCH-1", code="VCH-1", kind="gift", amount_minor=-500)),
        (FeedName.STAFF, row("kim", staff="kim", name="Kim", role="attendant", badge="STF-1", pin_hash="1234")),
        (FeedName.CONTENT, row("attract.title", key="attract.title", values={"en": "x" * 29})),
        (FeedName.CONTENT, row("attract.title", key="attract.title", values={"en": "{name.__class__}"})),
        (FeedName.CONTENT, row("attract.title", key="attract.title", values={"en": "two\nlines"})),
        (FeedName.CONTENT, row("pay.title", key="pay.title", values={"en": "Pay there"})),
        (FeedName.POLICY, row("data.directory", key="data.directory", value="/")),
    ],
)
def test_a_row_that_nothing_sells_by_is_refused_and_named(name: FeedName, bad: FeedRow) -> None:
    with pytest.raises(FeedRefusedError, match=f"row {re.escape(bad.key)} of {name}"):
        checked(page_of(name, bad), SITE, name, ASKED)


def test_markup_in_a_name_is_a_name() -> None:
    """Every control draws plain text, and the printer gets letters: what looks like markup is sold under its name."""
    hostile = hostile_article(names={"en": "<img src='http://x/'><b>Milk</b>", "de": "Milch & {0} %s"})
    assert checked(page_of(FeedName.CATALOGUE, hostile), SITE, FeedName.CATALOGUE, ASKED)
