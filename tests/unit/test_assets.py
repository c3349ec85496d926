"""The demo store and its pictures: whatever loads them may rely on this."""

from __future__ import annotations

import csv
import re
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from kiosk.domain.promotion import Promotion, PromotionKind
from kiosk.domain.resolver import ScanRules, resolve
from kiosk.domain.scan import CouponCode, ItemCode, MemberCode, Scan, StaffCode, Unknown, VoucherCode

ASSETS = Path(__file__).resolve().parents[2] / "assets"
STORE = ASSETS / "store"
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {SVG + name for name in ("svg", "g", "path", "circle", "ellipse", "rect")}
PLAIN_ATTRIBUTES = re.compile(
    "width|height|viewBox|fill|fill-rule|fill-opacity|stroke|stroke-(width|linecap|linejoin|opacity)|transform|d|[cr]?[xy]|r"
)

MEANINGS = {
    "item": ItemCode,
    "coupon": CouponCode,
    "voucher": VoucherCode,
    "account": MemberCode,
    "staff": StaffCode,
    "unknown": Unknown,
}


def rows(name: str) -> list[dict[str, str]]:
    with (STORE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def toml(path: Path) -> dict:
    return tomllib.loads(path.read_text("utf-8"))


def check_digit(body: str) -> str:
    """GS1 General Specifications, 7.9: weights 3 and 1 from the right."""
    return str(-sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body))) % 10)


ITEMS = rows("items.csv")
NUMBERS = {row["gtin"] or row["plu"] or row["item_ref"]: row for row in ITEMS}


def test_every_article_has_one_number_that_no_other_has() -> None:
    assert len(ITEMS) >= 300
    assert len(NUMBERS) == len(ITEMS)
    for row in ITEMS:
        assert [bool(row["gtin"]), bool(row["plu"]), bool(row["item_ref"])].count(True) == 1, row["name_en"]


def test_every_number_is_well_formed_and_none_is_a_real_shop_s() -> None:
    for row in ITEMS:
        gtin, plu, reference = row["gtin"], row["plu"], row["item_ref"]
        if gtin:
            assert re.fullmatch(r"\d{14}", gtin), row
            assert gtin[-1] == check_digit(gtin[:-1]), row
            assert gtin.lstrip("0").startswith(("952", "614141", "1952")), row
        assert re.fullmatch(r"(\d{4,5})?", plu), row
        assert re.fullmatch(r"(\d{5})?", reference), row


def test_there_is_an_article_for_each_length_of_number() -> None:
    lengths = {len(gtin.lstrip("0")) for gtin in NUMBERS if len(gtin) == 14}
    assert lengths == {8, 12, 13, 14}


def test_every_article_says_all_that_a_sale_needs() -> None:
    categories = {row["id"] for row in rows("categories.csv")}
    for row in ITEMS:
        assert row["category"] in categories, row
        assert row["unit"] in {"piece", "kg"}, row
        assert int(row["price_minor"]) > 0, row
        assert row["tax"] in {"standard", "reduced", "zero"}, row
        assert row["min_age"] in {"0", "16", "18"}, row
        assert int(row["deposit_minor"]) >= 0, row
        assert not row["member_price_minor"] or int(row["member_price_minor"]) < int(row["price_minor"]), row
        assert row["quick"] in {"0", "1"}, row
    assert {row["tax"] for row in ITEMS} == {"standard", "reduced", "zero"}
    assert {row["min_age"] for row in ITEMS} == {"0", "16", "18"}


@pytest.mark.parametrize("column", ["name_en", "name_de"])
def test_no_two_articles_look_the_same_on_a_receipt(column: str) -> None:
    names = Counter(row[column] for row in ITEMS)
    assert [name for name, count in names.items() if count > 1] == []
    assert [
        name for name in names if name != name.strip() or not 3 <= len(name) <= 48 or re.search("[<>&]", name)
    ] == []


def test_what_the_picker_offers_can_be_picked() -> None:
    touch = {row["id"] for row in rows("categories.csv") if row["touch"] == "1"}
    for row in ITEMS:
        assert not row["plu"] or row["category"] in touch, row
        assert row["quick"] == "0" or row["plu"], row
    assert touch == {row["category"] for row in ITEMS if row["plu"]}


def test_every_picture_that_is_named_exists_and_has_its_words() -> None:
    index = toml(ASSETS / "pictures" / "index.toml")
    shelf = toml(STORE / "shelf.toml")["thing"]
    named = {row["picture"] for row in [*ITEMS, *rows("categories.csv"), *shelf]}
    assert named <= index.keys()
    assert {entry["file"] for entry in index.values()} == {path.name for path in (ASSETS / "pictures").glob("*.svg")}
    for name, entry in index.items():
        assert re.fullmatch(r"#[0-9A-F]{6}", entry["tint"]), name
        assert entry["name_en"], name
        assert entry["name_de"], name


