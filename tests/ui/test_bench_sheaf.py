"""The sheaf on the bench: a bill or a card that is touched goes over its real wire, and what only a holder knows is shown."""

from __future__ import annotations

import socket
from pathlib import Path

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from devices.cards.magstripe import SerialMagstripe
from devices.transport import open_transport
from devices.virtual.chip_card import VirtualChipCard
from kiosk.configuration import load
from kiosk.configuration.rules import card_layouts
from kiosk.domain.account import Holder as Known
from kiosk.domain.account import IdentifiedBy
from kiosk.ports import CardRefused, CardShown
from sync.central.accounts.demo_core import DemoCore
from sync.central.accounts.demo_file import read_accounts
from tests.ui.bench_table import DAY, LENA, START, TOM, WITHIN_MS, Table, soon
from ui.bench.bills import sheaf
from ui.bench.holders import code_now, read_holders, sent_code
from ui.bench.sheaf import SheafBench
from ui.bench.window import ASSETS


def test_a_bill_and_a_card_s_code_touched_in_the_sheaf_arrive_at_whoever_reads_the_scanner(
    table: Table, qtbot: QtBot
) -> None:
    assert table.sides.scanner is not None
    reader = open_transport(table.sides.scanner.url)
    came = bytearray()

    def arrived(frame: bytes) -> bool:
        came.extend(reader.read(256, 20))
        return bytes(came) == frame

    table.press("Bills")
    table.press("Finnish bar code")
    bill = next(one for one in sheaf(DAY, START) if one.id == "fi-barcode")
    soon(qtbot, lambda: arrived(b"]C0" + bill.data + b"\r"))
    came.clear()
    table.bench.sheaf.scanCard("lena")
    soon(qtbot, lambda: arrived(b"]C0ACC-9276100000014\r"))
    reader.close()


def test_cards_touched_in_the_sheaf_are_swiped_and_a_payment_card_is_dropped(table: Table, qtbot: QtBot) -> None:
    assert table.sides.card is not None
    reader = SerialMagstripe(table.sides.card.url)
    reader.know(card_layouts(load(environment={})))
    reader.connect()
    table.press("Cards")
    table.press("Swipe")
    assert reader.read(WITHIN_MS) == CardShown(Known(IdentifiedBy.CARD, LENA.card, "tern-member"))
    table.press("Payment card")
    assert reader.read(WITHIN_MS) == CardRefused("payment-card")
    table.bench.sheaf.showOther("wrong-digit")
    assert reader.read(WITHIN_MS) == CardRefused("not-readable")
    table.bench.sheaf.togglePlug()
    table.bench.sheaf.swipeCard("lena")
    soon(qtbot, lambda: table.bench.sheaf.notice == "reader-unplugged")
    reader.close()


def test_the_bench_shows_what_only_the_holder_knows(table: Table) -> None:
    assert [(row.name, row.pin, row.isSent) for row in table.bench.sheaf.holders.rows] == [
        ("Lena Hartwig", "4711", False),
        ("Tomasz Wieczorek", "8093", True),
    ]
    # RFC 6238, appendix B, the last six of its eight digits.
    assert [code_now(LENA.secret, at_s) for at_s in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_a_code_that_the_centre_sent_is_shown_as_on_the_holder_s_telephone(qapp: QObject, tmp_path: Path) -> None:
    core = tmp_path / "demo-core.db"
    shown = SheafBench(None, None, (), (TOM,), sent=lambda holder: sent_code(core, holder))
    assert [row.code for row in shown.holders.rows] == [""]
    holders = read_accounts(ASSETS / "store" / "accounts.toml")
    sender = next(one for one in holders if one.sms)
    DemoCore(core, holders, "EUR").send_code(sender.id, "424242")
    assert sent_code(core, sender.id) == "424242"
    assert sent_code(core, "nobody") == ""
    shown.close()


def test_without_holders_the_bench_has_none_to_show(tmp_path: Path) -> None:
    assert read_holders(tmp_path / "none.toml") == ()
    (tmp_path / "wrong.toml").write_text("[[account]]\ncards = ['1']\n")
    assert read_holders(tmp_path / "wrong.toml") == ()


def test_a_chip_on_the_bench_is_put_in_and_taken_out_and_a_missing_reader_is_said(qapp: QObject) -> None:
    with socket.create_server(("127.0.0.1", 0)) as vpcd:
        chip = VirtualChipCard(vpcd.getsockname()[1])
        sheaf_bench = SheafBench(None, None, (), (LENA,), chip=chip)
        sheaf_bench.insertCard("lena")
        with vpcd.accept()[0] as line:
            assert sheaf_bench.inside == "lena"
            line.sendall(b"\x00\x01\x04")
            assert line.recv(64)[2:3] == b"\x3b"  # an ATR
            sheaf_bench.insertCard("lena")
            assert (sheaf_bench.inside, line.recv(64)) == ("", b"")
    sheaf_bench.showOther("payment")
    assert (sheaf_bench.inside, sheaf_bench.notice) == ("", "no-chip-reader")
    sheaf_bench.close()
