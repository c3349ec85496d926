"""The shelf: the things that the bench offers to scan, read from the store's table."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|[nrt\\])")
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


class ShelfError(Exception):
    """The shelf could not be read; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a code on it. `labels` by language; `aim` is the AIM identifier that a scanner puts before `data`."""

    id: str
    group: str
    labels: Mapping[str, str]
    picture: str
    aim: str
    data: str

    def label(self, language: str) -> str:
        """What it is called in `language`, or in English."""
        return self.labels.get(language) or self.labels.get("en", self.id)


def read_shelf(path: Path) -> Sequence[Thing]:
    """The things in `path`, in its order. Raises ShelfError."""
    try:
        with path.open("rb") as file:
            return [_thing(table) for table in tomllib.load(file)["thing"]]
    except OSError as error:
        raise ShelfError(f"the shelf {path} cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ShelfError(f"the shelf {path} is wrong ({error}); see README.md beside it") from error


def typed_data(text: str) -> bytes:
    """What somebody typed as the bytes of a code: `\\n`, `\\r`, `\\t`, `\\\\` and `\\xHH` are escapes, the rest is UTF-8."""
    raw = bytearray()
    at = 0
    for found in _ESCAPE.finditer(text):
        raw += text[at : found.start()].encode()
        code = found.group(1)
        raw += bytes([int(code[1:], 16)]) if code.startswith("x") else _NAMED[code].encode()
        at = found.end()
    return bytes(raw + text[at:].encode())


def _thing(table: Mapping[str, str]) -> Thing:
    labels = {key.removeprefix("label_"): str(words) for key, words in table.items() if key.startswith("label_")}
    return Thing(table["id"], table["group"], labels, table["picture"], table["aim"], table["data"])
