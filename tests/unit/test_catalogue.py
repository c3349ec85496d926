"""The catalogue on a real file: the demo store, look-ups, search, recalls, staff, and wrong store files."""

from __future__ import annotations

import shutil
import threading
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.money import Money
from kiosk.domain.quantity import Unit
from kiosk.ports import JournalError
from kiosk.storage.catalogue import SqliteCatalogue
from kiosk.storage.catalogue_generate import generate
from kiosk.storage.catalogue_load import check_digit, load_store
from kiosk.storage.catalogue_stage import Edition, StoredItem, load
from kiosk.storage.errors import StoreFileError

KEY = bytes(range(32))
STORE = Path(__file__).parents[2] / "assets" / "store"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    catalogue = SqliteCatalogue(tmp_path_factory.mktemp("demo") / "cache.db", KEY)
    assert load_store(catalogue, STORE, "EUR")
    yield catalogue
    catalogue.close()


@pytest.fixture
def store(tmp_path) -> Path:
    return Path(shutil.copytree(STORE, tmp_path / "store"))


@pytest.fixture
def empty(tmp_path):
    catalogue = SqliteCatalogue(tmp_path / "cache.db", KEY)
    yield catalogue
    catalogue.close()


def test_an_article_is_found_by_each_of_its_numbers(demo):
    bananas = demo.by_plu("4011")
    assert bananas is not None
    assert bananas.names == {"en": "Bananas, loose", "de": "Bananen, lose"}
    assert (bananas.price, bananas.unit, bananas.plu) == (Money(179, "EUR"), Unit.KILOGRAM, "4011")
    assert demo.by_gtin(bananas.gtin) == bananas
    gouda = demo.by_reference("05001")
    assert gouda is not None and gouda.names["en"].startswith("Gouda")
    assert demo.by_gtin(gouda.gtin) == gouda
    assert demo.by_plu("5001") != gouda
    milk = demo.by_gtin("09526001040018")
    assert milk is not None and milk.gtin == "09526001040018" and milk.plu == ""
    assert milk.price_version == demo.price_version != ""


@pytest.mark.parametrize("number", ["", "x", "09526001040017", "٣", "9" * 40, "-1", "1;--"])
def test_a_number_that_is_none_finds_nothing(demo, number):
    assert demo.by_gtin(number) is None
    assert demo.by_plu(number) is None
    assert demo.by_reference(number) is None


def test_the_picker_shows_categories_in_order_and_what_has_no_code(demo):
    categories = demo.categories()
    assert [category.code for category in categories][:2] == ["fruit", "vegetables"]
    fruit = demo.in_category("fruit", 200)
    assert fruit and all(item.plu and item.category == "fruit" for item in fruit)
    assert categories[0].item_count == len(fruit)
    popular = demo.in_category("", 8)
    assert len(popular) == 8 and all(item.plu for item in popular)


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("banan", "en", "Bananas, loose"),
        ("ÄPF", "de", "Apples, Elstar, loose"),
        ("apf els", "de", "Apples, Elstar, loose"),
        ("4011", "en", "Bananas, loose"),
    ],
)
def test_the_beginnings_of_words_find_an_article_without_accents_or_case(demo, text, language, first):
    found = demo.search(text, language)
    assert first in [item.names["en"] for item in found[:4]]


def test_a_search_looks_at_the_names_of_the_language_on_the_screen(demo):
    assert demo.search("bananen", "de")
    assert not demo.search("bananen", "en")
    assert demo.search("bananen", "xx")


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "*",
        "a OR b",
        "NEAR(a b)",
        "name_en:milk",
        "^milk",
        "-milk",
        "'); DROP TABLE item_0;--",
        "a_b",
        "(",
        "\x00",
        "\ud800",
        "é\u0301\u0301",
        "क्षि",
        " " * 500,
        "a" * 5000,
    ],
)
def test_what_is_typed_into_the_search_is_never_a_query(demo, text):
    demo.search(text, "en")
    assert demo.by_plu("4011") is not None


@given(st.text(max_size=90))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_searched(demo, text):
    assert len(demo.search(text, "de", limit=5)) <= 5


def test_a_recalled_batch_is_known_and_another_batch_is_sold(demo):
    assert demo.is_recalled("09526001070022", "LX4471")
    assert not demo.is_recalled("09526001070022", "LX4472")
    assert not demo.is_recalled("09526001070022", None)
    assert demo.is_recalled("09526001220045", None) and demo.is_recalled("09526001220045", "any")
    assert not demo.is_recalled("09526001040018", None)
    assert not demo.is_recalled("nonsense", "LX4471")


def test_offers_run_on_their_days_and_name_articles_as_the_catalogue_does(demo):
    running = demo.promotions(date(2026, 11, 21))
    assert {promotion.kind.value for promotion in running} >= {"n-for-m", "coupon", "member"}
    assert demo.promotions(date(2999, 1, 1)) == ()
    assert all(demo.by_gtin(number) or demo.by_plu(number) for promotion in running for number in promotion.gtins)


def test_vouchers_and_badges_are_looked_up_and_no_pin_or_badge_stands_in_the_file(demo):
    voucher = demo.voucher("DEP-7K2M9Q4T")
    assert voucher is not None and (voucher.kind, voucher.amount) == ("deposit-return", Money(325, "EUR"))
    assert demo.voucher("DEP-NONE") is None and demo.voucher("\ud800") is None
    member = demo.by_badge("STF-2001-H9WD")
    assert member is not None and (member.name, member.role) == ("Miriam Oster", "supervisor")
    assert PasswordHasher().verify(member.pin_hash, "369258")
    assert demo.by_badge("STF-2001") is None
    everything = str(demo.readers.get().execute("SELECT * FROM staff").fetchall())
    assert "369258" not in everything and "H9WD" not in everything


