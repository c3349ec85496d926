"""What may not be possible, tried on the whole terminal: hostile names, card numbers, codes that are commands, floods."""

from __future__ import annotations

import csv
import shutil
import threading
from pathlib import Path

import pytest

from devices.virtual.escpos_stream import Command, Tokenizer
from devices.virtual.payment_cards import CARDS, Entry
from kiosk.domain.facts import Kind
from kiosk.storage.database import open_reader
from kiosk.storage.key import load_key
from tests.e2e.command import PROJECT, kiosk
from tests.e2e.lane import Lane, Terminal
from tests.e2e.shop_floor import ShopFloor
from tests.e2e.wiretap import Wiretap
from ui.tour.visit import BREAD, MILK, Visit

FETCH = "<img src='http://127.0.0.1:9/x.png'><b>bold</b>"
COMMANDS = "\x1bp\x00\x19\xfa\x1dV\x00\x1b@\x1d(k\x03\x00\x31\x51\x30\x10\x14\x01\x00\x05\x9bC1"
HOSTILE = [
    FETCH,
    "\u202egnp.exe \u2066",
    "W" * 500,
    "one\ntwo\r\nthree\ttab",
    COMMANDS,
    "{0} %s {item} %(item)s",
    "\u0000nul",
]


def hostile_store(directory: Path, names: list[str]) -> Path:
    """The demo store, its articles, offers and staff under these names."""
    shutil.copytree(PROJECT / "assets" / "store", directory)
    items = directory / "items.csv"
    with items.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for at, row in enumerate(rows):
        row["name_en"] = row["name_de"] = f"{names[at % len(names)]} {row['gtin'] or row['plu'] or row['item_ref']}"
    with items.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    offers = directory / "promotions.toml"
    offers.write_text(
        offers.read_text("utf-8").replace('label_en = "', "label_en = \"<img src='http://127.0.0.1:9/l.png'>"), "utf-8"
    )
    return directory


def shop_and_print(lane: Lane, terminal: Terminal, codes: list[str]) -> None:
    """These articles, paid by card, and the receipt on paper."""
    terminal.is_ready()
    for number, code in enumerate(codes, start=1):
        lane.scanner.scan(code)
        terminal.wait(lambda now, number=number: now["items"] == number, f"{number} articles in the basket")
    terminal.do("action.produce")
    terminal.wait_for_step("picker")
    terminal.do("action.back-to-basket")
    terminal.wait_for_step("basket")
    terminal.do("action.pay")
    terminal.wait(lambda now: now["message"] == "insert-card", "a card to be asked for")
    lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
    terminal.wait_for_step("receipt-choice")
    terminal.do("action.print")
    terminal.wait_for_step("thanks")


def commands_of(data: bytes) -> set[bytes]:
    """The names of all ESC/POS commands in what was sent to a printer."""
    tokens = Tokenizer()
    tokens.feed(data)
    found = set()
    while (token := tokens.next()) is not None:
        if isinstance(token, Command):
            assert token.known, str(token)
            found.add(token.name)
    return found


def test_hostile_names_are_only_ever_words_on_screen_paper_and_in_the_books(tmp_path: Path) -> None:
    with (PROJECT / "assets" / "store" / "items.csv").open(encoding="utf-8", newline="") as file:
        sold = [row["gtin"][-13:] for row in csv.DictReader(file) if row["gtin"] and row["min_age"] == "0"][:14]
    sent = []
    for name, store in (("kind", None), ("hostile", hostile_store(tmp_path / "store", HOSTILE))):
        (tmp_path / name).mkdir()
        with Lane(tmp_path / name) as lane, Wiretap(lane.printer.url) as printer_wire:
            variables = {"KIOSK__DEVICES__PRINTER__TRANSPORT": printer_wire.url}
            with lane.terminal(**variables, **({"KIOSK__DATA__STORE": str(store)} if store else {})) as terminal:
                shop_and_print(lane, terminal, sold)
                assert terminal.now["fetched"] == []
                assert terminal.end() == 0
            assert lane.printer.drawer_pulses == 0
            assert len(lane.printer.papers) == 1
            sent.append(commands_of(bytes(printer_wire.sent)))
            (sale,) = (entry["body"] for entry in lane.entries() if entry["kind"] == "sale.completed")
            assert (FETCH in sale["lines"][0]["name"]) == (name == "hostile")
            assert "127.0.0.1:9" not in lane.log.read_text("utf-8", "replace")
    kind, hostile = sent
    # A name in another script is drawn: GS v 0 or GS ( L may come on top, and nothing else.
    assert hostile - kind <= {b"\x1dv", b"\x1dv0", b"\x1d(L", b"\x1d8L", b"\x1b*"}, hostile - kind


