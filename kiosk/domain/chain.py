"""The chain: how an entry is written down so that every reader gets the same digest, at the terminal and at the central service."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, Protocol

from kiosk.domain.facts import Json

# json.dumps of a text, without the way there: a sale needs it twenty times.
_quoted = json.encoder.encode_basestring_ascii
# What is hashed of an entry: the digest before it, and its canonical JSON.
_ENTRY = '%s{"at":%s,"body":%s,"clock_ms":%d,"journal_id":%s,"kind":%s,"seq":%d,"subject":%s}'
_MAYBE_FLOAT = re.compile(r"[\[:,]-?[0-9]+[.eE]")


class Linked(Protocol):
    """An entry with its digest, which is called `hash` on the wire."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> str: ...
    @property
    def clock_ms(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def prev(self) -> str: ...
    @property
    def hash(self) -> str: ...


class NotCanonicalError(ValueError):
    """A body that cannot be kept: a float, or something that is no JSON."""


def canonical(body: Mapping[str, Json]) -> str:
    """`body` as canonical JSON: keys sorted, no spaces, ASCII (so that any text, also half a surrogate pair, can be kept).

    Raises NotCanonicalError for floats and for what is no JSON.
    """
    try:
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)
        if _MAYBE_FLOAT.search(text):  # rare, and parsing again is exact: a text may look like a float
            json.loads(text, parse_float=_refuse_float)
    except (TypeError, ValueError, RecursionError) as error:
        raise NotCanonicalError(f"this body cannot be kept in the journal: {error}") from error
    return text


def digest(prev: str, *, journal_id: str, seq: int, kind: str, subject: str, body: str, at: str, clock_ms: int) -> str:
    """sha256(prev + canonical JSON of the entry) as 64 hex digits. `body` is canonical JSON already, `prev` 64 hex digits."""
    written = (prev, _quoted(at), body, clock_ms, _quoted(journal_id), _quoted(kind), seq, _quoted(subject))
    return hashlib.sha256((_ENTRY % written).encode("ascii")).hexdigest()


def is_chain(entries: Iterable[Linked], *, prev: str, journal_id: str) -> bool:
    """Whether each entry stands behind the one before it, the first behind `prev`, and has its `digest`: for thousands a second."""
    journal, sha256 = _quoted(journal_id), hashlib.sha256
    for entry in entries:
        kind, subject = _quoted(entry.kind), _quoted(entry.subject)
        written = (prev, _quoted(entry.at), entry.body, entry.clock_ms, journal, kind, entry.seq, subject)
        if entry.prev != prev or sha256((_ENTRY % written).encode("ascii")).hexdigest() != entry.hash:
            return False
        prev = entry.hash
    return True


def genesis(terminal_id: str, journal_id: str) -> str:
    """What stands before the first entry: the terminal's identity, as 64 hex digits."""
    return hashlib.sha256(canonical({"journal_id": journal_id, "terminal_id": terminal_id}).encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _refuse_float(text: str) -> NoReturn:
    raise ValueError(f"{text} is a float; money and weights are whole numbers")
