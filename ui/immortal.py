"""Keeps None, True and False alive where the Qt binding forgets to count them."""

from __future__ import annotations

import ctypes
import sys

_MANY = 1 << 40


def keep_constants_alive() -> None:
    """Lift the reference counts of Python's constants out of reach, on Pythons before 3.12.

    PySide6 6.12.0 is built against the stable interface of Python 3.12, in which they are immortal (PEP 683) and a method returns
    None without counting it; its wheel is offered for 3.10 and 3.11 all the same. There each call takes a reference away: measured
    on 3.11.2, 300 calls of QObject.setObjectName take 300, and after some thousand calls the process aborts with
    "none_dealloc: deallocating None". 6.10.3 and 6.11.2 count right.
    """
    if sys.version_info >= (3, 12):
        return
    for constant in (None, True, False, NotImplemented, Ellipsis):
        ctypes.c_ssize_t.from_address(id(constant)).value += _MANY
