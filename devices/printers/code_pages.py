"""The printer's code pages: the number that `ESC t` selects them by, and Python's name for them (Epson ESC/POS, `ESC t`)."""

from __future__ import annotations

CODE_PAGES = {
    "cp437": 0,
    "cp850": 2,
    "cp860": 3,
    "cp863": 4,
    "cp865": 5,
    "cp857": 13,
    "cp737": 14,
    "iso8859-7": 15,
    "cp1252": 16,
    "cp866": 17,
    "cp852": 18,
    "cp858": 19,
    "iso8859-2": 39,
    "iso8859-15": 40,
}
