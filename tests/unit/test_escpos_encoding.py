"""What goes to a receipt printer: words set in lines, and nothing in them that could be a command."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.printers.escpos_encoding import encode
from devices.printers.layout import clean, lines_of, wrap
from devices.printers.paper_format import PaperFormat
from devices.virtual.escpos_machine import EscposMachine
from devices.virtual.paper import Paper
from kiosk.ports import PrintColumns, PrintJob, PrintText

_WORDS = st.text(st.characters(codec="utf-8"), max_size=60) | st.binary(max_size=20).map(
    lambda raw: raw.decode("latin-1")
)


@settings(max_examples=60, deadline=None)
@given(_WORDS, _WORDS, st.sampled_from([1, 2]), st.sampled_from(["cp437", "cp858", "cp1252"]))
def test_no_name_however_hostile_adds_a_command(left: str, right: str, scale: int, page: str) -> None:
    job = PrintJob("x", (PrintText(left, scale=scale), PrintColumns(left, right, scale=scale)))
    papers: list[Paper] = []
    answers: list[bytes] = []
    machine = EscposMachine(576, answers.append, papers.append)
    machine.receive(encode(job, PaperFormat(48, 576, page, "native", "partial")))
    while machine.step():
        pass
    allowed = ("ESC @", "FS .", "GS a 00", "ESC t", "GS ! 11", "GS ! 00", "GS v 0", "GS V 42 00")
    assert all(command.startswith(allowed) for command in papers[0].commands)
    assert machine.drawer_pulses == 0
    assert not [command for command in papers[0].commands if "unknown" in command]


@pytest.mark.parametrize(
    ("left", "right", "lines"),
    [
        ("Milch", "1,09 €", ["Milch         1,09 €"]),
        ("Ein langer Name", "1,09 €", ["Ein langer    1,09 €", "Name"]),
        ("Name", "ein sehr langer Betrag", ["Name", "     ein sehr langer", "              Betrag"]),
        ("", "x" * 25, ["x" * 20, " " * 15 + "xxxxx"]),
        ("", "1,09 €", ["              1,09 €"]),
        ("Name", "", ["Name"]),
        ("收据收据收据收据", "9", ["收据收据收据收据   9"]),
    ],
)
def test_amounts_keep_the_right_edge_and_are_never_cut(left: str, right: str, lines: list[str]) -> None:
    assert [line.whole(20) for line in lines_of(PrintColumns(left, right), 20)] == lines


@given(_WORDS, st.integers(1, 48))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    cleaned = clean(text)
    assert "".join("".join(wrap(cleaned, width)).split()) == "".join(cleaned.split())
