"""AIM symbology identifiers (ISO/IEC 15424): the three characters by which a scanner says what kind of code it read."""

from __future__ import annotations

import re

_IDENTIFIER = re.compile(rb"\][A-Za-z][0-9A-Za-z]")

# Codes that hold GS1 element strings: GS1-128, DataBar, composite, GS1 DataMatrix, GS1 QR, GS1 DotCode
# (GS1 General Specifications, figure 5.1.2-2).
GS1_SYMBOLOGIES = frozenset({"C1", "e0", "e1", "e2", "d2", "Q3", "J1"})


def split_aim(raw: bytes) -> tuple[str, bytes]:
    """The identifier without its bracket ("E0"; "" where there is none), and the data behind it."""
    if _IDENTIFIER.match(raw):
        return raw[1:3].decode("ascii"), raw[3:]
    return "", raw