def test_card_numbers_that_a_careless_terminal_tells_stand_nowhere_afterwards(tmp_path: Path) -> None:
    cards = [CARDS[name] for name in ("visa", "mastercard")]

    def careless(data: bytes) -> bytes:
        for card in cards:
            data = data.replace(b"\xee" * 6 + bytes.fromhex(card.last4), bytes.fromhex(card.pan))
            data = data.replace(b"#" * 12 + card.last4.encode(), card.pan.encode())
        return data

    with Lane(tmp_path) as lane, Wiretap(lane.payment.url, careless) as wire:
        with lane.terminal(KIOSK__DEVICES__PAYMENT__TRANSPORT=wire.url) as terminal:
            terminal.is_ready()
            for card in cards:
                lane.scanner.scan(MILK)
                terminal.wait(lambda now: now["items"] == 1, "the milk")
                terminal.do("action.pay")
                terminal.wait(lambda now: now["message"] == "insert-card", "a card to be asked for")
                lane.payment.present_card(card, Entry.TAPPED)
                terminal.wait_for_step("receipt-choice")
                terminal.do("action.print")
                terminal.wait_for_step("thanks")
                terminal.do("action.done")
                terminal.wait_for_step("attract")
            assert terminal.end() == 0
        told, papers = bytes(wire.told), "".join(paper.text for paper in lane.printer.papers)
        everything = {
            "the log": lane.log.read_bytes(),
            "the receipts": papers.encode(),
            "the journal": plain(lane.data, "journal.db"),
            "the catalogue": plain(lane.data, "cache.db"),
            **{str(path): path.read_bytes() for path in lane.data.rglob("*") if path.is_file()},
        }
        for card in cards:
            assert card.pan.encode() in told, "the wire never told the number: nothing was tested"
            assert bytes.fromhex(card.pan) in told
            assert card.last4 in papers
            for where, content in everything.items():
                assert card.pan.encode() not in content, where
                assert bytes.fromhex(card.pan) not in content, where
                assert card.pan[:12].encode() not in content, where


def plain(data: Path, name: str) -> bytes:
    """Everything that an encrypted file holds, decrypted."""
    connection = open_reader(data / name, load_key(data / "key"))
    try:
        listed = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = [name for name, sql in listed if "VIRTUAL" not in sql]  # what those find stands in tables of their own
        cells = (cell for table in tables for row in connection.execute(f"SELECT * FROM {table}") for cell in row)  # noqa: S608 - names of our own
        return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)
    finally:
        connection.close()


# --- the scanner -----------------------------------------------------------------------------------------------------------

PROGRAMMING = [
    b"\x1b",
    b"\x03",
    b"\x1b[A\x1b[B",
    b"\x1bOP",
    b"\x11\x13",
    b"\x04",
    b"$P\r$+$!\r",
    b"]C1\x1d\x1d\x1d",
    b"\xf0\xf1\xf2\xf3\xf4",
    b"Alt+F4",
    b"\x1b\x1b\x1b[24~",
    b"../../etc/passwd",
    b"'; DROP TABLE entry;--",
    b"%s%n{0}",
    b"file:///etc/passwd",
    b"javascript:alert(1)",
]


@pytest.mark.parametrize("payload", PROGRAMMING, ids=repr)
def test_a_code_that_is_a_command_is_only_a_code_that_nobody_knows(
    visit: Visit, shop_floor: ShopFloor, payload: bytes
) -> None:
    before = len(shop_floor.entries())
    assert shop_floor.far.scanner is not None
    shop_floor.far.scanner.send(b"]C0" + payload + b"\r")
    visit.scan_item(MILK)  # in order: when it lies in the basket, the payload has been dealt with
    assert visit.session.basket.item_count == 1
    assert visit.session.overlay == ""
    assert visit.hands.step == "basket"
    assert visit.kiosk.window.view.isVisible()
    assert len(shop_floor.entries()) == before


def test_a_megabyte_without_an_end_and_a_thousand_scans_lose_nothing(visit: Visit, shop_floor: ShopFloor) -> None:
    scanner = shop_floor.far.scanner
    assert scanner is not None
    codes = [MILK, BREAD] * 45

    def shoot() -> None:
        scanner.send(b"9" * 1_000_000 + b"\r")
        for _ in range(10):
            scanner.send(b"".join(b"]E0" + code.encode() + b"\r" for code in codes))
            scanner.send(b"]E0no article\r" * 10)

    gunner = threading.Thread(target=shoot)
    gunner.start()
    heaviest_kb = rss_kb()
    try:
        visit.hands.wait(lambda: not gunner.is_alive(), "the scanner to be heard out", 90)
        visit.scan("9526001010295")
        visit.hands.wait(
            lambda: any(line.item.gtin.endswith("9526001010295") for line in visit.session.basket.lines), "the last", 60
        )
    finally:
        gunner.join(30)
    # 450 of each were scanned, 99 of a line may be bought: the terminal said so of each of the others.
    counts = {line.item.gtin[-13:]: line.quantity.count for line in visit.session.basket.lines}
    assert counts == {MILK: 99, BREAD: 99, "9526001010295": 1}
    assert rss_kb() - heaviest_kb < 60_000


def rss_kb() -> int:
    """What this process holds in memory."""
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


# --- the books -------------------------------------------------------------------------------------------------------------


def test_an_edited_entry_is_named(tmp_path: Path) -> None:
    from kiosk.storage.database import Durability, open_writer

    with Lane(tmp_path) as lane, lane.terminal() as terminal:
        terminal.is_ready()
        lane.scanner.scan(MILK)
        terminal.wait(lambda now: now["items"] == 1, "the milk")
        terminal.do("screen.basket.more", "action.empty-basket", "screen.more.yes")
        terminal.wait_for_step("attract")
        assert terminal.end() == 0
    assert lane.kinds() == ["terminal.started", Kind.SALE_VOIDED]
    connection = open_writer(lane.data / "journal.db", load_key(lane.data / "key"), Durability.MONEY)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entry'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE entry SET body = replace(body, '129', '1') WHERE seq = 2")
    connection.close()
    verified = kiosk("journal", "verify", "--data", lane.data)
    assert verified.returncode == 1
    assert b"2" in verified.stdout + verified.stderr
