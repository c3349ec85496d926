"""A bill's number as it was scanned or typed: the gaps, dots and dashes that are printed between its digits do not count."""

from __future__ import annotations

import re
from collections.abc import Collection


def written(data: bytes, lengths: Collection[int]) -> str | None:
    """The digits (ASCII) of `data` where there are as many as one of `lengths`, or None."""
    if not _WRITTEN.fullmatch(data):
        return None
    digits = data.decode("ascii").translate(_GAPS)
    return digits if len(digits) in lengths else None


_WRITTEN = re.compile(rb"[0-9][0-9 .-]{0,79}")
_GAPS = str.maketrans("", "", " .-")
