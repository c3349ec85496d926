"""Proves a batch by itself, before any database is asked: every field, hash and link."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, NoReturn

import pydantic_core
from pydantic import ValidationError
from pydantic_core import SchemaValidator, core_schema

from kiosk.domain.chain import genesis, is_chain
from sync.central.errors import Refusal
from sync.protocol.journal import JournalBatch, WireEntry, are_well_formed
from sync.protocol.problems import ProblemType

_LONGEST_FIELD: Final = 80
# A list of texts, each a JSON object: read to its end, and nothing made of it.
_OBJECTS: Final = SchemaValidator(
    core_schema.list_schema(core_schema.json_schema(core_schema.typed_dict_schema({}, extra_behavior="ignore")))
)


def read_batch(content: bytes, terminal_id: str) -> JournalBatch:
    """The batch that `content` is, every entry of it proven against the one before. Raises Refusal."""
    try:
        batch = JournalBatch.model_validate_json(content)
    except ValidationError as error:
        raise refused(error) from None
    if batch.terminal_id != terminal_id:
        raise Refusal(ProblemType.OTHER_TERMINAL, f"terminal {terminal_id} sent entries of {batch.terminal_id}")
    if not _is_proven(batch):
        _look_closely(batch)
    return batch


def _is_proven(batch: JournalBatch) -> bool:
    """Every field, link, hash and body at once. False is no refusal: half a surrogate pair is, to the fast reader, no JSON either."""
    if not are_well_formed(batch.entries):
        return False
    first, last = batch.entries[0], batch.entries[-1]
    prev = genesis(batch.terminal_id, batch.journal_id) if first.seq == 1 else first.prev
    if [entry.seq for entry in batch.entries] != list(range(first.seq, last.seq + 1)):
        return False
    if not is_chain(batch.entries, prev=prev, journal_id=batch.journal_id):
        return False
    return _are_objects([entry.body for entry in batch.entries])


def _are_objects(bodies: Sequence[str]) -> bool:
    whole = "".join(bodies)
    if "NaN" in whole or "Infinity" in whole:  # in a text they are all right, which the closer look finds
        return False
    try:
        _OBJECTS.validate_python(bodies)
    except ValidationError:
        return False
    return True


def _look_closely(batch: JournalBatch) -> None:
    """Each entry for itself, to say which one is wrong and how. Raises Refusal."""
    before: WireEntry | None = None
    for entry in batch.entries:
        field = entry.malformed
        if field:
            detail = f"entry {entry.seq}: {field} is not of its form"
            raise Refusal(ProblemType.MALFORMED, detail, seq=entry.seq, field=field, status=422)
        wrong = _wrong_with(entry, before, batch)
        if wrong:
            raise Refusal(
                ProblemType.BAD_CHAIN, f"entry {entry.seq} {wrong}", seq=entry.seq, journal_id=batch.journal_id
            )
        before = entry


def refused(error: ValidationError) -> Refusal:
    """What to answer where a body is not what its model asks for: the first field that is wrong, and its entry."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = [str(part) for part in first["loc"]]
    field = ".".join(place)[:_LONGEST_FIELD]
    return Refusal(
        ProblemType.MALFORMED,
        f"{field or 'the body'}: {first['msg'][:200]}",
        field=field or None,
        status=400 if not field else 422,
    )


def _wrong_with(entry: WireEntry, before: WireEntry | None, batch: JournalBatch) -> str:
    if before is not None and entry.seq != before.seq + 1:
        return f"does not follow {before.seq}"
    expected = before.hash if before else genesis(batch.terminal_id, batch.journal_id) if entry.seq == 1 else entry.prev
    if entry.prev != expected:
        return "is not chained to the one before it"
    if entry.true_hash(batch.journal_id) != entry.hash:
        return "does not have the hash that it says"
    return "" if _is_an_object(entry.body) else "has a body that is no JSON object"


def _is_an_object(body: str) -> bool:
    """Two different entries could have one hash if a body need not be JSON. Whether it is canonical as well is not asked: that would
    take as long as all the rest, and refuse what the terminal has written down and hashed."""
    try:
        return isinstance(pydantic_core.from_json(body, allow_inf_nan=False), dict)
    except ValueError:
        return _is_an_object_to_the_stdlib(body)


def _is_an_object_to_the_stdlib(body: str) -> bool:
    """Slower, and knows what the fast reader does not: half a surrogate pair, which a terminal may have in an article's name."""
    try:
        return isinstance(json.loads(body, parse_constant=_refuse), dict)
    except (ValueError, RecursionError):
        return False


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
