"""The bench: what a hand does there reaches the far sides of real wires, and what they do is seen there."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from devices.terminals.zvt import ZvtTerminal
from devices.transport import open_transport
from devices.virtual.payment_settings import Fault
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, Result
from kiosk.ports import TerminalMessage
from tests.contract.wires import eventually
from tests.ui.bench_table import SLEEPER, Table, everything, soon
from ui.bench import typeinfo
from ui.bench.process import KioskProcess, kiosk_command, kiosk_environment
from ui.bench.shelf import ShelfError, read_shelf, typed_data

RUN = f"""
import sys
from pathlib import Path
import ui.bench.window as window
from kiosk.configuration import load
window.kiosk_command = lambda *_: [sys.executable, "-c", {SLEEPER!r}]
status = window.run_bench(load(None), None, Path(sys.argv[1]))
sys.exit(status or any(name.startswith("kiosk.storage") for name in sys.modules))
"""
ROOT = Path(__file__).resolve().parents[2]


def test_a_thing_touched_on_the_shelf_arrives_at_whoever_reads_the_scanner(table: Table, qtbot: QtBot) -> None:
    assert table.sides.scanner is not None
    reader = open_transport(table.sides.scanner.url)
    came = bytearray()

    def arrived(frame: bytes) -> bool:
        came.extend(reader.read(256, 20))
        return bytes(came) == frame

    table.press("Whole milk")
    soon(qtbot, lambda: arrived(b"]E09526001040018\r"))
    came.clear()
    table.bench.scanner.scanTyped(r"]C10195260010\x1d17\n")
    soon(qtbot, lambda: arrived(b"]C10195260010\x1d17\n\r"))
    reader.close()


def test_a_scan_without_its_cable_says_so_and_works_again_when_plugged(table: Table, qtbot: QtBot) -> None:
    scanner = table.bench.scanner
    scanner.togglePlug()
    scanner.scan("milk")
    soon(qtbot, lambda: scanner.notice == "scanner-unplugged")
    scanner.togglePlug()
    assert scanner.notice == ""
    assert table.sides.scanner is not None
    reader = open_transport(table.sides.scanner.url)
    scanner.scan("milk")
    soon(qtbot, lambda: reader.read(256, 20).startswith(b"]E0952"))
    reader.close()


def test_the_paper_is_seen_coming_out_and_is_kept_when_torn_off(table: Table, qtbot: QtBot) -> None:
    assert table.sides.printer is not None
    host, _, port = table.sides.printer.url.removeprefix("tcp:").partition(":")
    printer = table.bench.printer
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"Hofmarkt\nMilk 1.29\n" * 10)
        soon(qtbot, lambda: printer.roll != "" and printer.rollDotsHigh > 400)
        assert len(printer.papers.rows) == 0
        line.sendall(b"\x1dV\x00")
        soon(qtbot, lambda: len(printer.papers.rows) == 1)
    paper = printer.papers.rows[0]
    assert "Milk 1.29" in paper.words
    assert printer.images.requestImage(paper.picture.removeprefix("image://paper/"), QSize(), QSize()).height() > 400
    soon(qtbot, lambda: printer.roll == "")


def test_a_switch_of_the_printer_breaks_it_and_mends_it(table: Table, qtbot: QtBot) -> None:
    assert table.sides.printer is not None
    host, _, port = table.sides.printer.url.removeprefix("tcp:").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:

        def paper_sensor() -> int:
            line.sendall(b"\x10\x04\x04")
            return line.recv(1)[0]

        assert paper_sensor() == 0x12
        table.bench.printer.toggle("paper-out")
        assert paper_sensor() == 0x7E
        assert table.bench.printer.faulty
        table.bench.printer.toggle("paper-out")
        assert paper_sensor() == 0x12
        assert not table.bench.printer.faulty


class Till:
    """A register that keeps every approval."""

    def __init__(self, driver: ZvtTerminal) -> None:
        self._driver = driver
        self.outcome: Outcome | None = None

    def pay(self, minor: int) -> threading.Thread:
        def authorise() -> None:
            self.outcome = self._driver.authorise("ref-1", Money(minor, "EUR"), self)

        paying = threading.Thread(target=authorise, daemon=True)
        paying.start()
        return paying

    def progress(self, message: TerminalMessage) -> None:
        """What the terminal says is looked at on the bench."""

    def approved(self, outcome: Outcome) -> None:
        threading.Timer(0.01, self._driver.decide, kwargs={"keep": True}).start()


def till(table: Table) -> Till:
    assert table.sides.payment is not None
    return Till(ZvtTerminal(table.sides.payment.url, check_s=0))


def test_a_card_and_a_pin_at_the_bench_pay_what_the_register_asks_for(table: Table, qtbot: QtBot) -> None:
    payment, register = table.bench.payment, till(table)
    paying = register.pay(6200)
    soon(qtbot, lambda: payment.prompt == "card" and payment.amountMinor == 6200)
    table.press("Insert")
    table.press("Girocard")
    soon(qtbot, lambda: payment.prompt == "pin")
    for key in "99":
        table.press(key)
    assert payment.pinLength == 2
    table.press("←")
    assert payment.pinLength == 0
    for key in "1234✓":
        table.press(key)
    soon(qtbot, lambda: payment.prompt == "remove-card")
    assert payment.cardIn
    table.press("Take it out")
    soon(qtbot, lambda: not paying.is_alive())
    assert register.outcome is not None
    assert register.outcome.result is Result.APPROVED
    soon(qtbot, lambda: [row.kind for row in payment.ledger.rows] == ["capture", "authorisation"])
    soon(qtbot, lambda: payment.prompt == "idle")


def test_the_red_key_ends_the_payment(table: Table, qtbot: QtBot) -> None:
    payment, register = table.bench.payment, till(table)
    paying = register.pay(1200)
    soon(qtbot, lambda: payment.prompt == "card")
    table.press("✕")
    soon(qtbot, lambda: not paying.is_alive())
    assert register.outcome is not None
    assert register.outcome.result is Result.CANCELLED
    assert payment.ledger.rows == ()


def test_a_fault_is_armed_shown_and_taken_back(table: Table) -> None:
    payment, terminal = table.bench.payment, table.sides.payment
    assert terminal is not None
    payment.toggleFault("approval-lost")
    assert terminal.display.armed == {Fault.APPROVAL_LOST}
    assert [row.key for row in payment.faults.rows if row.chosen] == ["approval-lost"]
    payment.toggleFault("approval-lost")
    assert terminal.display.armed == frozenset()
    assert not payment.faulty


def test_the_plug_kills_the_terminal_at_once_and_power_brings_it_back(table: Table, qtbot: QtBot) -> None:
    power = table.power
    table.press("Power on")
    soon(qtbot, lambda: power.running and "up" in table.log.read_text())
    first = power.pid
    table.press("Pull the plug")
    soon(qtbot, lambda: power.state == "cut")
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert "asked" not in table.log.read_text()
    table.press("Power on")
    soon(qtbot, lambda: power.running and table.log.read_text().count("up") == 2)
    second = power.pid
    assert second != first
    power.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    assert table.log.read_text().endswith("asked to end\n")


def test_the_bench_ends_with_its_terminal_and_never_loads_the_books(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "kiosk.log"
    bench = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path)], cwd=ROOT)
    try:
        eventually(lambda: log.exists() and log.read_text().startswith("up"), "the terminal runs")
        terminal = int(log.read_text().split()[1])
        assert (tmp_path / "virtual").is_dir()
        bench.send_signal(signal.SIGTERM)
        assert bench.wait(30) == 0
    finally:
        bench.kill()
    with pytest.raises(ProcessLookupError):
        os.kill(terminal, 0)
    assert log.read_text().endswith("asked to end\n")


def test_a_terminal_that_ends_by_itself_tells_its_last_words(qapp: QObject, tmp_path: Path, qtbot: QtBot) -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('kiosk: the <b>books</b> are\\x1b open elsewhere')"]
    power = KioskProcess(failing, {}, tmp_path / "logs" / "kiosk.log")
    power.powerOn()
    soon(qtbot, lambda: power.state == "failed")
    assert power.lastLine == "kiosk: the <b>books</b> are open elsewhere"
    power.stop()


def test_the_terminal_is_told_where_its_devices_are(qapp: QObject, tmp_path: Path, qtbot: QtBot) -> None:
    ask = "import os; print(os.environ['KIOSK__DEVICES__PRINTER__TRANSPORT'], os.environ['KIOSK__PANEL__FULLSCREEN'])"
    environment = kiosk_environment({"printer": "tcp:127.0.0.1:9"})
    power = KioskProcess([sys.executable, "-c", ask], environment, tmp_path / "kiosk.log")
    power.powerOn()
    soon(qtbot, lambda: power.state == "off" and (tmp_path / "kiosk.log").exists() and not power.running)
    soon(qtbot, lambda: (tmp_path / "kiosk.log").read_text() == "tcp:127.0.0.1:9 false\n")
    power.stop()
    command = kiosk_command(Path("site.toml"), tmp_path)
    assert command[3:5] == ["run", "--no-bench"]
    assert Path(command[-1]).is_absolute()


def test_the_bench_changes_its_language_with_all_its_words(table: Table) -> None:
    table.bench.speak("de")
    labels = {item.property("label") for item in everything(table.window.root())} - {None}
    assert {"Vollmilch", "Einschalten", "Einstecken", "Mastercard"} <= labels
    texts = [str(item.property("text")) for item in everything(table.window.root())]
    assert not [text for text in texts if "[bench" in text]


def test_every_key_of_the_bench_has_a_name_and_is_reached_by_tab(table: Table, qtbot: QtBot) -> None:
    table.window.view.requestActivate()
    soon(qtbot, table.window.view.isActive)
    wanted = {
        str(item.property("spoken"))
        for item in everything(table.window.root())
        if item.property("spoken") and item.isVisible() and item.isEnabled()
    }
    reached: set[str] = set()
    for _ in range(200):
        QTest.keyClick(table.window.view, Qt.Key.Key_Tab)
        focused = table.window.view.activeFocusItem()
        reached.add(str(focused.property("spoken")) if focused is not None else "")
    assert wanted <= reached
    assert "" not in wanted


def test_the_description_of_the_types_is_up_to_date() -> None:
    made = "import sys; from ui.bench import typeinfo; sys.stdout.write(typeinfo.description())"
    done = subprocess.run(
        [sys.executable, "-c", made],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert typeinfo.DESCRIPTION.read_text(encoding="utf-8") == done.stdout


def test_escapes_that_are_typed_become_their_bytes() -> None:
    assert typed_data(r"a\x1d\n\\x1d\q ü") == b"a\x1d\n\\x1d\\q \xc3\xbc"


def test_a_shelf_that_is_wrong_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "shelf.toml"
    with pytest.raises(ShelfError, match=r"shelf\.toml cannot be read"):
        read_shelf(path)
    path.write_text('[[thing]]\nid = "milk"\n')
    with pytest.raises(ShelfError, match=r"shelf\.toml is wrong \('group'\)"):
        read_shelf(path)
