"""How a virtual printer is, and the bytes that say so (Epson ESC/POS: `DLE EOT`, `GS r`, `GS a`, `GS I`)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Fault(StrEnum):
    """What can be wrong with a printer."""

    PAPER_LOW = "paper-low"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    CUTTER_JAM = "cutter-jam"
    DEAF = "deaf"  # prints, and never answers
    GARBLED = "garbled"  # prints, and answers nonsense


def real_time_status(request: int, faults: Collection[Fault], *, cutter_stuck: bool) -> bytes:
    """The answer to `DLE EOT` n, n from 1 to 4: always `& 0x93 == 0x12`."""
    stopped = Fault.PAPER_OUT in faults or Fault.COVER_OPEN in faults or cutter_stuck
    bits = {
        1: 0x08 * stopped,
        2: 0x04 * (Fault.COVER_OPEN in faults) | 0x20 * (Fault.PAPER_OUT in faults) | 0x40 * cutter_stuck,
        3: 0x08 * cutter_stuck,
        4: 0x0C * (Fault.PAPER_LOW in faults) | 0x6C * (Fault.PAPER_OUT in faults),
    }
    return bytes([0x12 | bits[request]])


def paper_sensor(faults: Collection[Fault]) -> bytes:
    """The answer to `GS r 1`."""
    return bytes([0x03 * (Fault.PAPER_LOW in faults) | 0x0F * (Fault.PAPER_OUT in faults)])


def automatic_status(faults: Collection[Fault], *, cutter_stuck: bool) -> bytes:
    """The four bytes that are sent unasked at a change, once `GS a` has asked for them."""
    stopped = Fault.PAPER_OUT in faults or Fault.COVER_OPEN in faults or cutter_stuck
    first = 0x10 | 0x08 * stopped | 0x20 * (Fault.COVER_OPEN in faults)
    return bytes([first, 0x08 * cutter_stuck, paper_sensor(faults)[0], 0])


def information(request: int) -> bytes:
    """The answer to `GS I` n: numbers for 1 to 3, names from 65 on."""
    names = {65: b"1.00", 66: b"TERN", 67: b"VIRTUAL RECEIPT", 68: b"000001", 69: b""}
    if request in names:
        return b"\x5f" + names[request] + b"\x00"
    return {1: b"\x20", 2: b"\x02", 3: b"\x01"}.get(request % 48, b"")


def garbled(answer: bytes) -> bytes:
    """Nonsense in the place of an answer: what a wrong baud rate makes of it."""
    return bytes(byte ^ 0x81 for byte in answer) + b"\xff\x00"