def test_the_same_store_is_loaded_once_and_a_changed_one_again(empty, store):
    assert load_store(empty, store, "EUR")
    assert not load_store(empty, store, "EUR")
    before = empty.price_version
    items = store / "items.csv"
    items.write_text(items.read_text("utf-8").replace("fruit,kg,179", "fruit,kg,199"), "utf-8")
    assert load_store(empty, store, "EUR")
    bananas = empty.by_plu("4011")
    assert bananas is not None and bananas.price.minor == 199
    assert bananas.price_version == empty.price_version != before


def test_a_loaded_catalogue_is_there_after_a_restart(tmp_path):
    first = SqliteCatalogue(tmp_path / "cache.db", KEY)
    generate(first, 2000)
    first.close()
    second = SqliteCatalogue(tmp_path / "cache.db", KEY)
    assert not generate(second, 2000)
    assert len(second.in_category("", 50)) == 10
    second.close()


def test_look_ups_go_on_while_another_catalogue_is_loaded_and_swapped(empty):
    generate(empty, 5000)
    stem = "952000000700"
    gtin = f"0{stem}{check_digit(stem)}"
    old = empty.by_gtin(gtin)
    assert old is not None
    seen, failed, over = set(), [], threading.Event()

    def sell() -> None:
        while not over.is_set():
            try:
                item = empty.by_gtin(gtin)
                seen.add(item.price_version if item else "lost")
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not happen
                failed.append(error)

    seller = threading.Thread(target=sell)
    seller.start()
    for size in (20_000, 10_000, 15_000):
        generate(empty, size)
    over.set()
    seller.join()
    assert failed == []
    assert "lost" not in seen
    assert old.price_version in seen
    assert empty.by_gtin(gtin).price_version == "generated:15000:EUR"


def test_a_load_that_fails_leaves_what_is_in_use(empty):
    generate(empty, 1000)
    same = StoredItem(1, {"en": "x"}, "c", "piece", 1, "t", "p")
    with pytest.raises(JournalError, match="UNIQUE"):
        load(empty, Edition("EUR", "v", "s", ("en",), [same, same]))
    assert empty.edition == "generated:1000:EUR"
    assert len(empty.search("apple", "en", 5)) == 5


@pytest.mark.parametrize(
    "change",
    [
        ("items.csv", "fruit,kg,179", "fruit,kg,1.79", r"items\.csv:2: price_minor is '1\.79'"),
        ("items.csv", "fruit,kg,179", "fruit,stone,179", r"items\.csv:2: unit is 'stone'; allowed: piece, kg"),
        ("items.csv", "fruit,kg,179", "frut,kg,179", r"items\.csv:2: category 'frut' is not in categories"),
        (
            "items.csv",
            "09526001040018",
            "09526001040017",
            r"items\.csv:\d+: gtin 09526001040017 has a wrong check digit; it would be 8",
        ),
        ("items.csv", ",4011,,", ",4011,05001,", r"items\.csv:2: exactly one of"),
        ("items.csv", ",94011,,", ",4011,,", r"items\.csv: article 2 .* occurs before"),
        ("items.csv", ',"Bananas, loose"', ",Bananas, loose", r"items\.csv:2: not 14 columns"),
        ("items.csv", "price_minor", "price", r"items\.csv:1: there is no column 'price_minor'"),
        ("recalls.csv", "2026-11-14", "14.11.2026", r"recalls\.csv:2: "),
        ("vouchers.csv", "deposit-return,325", "cash,325", r"vouchers\.csv:2: kind is 'cash'"),
        ("promotions.toml", "pay = 2", "pay = 7", r"promotions\.toml:\d+: .*0 < pay < n"),
        ("promotions.toml", "[[promotion]]", "[[promotion", r"promotions\.toml: .*line"),
        ("staff.toml", 'pin = "2580"', 'pin = "12"', r"staff\.toml:4: pin is not 4 to 12 digits"),
        ("staff.toml", 'role = "attendant"\n', "", r"staff\.toml:4: this \[\[staff\]\] has no 'role'"),
    ],
)
def test_a_wrong_line_of_a_store_is_named(empty, store, change):
    name, old, new, said = change
    path = store / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(StoreFileError, match=said):
        load_store(empty, store, "EUR")
    assert empty.edition == ""


def test_an_article_in_a_tax_class_that_the_site_does_not_have_is_named_before_it_is_scanned(empty, store):
    with pytest.raises(StoreFileError, match=r"items\.csv:\d+: tax is 'reduced'; allowed .*: standard, zero"):
        load_store(empty, store, "EUR", ("zero", "standard"))
    assert load_store(empty, store, "EUR", ("zero", "standard", "reduced"))


def test_a_store_without_a_file_or_in_another_encoding_is_named(empty, store):
    (store / "items.csv").write_bytes((store / "items.csv").read_bytes().replace("Ä".encode(), b"\xc4", 1))
    with pytest.raises(StoreFileError, match=r"items\.csv:\d+: not UTF-8"):
        load_store(empty, store, "EUR")
    (store / "items.csv").unlink()
    with pytest.raises(StoreFileError, match=r"items\.csv cannot be read"):
        load_store(empty, store, "EUR")


def test_made_up_articles_have_valid_numbers(empty):
    generate(empty, 1000)
    for item in empty.search("milk", "en"):
        assert item.plu or check_digit(item.gtin[:-1]) == item.gtin[-1]
