"""The ESC/POS driver against the virtual printer, over a real socket and a real pseudo-terminal, with every fault."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp

from devices.printers import escpos_printer
from devices.printers.escpos_answers import Answers, Status
from devices.printers.escpos_encoding import encode
from devices.printers.escpos_printer import EscposPrinter
from devices.printers.paper_format import PaperFormat
from devices.supervisor import Backoff, Supervisor
from devices.transport import Transport, open_transport
from devices.virtual.paper import Paper
from devices.virtual.printer import Fault, VirtualPrinter, serve_printer
from devices.virtual.pty_port import PtyPort
from kiosk.ports import (
    Align,
    DeviceUnavailableError,
    Health,
    HealthState,
    PrintCode,
    PrintColumns,
    PrintFeed,
    PrintJob,
    PrintOutcome,
    PrintResult,
    PrintRule,
    PrintText,
)
from tests.contract.wires import eventually, nothing_left_behind

READY = Health(HealthState.READY)
PRINTED = PrintResult(PrintOutcome.PRINTED)
LINK = "https://example.org/r/1?sum=16,08€".encode()
RECEIPT = PrintJob(
    "sale-1",
    (
        PrintText("TERN MARKT", Align.CENTRE, bold=True, scale=2),
        PrintText("Königstraße 1", Align.CENTRE),
        PrintRule(),
        PrintColumns("Milch 3,5 % 1 L", "1,09 €"),
        PrintColumns("Ein Name, der länger ist als jede Zeile dieses Bons", "12,99 €"),
        PrintColumns("Žluťoučký kůň ✓", "2,00 €"),
        PrintRule(),
        PrintColumns("SUMME", "16,08 €", bold=True, scale=2),
        PrintText(" KOPIE ", Align.CENTRE, inverse=True),
        PrintFeed(1),
        PrintCode("qr", LINK.decode()),
        PrintCode("code128", "4711000123"),
        PrintText("Danke!", Align.RIGHT),
    ),
)
RECEIPT_TEXT = (Path(__file__).parents[1] / "golden" / "printed_receipt.txt").read_text("utf-8")


def codes_on(paper: Paper) -> set[bytes]:
    return {code.bytes for code in zxingcpp.read_barcodes(paper.image)}


def reconnects(driver: EscposPrinter) -> bool:
    try:
        return driver.connect() == READY
    except DeviceUnavailableError:
        return False


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with nothing_left_behind():
        yield


@pytest.fixture(params=["tcp", "serial"])
def printer(request: pytest.FixtureRequest) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(port=0 if request.param == "tcp" else None) as far:
        yield far


@pytest.fixture
def driver(printer: VirtualPrinter) -> Iterator[EscposPrinter]:
    near = EscposPrinter(printer.url, answer_timeout_ms=300, proof_timeout_ms=3000)
    assert near.connect() == READY
    yield near
    near.close()


def test_a_receipt_comes_out_as_it_was_meant_and_proven(printer: VirtualPrinter, driver: EscposPrinter) -> None:
    assert driver.print(RECEIPT) == PRINTED
    (paper,) = printer.papers
    assert paper.text == RECEIPT_TEXT
    assert codes_on(paper) == {LINK, b"4711000123"}


@pytest.mark.parametrize(
    "options",
    [
        {"proof": "status"},
        {"qr": "raster"},
        {"cut": "full"},
        {"code_page": "cp1252"},
        {"code_page": "cp437", "columns": 42, "dots": 512},
        {"columns": 32, "dots": 384},
    ],
    ids=str,
)
def test_every_setting_gives_a_proven_receipt(printer: VirtualPrinter, options: dict[str, object]) -> None:
    near = EscposPrinter(printer.url, **options)  # type: ignore[arg-type]  # the options come from a test's table
    assert near.connect() == READY
    assert near.print(RECEIPT) == PRINTED
    near.close()
    (paper,) = printer.papers
    assert "Danke!" in paper.text
    assert LINK in codes_on(paper)


def test_two_receipts_are_two_papers(printer: VirtualPrinter, driver: EscposPrinter) -> None:
    assert [driver.print(RECEIPT), driver.print(RECEIPT)] == [PRINTED, PRINTED]
    assert [paper.text for paper in printer.papers] == [RECEIPT_TEXT] * 2


@pytest.mark.parametrize(
    ("fault", "health"),
    [
        (Fault.PAPER_LOW, Health(HealthState.DEGRADED, "paper-low")),
        (Fault.PAPER_OUT, Health(HealthState.FAULT, "paper-out")),
        (Fault.COVER_OPEN, Health(HealthState.FAULT, "cover-open")),
        (Fault.DEAF, Health(HealthState.FAULT, "no-answer")),
        (Fault.GARBLED, Health(HealthState.FAULT, "no-answer")),
    ],
)
def test_a_fault_is_known_before_printing_and_its_end_too(
    printer: VirtualPrinter, driver: EscposPrinter, fault: Fault, health: Health
) -> None:
    printer.set_fault(fault)
    assert driver.watch() == health
    result = driver.print(RECEIPT)
    if health.state is HealthState.FAULT:
        assert result == PrintResult(PrintOutcome.NOT_PRINTED, health.reason)
        assert printer.lines_printed == 0
    else:
        assert result == PRINTED
    printer.set_fault(fault, on=False)
    assert driver.watch() == READY


@pytest.mark.parametrize("how", ["paper-out", "cover-open", "cutter-jam"])
def test_what_stops_in_the_middle_is_unknown_and_never_comes_out_later(
    printer: VirtualPrinter, driver: EscposPrinter, how: str
) -> None:
    fault = Fault(how)
    if fault is Fault.PAPER_OUT:
        printer.paper_out_after(3)
    elif fault is Fault.COVER_OPEN:
        printer.ms_per_line = 100
        threading.Timer(0.25, printer.set_fault, (fault,)).start()
    else:
        printer.set_fault(fault)
    assert driver.print(RECEIPT) == PrintResult(PrintOutcome.UNKNOWN, how)
    printer.ms_per_line = 0
    assert driver.watch() == Health(HealthState.FAULT, how)
    assert driver.print(RECEIPT) == PrintResult(PrintOutcome.NOT_PRINTED, how)
    printer.set_fault(fault, on=False)
    assert driver.watch() == READY
    assert driver.print(RECEIPT) == PRINTED
    # The first one's beginning hangs out of the printer; its rest was cleared.
    assert "".join(paper.text for paper in printer.papers).count("Danke!") == (2 if fault is Fault.CUTTER_JAM else 1)


_JOB = encode(RECEIPT, PaperFormat(48, 576, "cp858", "native", "partial"))
_QUESTIONS = 4 * 3  # bytes that ask how the printer is, before the job
_IN_AN_IMAGE = _QUESTIONS + _JOB.index(b"\x1dv0") + 100


@pytest.mark.parametrize("after", [3, 30, _IN_AN_IMAGE, 1000])
def test_a_line_cut_in_the_middle_is_unknown_and_the_next_receipt_is_whole(
    printer: VirtualPrinter, driver: EscposPrinter, after: int
) -> None:
    printer.cut_line_after(after)
    result = driver.print(RECEIPT)
    # The first bytes are the question how it is: then nothing of the job had gone out.
    assert result == PrintResult(PrintOutcome.NOT_PRINTED if after == 3 else PrintOutcome.UNKNOWN, "line-lost")
    with pytest.raises(DeviceUnavailableError):
        driver.watch()
    eventually(lambda: reconnects(driver))
    assert driver.print(RECEIPT) == PRINTED
    assert printer.papers[-1].text.endswith(RECEIPT_TEXT)


def test_a_line_cut_while_a_long_receipt_is_sent_is_unknown(printer: VirtualPrinter, driver: EscposPrinter) -> None:
    printer.cut_line_after(50_000)
    drawn = PrintJob("long", (PrintText("Žluťoučký kůň úpěl ďábelské ódy"),) * 200)
    assert driver.print(drawn) == PrintResult(PrintOutcome.UNKNOWN, "line-lost")


def test_a_printer_that_takes_no_more_is_unknown_and_reconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escpos_printer, "_STALLED_MS", 200)
    port = PtyPort("printer")
    far = threading.Thread(target=_answer_eight_questions, args=(port.line,))
    far.start()
    near = EscposPrinter(port.url)
    assert near.connect() == READY
    drawn = PrintJob("long", (PrintText("Žluťoučký kůň úpěl ďábelské ódy"),) * 50)
    assert near.print(drawn) == PrintResult(PrintOutcome.UNKNOWN, "line-lost")
    with pytest.raises(DeviceUnavailableError):
        near.watch()
    far.join(10)
    port.close()


def _answer_eight_questions(line: Transport) -> None:
    """A printer that says it is well, four answers twice, and then reads no more."""
    heard = b""
    answered = 0
    while answered < 8:
        heard += line.read(1, 5000)
        if heard.count(b"\x10\x04") > answered and heard[-2:-1] == b"\x04":
            line.write(b"\x12", 1000)
            answered += 1


@pytest.mark.parametrize("fault", [Fault.DEAF, Fault.GARBLED])
def test_a_printer_that_talks_no_more_sense_is_unknown(
    printer: VirtualPrinter, driver: EscposPrinter, fault: Fault
) -> None:
    printer.ms_per_line = 50
    threading.Timer(0.2, printer.set_fault, (fault,)).start()
    assert driver.print(RECEIPT) == PrintResult(PrintOutcome.UNKNOWN, "no-answer")


def test_a_slow_printer_is_waited_for(printer: VirtualPrinter, driver: EscposPrinter) -> None:
    printer.ms_per_line = 90
    assert driver.print(RECEIPT) == PRINTED


def test_a_printer_that_takes_too_long_is_unknown(printer: VirtualPrinter, driver: EscposPrinter) -> None:
    printer.ms_per_line = 1000
    assert driver.print(RECEIPT) == PrintResult(PrintOutcome.UNKNOWN, "no-proof")


def test_a_silent_printer_stays_a_fault_and_recovers(printer: VirtualPrinter, driver: EscposPrinter) -> None:
    printer.set_fault(Fault.DEAF)
    for _ in range(4):  # the third watch reconnects, without calling it an outage
        assert driver.watch() == Health(HealthState.FAULT, "no-answer")
    printer.set_fault(Fault.DEAF, on=False)
    assert driver.watch() == READY


def test_status_sent_unasked_is_not_taken_for_an_answer(printer: VirtualPrinter) -> None:
    with open_transport(printer.url) as line:
        line.write(b"\x1da\xff", 1000)  # as another program might have left it
        assert line.read(4, 2000) == b"\x10\x00\x00\x00"
        for fault in (Fault.COVER_OPEN, Fault.PAPER_OUT):
            printer.set_fault(fault)
            printer.set_fault(fault, on=False)
        assert Answers(line, 500).status() == Status(0x12, 0x12, 0x12, 0x12)


def test_unplugged_and_plugged_in_again_under_its_supervisor(printer: VirtualPrinter) -> None:
    attended = Supervisor(EscposPrinter(printer.url), "printer", watch_every_ms=50, backoff=Backoff(5, 50))
    attended.start()
    results: list[object] = []
    for _ in range(2):
        eventually(lambda: attended.health == READY, "ready")
        printer.unplug()
        eventually(lambda: attended.health == Health(HealthState.ABSENT, "line-lost"), "lost")
        attended.submit(lambda device: device.print(RECEIPT), results.append)
        assert isinstance(results.pop(), DeviceUnavailableError)
        printer.replug()
    eventually(lambda: attended.health == READY, "ready again")
    attended.submit(lambda device: device.print(RECEIPT), results.append)
    eventually(lambda: results)
    assert results == [PRINTED]
    attended.submit(lambda device: device.self_test(), results.append)
    eventually(lambda: len(results) == 2)
    assert getattr(results[1], "ok", False)
    attended.stop()


def test_stopping_while_a_receipt_prints_returns_soon(printer: VirtualPrinter) -> None:
    printer.ms_per_line = 500
    attended = Supervisor(EscposPrinter(printer.url), "printer", watch_every_ms=50)
    attended.start()
    eventually(lambda: attended.health == READY)
    results: list[object] = []
    attended.submit(lambda device: device.print(RECEIPT), results.append)
    eventually(lambda: printer.lines_printed > 0)
    attended.stop()
    assert results == [PrintResult(PrintOutcome.UNKNOWN, "line-lost")]


def test_a_code_that_does_not_fit_is_refused_before_anything_is_sent(
    printer: VirtualPrinter, driver: EscposPrinter
) -> None:
    for part in (PrintCode("qr", "x" * 5000), PrintCode("code128", "x" * 60), PrintCode("code128", "ä\n")):
        job = PrintJob("x", (PrintText("Hello"), part))
        assert driver.print(job) == PrintResult(PrintOutcome.NOT_PRINTED, "unprintable")
    assert printer.lines_printed == 0


def test_papers_are_shown_while_they_come_out_and_saved_at_the_cut(tmp_path: Path) -> None:
    seen: list[int] = []
    cut: list[Paper] = []
    with VirtualPrinter(on_progress=lambda picture: seen.append(picture.height), on_cut=cut.append) as far:
        far.ms_per_line = 20
        near = EscposPrinter(far.url)
        near.connect()
        assert near.print(RECEIPT) == PRINTED
        near.close()
        eventually(lambda: cut)
    assert len(set(seen)) > 3


def test_the_printer_command_writes_a_picture_and_words_for_each_cut(tmp_path: Path) -> None:
    urls: list[str] = []
    stop = threading.Event()
    serving = threading.Thread(target=serve_printer, args=(0, tmp_path), kwargs={"ready": urls.append, "until": stop})
    serving.start()
    eventually(lambda: urls)
    near = EscposPrinter(urls[0])
    near.connect()
    for _ in range(2):
        assert near.print(RECEIPT) == PRINTED
    near.close()
    eventually((tmp_path / "receipt-0002.png").exists)
    stop.set()
    serving.join(10)
    assert (tmp_path / "receipt-0002.txt").read_text("utf-8") == RECEIPT_TEXT
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".png", ".png", ".txt", ".txt"]
