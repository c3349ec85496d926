"""On which line of a TOML file each key stands, so that a wrong one can be pointed at. `tomllib` reads, this only finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

KeyPath = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<long>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5})
      | (?P<string>\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')
      | (?P<bare>[A-Za-z0-9_-]+)
      | (?P<newline>\n)
      | (?P<sign>[\[\]{}=,.])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def key_lines(text: str) -> Mapping[KeyPath, int]:
    """The first line (1-based) of every key, table and array element of `text`, which must be valid TOML.

    Keys inside inline tables are found too; a path is as `tomllib` nests it, with indexes for arrays.
    """
    return _Finder(text).lines


class _Finder:
    """One pass over the tokens, as the grammar of TOML 1.0 nests them."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}
        self._tokens = list(_tokens(text))
        self._at = 0
        self._document()

    def _document(self) -> None:
        table: KeyPath = ()
        while self._skip_newlines():
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        line = self._tokens[self._at][1]
        self._next()
        is_array = self._peek() == "["
        if is_array:
            self._next()
        path = self._current(self._key())
        self._next()
        if is_array:
            self._next()
            index = self._counts.get(path, -1) + 1
            self._counts[path] = index
            self.lines.setdefault(path, line)
            path = (*path, index)
        self._note(path, line)
        return path

    def _current(self, key: tuple[str, ...]) -> KeyPath:
        """`key` with the index of the newest element after each array of tables on the way."""
        path: KeyPath = ()
        for place, part in enumerate(key):
            path = (*path, part)
            if place < len(key) - 1 and path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._tokens[self._at][1]
        path = (*table, *self._key())
        self._note(path, line)
        self._next()  # the equals sign
        self._value(path)

    def _key(self) -> tuple[str, ...]:
        parts = [self._name()]
        while self._peek() == ".":
            self._next()
            parts.append(self._name())
        return tuple(parts)

    def _name(self) -> str:
        text = self._next()
        return text[1:-1] if text[:1] in {'"', "'"} else text

    def _value(self, path: KeyPath) -> None:
        first = self._peek()
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            while self._peek() not in {"", "\n", ",", "]", "}"}:
                self._next()

    def _array(self, path: KeyPath) -> None:
        self._next()
        index = 0
        while self._skip_newlines() and self._peek() != "]":
            if self._peek() == ",":
                self._next()
                continue
            self._note((*path, index), self._tokens[self._at][1])
            self._value((*path, index))
            index += 1
        self._next()

    def _inline_table(self, path: KeyPath) -> None:
        self._next()
        while self._skip_newlines() and self._peek() != "}":
            if self._peek() == ",":
                self._next()
                continue
            self._pair(path)
        self._next()

    def _note(self, path: KeyPath, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _skip_newlines(self) -> bool:
        while self._peek() == "\n":
            self._next()
        return self._at < len(self._tokens)

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        text = self._peek()
        self._at += 1
        return text


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "comment" and (found.lastgroup != "other" or not found[0].isspace()):
            yield found[0], line
        line += found[0].count("\n")
