"""The chain: how an entry is written down so that every reader gets the same digest, at the terminal and at the central service."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from kiosk.domain.facts import Json

# json.dumps of a text, without the way there: a sale needs it twenty times.
_quoted = json.encoder.encode_basestring_ascii
_MAYBE_FLOAT = re.compile(r"[\[:,]-?[0-9]+[.eE]")


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
    entry = (
        f'{{"at":{_quoted(at)},"body":{body},"clock_ms":{clock_ms},"journal_id":{_quoted(journal_id)},'
        f'"kind":{_quoted(kind)},"seq":{seq},"subject":{_quoted(subject)}}}'
    )
    return hashlib.sha256(f"{prev}{entry}".encode("ascii")).hexdigest()


def genesis(terminal_id: str, journal_id: str) -> str:
    """What stands before the first entry: the terminal's identity, as 64 hex digits."""
    return hashlib.sha256(canonical({"journal_id": journal_id, "terminal_id": terminal_id}).encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _refuse_float(text: str) -> NoReturn:
    raise ValueError(f"{text} is a float; money and weights are whole numbers")
