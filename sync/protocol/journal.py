"""The journal on the wire: batches of entries, what the service acknowledges, and what it gives back to a restored terminal.

A batch is one chain under one journal id: where the journal id changes, a new batch begins. After a restore the terminal goes on under a
new journal id with seq n + 1, and `prev` is the hash of the last restored entry (of an older journal id); the service takes it as a new
journal that continues the older one. Only a journal that begins with seq 1 has `genesis(terminal_id, journal_id)` before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field

from kiosk.domain.chain import canonical, digest
from kiosk.domain.facts import Entry
from sync.protocol.wire import BATCH_MOST_ENTRIES, Answer, Digest, Name, Request

_WHOLE_64 = 2**63 - 1
Seq = Annotated[int, Field(ge=1, le=_WHOLE_64)]

_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{5,32}")
_KIND = re.compile(r"[a-z][a-z_]*(\.[a-z_]+)+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HASH = re.compile(r"[0-9a-f]{64}")
_LONGEST_KIND = 64
_LONGEST_SUBJECT = 256
_HEX = re.compile(r"[0-9a-f]*")
_CONTROL_BYTES = bytes([*range(0x20), 0x7F])


class WireEntry(Request):
    """An entry. `body` is the text of its canonical JSON, exactly as it was hashed: never parsed and written again on the way.

    Only types are proven on reading: patterns here would cost three times the rest of it. `malformed` says what else is wrong.
    """

    seq: Seq
    at: str
    clock_ms: Annotated[int, Field(ge=-_WHOLE_64, le=_WHOLE_64)]
    kind: str
    subject: str
    body: str
    prev: str
    hash: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """An entry of the terminal's journal."""
        fact = entry.fact
        return cls(
            seq=entry.seq,
            at=fact.at,
            clock_ms=fact.clock_ms,
            kind=str(fact.kind),
            subject=fact.subject,
            body=canonical(fact.body),
            prev=entry.prev,
            hash=entry.digest,
        )

    @property
    def malformed(self) -> str | None:
        """The first field that is not of its form, None where all are. The hash is not computed, and the body not parsed."""
        if not _AT.fullmatch(self.at):
            return "at"
        if len(self.kind) > _LONGEST_KIND or not _KIND.fullmatch(self.kind):
            return "kind"
        if len(self.subject) > _LONGEST_SUBJECT or _CONTROL.search(self.subject):
            return "subject"
        if not (self.body.startswith("{") and self.body.isascii() and self.body.isprintable()):
            return "body"
        if not _HASH.fullmatch(self.prev):
            return "prev"
        return None if _HASH.fullmatch(self.hash) else "hash"

    def true_hash(self, journal_id: str) -> str:
        """What `hash` must be behind `prev`."""
        return digest(
            self.prev,
            journal_id=journal_id,
            seq=self.seq,
            kind=self.kind,
            subject=self.subject,
            body=self.body,
            at=self.at,
            clock_ms=self.clock_ms,
        )


def are_well_formed(entries: Sequence[WireEntry]) -> bool:
    """Whether no entry is `malformed`: the same answer, several times as fast where there are many."""
    return (
        all(map(_AT.fullmatch, {entry.at for entry in entries}))
        and all(len(kind) <= _LONGEST_KIND and _KIND.fullmatch(kind) for kind in {entry.kind for entry in entries})
        and _are_subjects([entry.subject for entry in entries])
        and _are_bodies([entry.body for entry in entries])
        and _are_hashes([text for entry in entries for text in (entry.prev, entry.hash)])
    )


def _are_subjects(subjects: Sequence[str]) -> bool:
    return max(map(len, subjects)) <= _LONGEST_SUBJECT and not _CONTROL.search("".join(subjects))


def _are_bodies(bodies: Sequence[str]) -> bool:
    whole = "".join(bodies)
    if not whole.isascii() or not all(body.startswith("{") for body in bodies):
        return False
    sent = whole.encode("ascii")
    return len(sent.translate(None, _CONTROL_BYTES)) == len(sent)


def _are_hashes(texts: Sequence[str]) -> bool:
    return set(map(len, texts)) == {64} and _HEX.fullmatch("".join(texts)) is not None


class JournalBatch(Request):
    """`POST /v1/journal`, gzip. Entries of one journal, in order, without a gap."""

    terminal_id: Name
    journal_id: Name
    entries: Annotated[tuple[WireEntry, ...], Field(min_length=1, max_length=BATCH_MOST_ENTRIES)]


class JournalHead(Answer):
    """How far a journal is held: every entry up to `seq`, whose hash is `hash`. `first_seq` is 1 unless it continues another."""

    journal_id: Name
    first_seq: Seq
    seq: Seq
    hash: Digest


class Acknowledgement(Answer):
    """200: every entry of `journal_id` up to `seq` is durable (in the books, or set aside); `hash` is the head's, an anchor to be kept.

    `seq` may be beyond the batch, where more is held. A batch is stored whole or not at all; `new` of its entries were not held before.
    """

    journal_id: Name
    seq: Seq
    hash: Digest
    new: int


class JournalHeads(Answer):
    """`GET /v1/journal`: every journal of this terminal, the one that was heard of last first. Where to resume."""

    terminal_id: Name
    journals: tuple[JournalHead, ...]


class JournalPage(Answer):
    """`GET /v1/journal/{journal_id}?after=seq`: acknowledged entries given back, at most BATCH_MOST_ENTRIES; `done` at the head."""

    terminal_id: Name
    journal_id: Name
    entries: tuple[WireEntry, ...]
    done: bool
