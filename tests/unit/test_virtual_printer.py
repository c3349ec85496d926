"""The virtual printer prints what the bytes say, and survives any bytes."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.printers.code_pages import CODE_PAGES
from devices.virtual.escpos_machine import EscposMachine
from devices.virtual.escpos_status import Fault
from devices.virtual.escpos_stream import LONGEST_COMMAND
from devices.virtual.paper import LONGEST_DOTS, Paper, save_paper

CUT = b"\x1dV\x00"


class Desk:
    """A printer without a wire, with what it answered and cut."""

    def __init__(self, dots: int = 576) -> None:
        self.answers = b""
        self.papers: list[Paper] = []
        self.machine = EscposMachine(dots, self._hear, self.papers.append)

    def _hear(self, answer: bytes) -> None:
        self.answers += answer

    def send(self, data: bytes) -> Desk:
        self.machine.receive(data)
        while self.machine.step():
            pass
        return self

    def paper(self, data: bytes) -> Paper:
        return self.send(data + CUT).papers[-1]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("page", "data", "words"),
    [
        ("cp437", b"\x81\xe1\x9b", "üß¢"),
        ("cp850", b"\x81\xe1\xcf", "üß¤"),
        ("cp858", b"\x81\xe1\xd5", "üß€"),
        ("cp1252", b"\xfc\xdf\x80", "üß€"),
    ],
)
def test_text_reads_as_its_code_page_says(desk: Desk, page: str, data: bytes, words: str) -> None:
    # The numbers of Epson's table, written out: an error there would garble every umlaut in the shop.
    assert CODE_PAGES[page] == {"cp437": 0, "cp850": 2, "cp858": 19, "cp1252": 16}[page]
    assert desk.paper(b"\x1bt" + bytes([CODE_PAGES[page]]) + data + b"\n").text == words + "\n"


def test_ideographs_after_switching_to_them(desk: Desk) -> None:
    assert desk.paper(b"\x1c&" + "收据".encode("gb18030") + b"\x1c.\x81\n").text == "收据ü\n"


def test_long_lines_wrap_at_the_edge(desk: Desk) -> None:
    assert desk.paper(b"x" * 50 + b"\n").text == "x" * 48 + "\nxx\n"


@pytest.mark.parametrize(("align", "at"), [(0, 0), (1, 22), (2, 44)])
def test_alignment(desk: Desk, align: int, at: int) -> None:
    assert desk.paper(b"\x1ba" + bytes([align]) + b"left\n").text == " " * at + "left\n"


def ink(paper: Paper) -> int:
    return sum(paper.image.convert("L").histogram()[:100])


def test_sizes_and_styles_change_the_ink(desk: Desk) -> None:
    plain = ink(desk.paper(b"\x1b@Total\n"))
    for style in (b"\x1bE\x01", b"\x1b-\x01", b"\x1d!\x11", b"\x1dB\x01", b"\x1b!\x38"):
        assert ink(desk.paper(b"\x1b@" + style + b"Total\n")) > plain * 1.05, style
    inverse = desk.paper(b"\x1b@\x1dB\x01 COPY \n").image.convert("L")
    assert 0.6 < ink(Paper(inverse.crop((32, 32, 104, 56)), "", (), ())) / (72 * 24) < 0.98  # white letters on black


def test_codes_can_be_read_off_the_paper(desk: Desk) -> None:
    qr = b"https://example.org/r/1"
    paper = desk.paper(
        b"\x1ba\x01\x1d(k\x03\x001C\x05\x1d(k" + bytes([len(qr) + 3, 0]) + b"1P0" + qr + b"\x1d(k\x03\x001Q0"
        b"\x1bJ\x20\x1dk\x49\x07{BA-123" + b"\x1bJ\x20\x1dk\x02400638133393\x00"
    )
    read = {result.text for result in zxingcpp.read_barcodes(paper.image)}
    assert {"https://example.org/r/1", "A-123", "4006381333931"} <= read
    assert [code.data for code in paper.codes[:2]] == [qr, b"A-123"]


def test_what_python_escpos_sends_is_understood(desk: Desk) -> None:
    """A second opinion: an encoder that is not ours."""
    from escpos.printer import Dummy

    picture = Image.new("1", (160, 48), 0)
    with redirect_stdout(io.StringIO()):
        printer = Dummy()
        printer.text("Äpfel 1,99 €\n")
        for implementation in ("bitImageRaster", "graphics", "bitImageColumn"):
            printer.image(picture, impl=implementation)
        printer.qr("hello", native=True)
        printer.barcode("{BX1", "CODE128", function_type="B")
        printer.cut()
    paper = desk.send(printer.output).papers[0]
    assert paper.text.startswith("Äpfel 1,99 €\n[image 160x48]\n[image 160x48]\n")
    assert [(code.kind, code.data) for code in paper.codes] == [("qr", b"hello"), ("code128", b"X1")]
    assert not [command for command in paper.commands if "unknown" in command]
    assert ink(paper) > 3 * 160 * 48


def test_a_receipt_looks_as_it_should(desk: Desk) -> None:
    receipt = (
        b"\x1b@\x1bt\x13\x1ba\x01\x1bE\x01\x1d!\x11TERN MARKT\n\x1d!\x00\x1bE\x00K\x94nigstra\xe1e 1\n\x1ba\x00"
        + b"\xc4" * 48
        + b"\nMilch 1 L"
        + b" " * 33
        + b"1,09 \xd5\n"
        + b"\x1b*\x00\x08\x00\xff\xff\xff\xff\xff\xff\xff\xff\n"
        + b"\x1bd\x01\x1ba\x01Danke!\n\x1ba\x00\x1dk\x49\x05{B123\x1bp\x00\x19\x19"
    )
    golden = Path(__file__).parents[1] / "golden" / "virtual_receipt.txt"
    paper = desk.paper(receipt)
    assert paper.text == golden.read_text("utf-8")
    assert paper.image.size == (640, 498)
    assert desk.machine.drawer_pulses == 1
    assert "ESC p 00 19 19" in paper.commands


def test_status_is_answered_at_once_even_inside_an_image(desk: Desk) -> None:
    desk.machine.receive(b"\x1dv0\x00\x01\x00\xff\x00" + b"\x10\x04\x01")  # an image of 255 rows, two of them sent
    assert desk.answers == b"\x12"


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        (None, "12 12 12 12"),
        (Fault.PAPER_LOW, "12 12 12 1e"),
        (Fault.PAPER_OUT, "1a 32 12 7e"),
        (Fault.COVER_OPEN, "1a 16 12 12"),
        (Fault.DEAF, ""),
    ],
)
def test_every_fault_shows_in_the_status(desk: Desk, fault: Fault | None, answers: str) -> None:
    if fault:
        desk.machine.set_fault(fault, on=True)
    for request in (1, 2, 3, 4):
        desk.send(b"\x10\x04" + bytes([request]))
    assert desk.answers.hex(" ") == answers


def test_a_request_in_pieces_is_answered_once(desk: Desk) -> None:
    for byte in b"\x10\x04\x04\x10\x04\x01":
        desk.machine.receive(bytes([byte]))
    assert desk.answers == b"\x12\x12"


def test_the_end_of_a_job_is_proven_only_when_it_is_printed(desk: Desk) -> None:
    desk.machine.set_fault(Fault.COVER_OPEN, on=True)
    desk.send(b"Hello\n\x1d(H\x06\x0000ABCD\x1dr\x01")
    assert desk.answers == b""
    desk.machine.set_fault(Fault.COVER_OPEN, on=False)
    desk.send(b"")
    assert desk.answers == b"\x37\x22ABCD\x00" + b"\x00"


def test_paper_that_runs_out_stops_at_that_line_and_goes_on_when_refilled(desk: Desk) -> None:
    desk.machine.paper_out_after(2)
    desk.send(b"one\ntwo\nthree\n" + CUT)
    assert (desk.machine.lines_printed, desk.papers) == (2, [])
    desk.machine.set_fault(Fault.PAPER_OUT, on=False)
    assert desk.send(b"").papers[0].text == "one\ntwo\nthree\n"


def test_what_was_cleared_is_never_printed(desk: Desk) -> None:
    desk.machine.paper_out_after(1)
    desk.send(b"one\ntwo of the last customer\n" + CUT)
    desk.send(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
    desk.machine.set_fault(Fault.PAPER_OUT, on=False)
    assert desk.paper(b"next\n").text == "one\nnext\n"


def test_a_jammed_cutter_stops_and_cuts_once_cleared(desk: Desk) -> None:
    desk.machine.set_fault(Fault.CUTTER_JAM, on=True)
    desk.send(b"one\n" + CUT + b"two\n").send(b"\x10\x04\x03")
    assert (desk.papers, desk.answers) == ([], b"\x1a")
    desk.machine.set_fault(Fault.CUTTER_JAM, on=False)
    desk.send(CUT)
    assert [paper.text for paper in desk.papers] == ["one\n", "two\n"]


def test_changes_are_told_unasked_only_after_asking_for_it(desk: Desk) -> None:
    desk.machine.set_fault(Fault.COVER_OPEN, on=True)
    desk.machine.set_fault(Fault.COVER_OPEN, on=False)
    assert desk.answers == b""
    desk.send(b"\x1da\xff")
    desk.machine.set_fault(Fault.COVER_OPEN, on=True)
    assert desk.answers == b"\x10\x00\x00\x00" + b"\x38\x00\x00\x00"


def test_a_runaway_job_is_torn_off_and_memory_stays_bounded(desk: Desk) -> None:
    for _ in range(40):
        desk.send(b"\x1bd\xff")
    assert desk.papers
    assert all(paper.image.height <= LONGEST_DOTS + 100 for paper in desk.papers)
    desk.send(b"\x1dv0\x00\xff\xff\xff\xff")  # claims four gigabytes
    for _ in range(20):
        desk.send(b"\x00" * 100_000)
    assert desk.machine.pending <= LONGEST_COMMAND


def test_a_paper_is_saved_as_picture_and_words(desk: Desk, tmp_path: Path) -> None:
    picture = save_paper(desk.paper(b"\x1bt\x13caf\x82 \xd5\n"), tmp_path / "out", 7)
    assert picture.name == "receipt-0007.png"
    assert picture.with_suffix(".txt").read_text("utf-8") == "café €\n"
    with Image.open(picture) as image:
        assert image.width == 640


_COMMANDS = st.sampled_from(
    [
        *(
            b"\x1b",
            b"\x1d",
            b"\x1c",
            b"\x10",
            b"\x1d(k",
            b"\x1d(L",
            b"\x1d8L",
            b"\x1d(H",
            b"\x1dv0",
            b"\x1b*",
            b"\x1dk",
        ),
        *(b"\x1b&\x03", b"\x1bD", b"\x1dV", b"\x10\x04", b"\x10\x14\x08", b"\x1c&", b"\x1d*", b"\x1dC\x30", CUT, b"\n"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=60), _COMMANDS), max_size=30), st.integers(1, 64))
def test_any_bytes_in_any_pieces_leave_it_working(pieces: list[bytes], step: int) -> None:
    data = b"".join(pieces)
    whole, cut = Desk(dots=96), Desk(dots=96)
    whole.send(data)
    for at in range(0, len(data), step):
        cut.send(data[at : at + step])
    assert (
        cut.answers == whole.answers or b"\x10\x14" in data or b"\x10\x05" in data
    )  # clearing depends on what was done
    for desk in (whole, cut):
        desk.send(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x1b@\x1c.\n\x1b@")
        desk.papers.clear()
        desk.send(b"still here\n" + CUT)
        assert "still he\nre" in desk.papers[-1].text