def test_every_drawing_is_plain_enough_for_the_software_renderer() -> None:
    drawings = sorted(ASSETS.rglob("*.svg"))
    assert len(drawings) > 100
    for path in drawings:
        for element in ET.fromstring(path.read_text("utf-8")).iter():  # noqa: S314 (our own files)
            assert element.tag in SHAPES, path
            assert all(PLAIN_ATTRIBUTES.fullmatch(name) for name in element.attrib), path
            assert "url(" not in "".join(element.attrib.values()), path


def test_an_interface_icon_exists_in_every_colour() -> None:
    by_colour = {
        folder: {path.name for path in (ASSETS / "icons" / folder).iterdir()} for folder in ("ink", "paper", "brand")
    }
    assert by_colour["ink"] == by_colour["paper"] == by_colour["brand"]
    assert len(by_colour["ink"]) >= 40


def test_every_offer_is_one_that_the_till_understands() -> None:
    bodies = toml(STORE / "promotions.toml")["promotion"]
    offers = [Promotion.from_body(body) for body in bodies]
    known = {offer.promotion_id for offer in offers}
    assert len(known) == len(offers)
    assert {offer.kind for offer in offers} == set(PromotionKind)
    categories = {row["id"] for row in rows("categories.csv")}
    for offer in offers:
        assert offer.gtins <= NUMBERS.keys(), offer.promotion_id
        assert offer.category in {"", *categories}, offer.promotion_id
        assert offer.labels.keys() == {"en", "de"}, offer.promotion_id
        assert max(map(len, offer.labels.values())) <= 32, offer.promotion_id
        if isinstance(offer.combines_with, tuple):
            assert set(offer.combines_with) <= known, offer.promotion_id


def test_every_offer_saves_money() -> None:
    for offer in (Promotion.from_body(body) for body in toml(STORE / "promotions.toml")["promotion"]):
        if offer.price_minor is not None and offer.gtins:
            cheapest = min(int(NUMBERS[number]["price_minor"]) for number in offer.gtins)
            assert offer.price_minor < offer.n * cheapest, offer.promotion_id


def test_recalls_vouchers_and_staff_can_be_loaded() -> None:
    assert {row["gtin"] for row in rows("recalls.csv")} <= NUMBERS.keys()
    vouchers = rows("vouchers.csv")
    assert len({row["code"] for row in vouchers}) == len(vouchers)
    prefixes = {"deposit-return": "DEP-", "gift": "VCH-"}
    for row in vouchers:
        assert row["code"].startswith(prefixes[row["kind"]]), row
        assert int(row["amount_minor"]) > 0, row
    staff = toml(STORE / "staff.toml")["staff"]
    assert {member["role"] for member in staff} == {"attendant", "supervisor", "technician"}
    for member in staff:
        assert re.fullmatch(r"STF-[A-Z0-9-]+", member["badge"]), member["id"]
        assert re.fullmatch(r"\d{4,6}", member["pin"]), member["id"]


def test_the_shelf_shows_what_it_says() -> None:
    recalled = {(row["gtin"], row["batch"]) for row in rows("recalls.csv")}
    things = toml(STORE / "shelf.toml")["thing"]
    assert len({thing["id"] for thing in things}) == len(things) >= 20
    for thing in things:
        scan = Scan(thing["data"].encode(), thing["aim"].removeprefix("]"))
        kind, _, reason = thing["means"].partition(":")
        meaning = resolve(scan, ScanRules())
        assert isinstance(meaning, MEANINGS[kind]), thing["id"]
        if isinstance(meaning, Unknown):
            assert meaning.reason.startswith(reason), thing["id"]
        if isinstance(meaning, ItemCode):
            known = {meaning.gtin, meaning.reference, meaning.reference.lstrip("0")} & NUMBERS.keys()
            assert bool(known) == (reason != "unknown-code"), thing["id"]
            assert ((meaning.gtin, meaning.batch) in recalled) == (reason == "recalled"), thing["id"]
            assert (meaning.expiry is not None and meaning.expiry.year < 2035) == (reason == "expired"), thing["id"]


def test_every_font_has_its_licence_beside_it() -> None:
    fonts = {path.name.split("-")[0].split(".")[0] for path in (ASSETS / "fonts").glob("*.[ot]tf")}
    assert fonts == {"Inter", "DejaVuSansMono"}
    for font in fonts:
        assert len((ASSETS / "fonts" / f"LICENSE-{font}.txt").read_text("utf-8")) > 1000
