"""Entries as they go on the line: the very text of the journal put into JSON, without reading and writing it again on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring_ascii as _quoted
from typing import Final

from kiosk.domain.chain import canonical
from kiosk.ports import StoredEntry
from sync.protocol.wire import BATCH_TARGET_BYTES, BODY_MOST_BYTES, RequestClass

LIVE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of the entries that wait, of one journal id, in order: what `POST /v1/journal` takes."""

    entries: tuple[StoredEntry, ...]
    body: bytes

    @property
    def first(self) -> int:
        """The lowest seq."""
        return self.entries[0].seq

    @property
    def last(self) -> int:
        """The highest seq."""
        return self.entries[-1].seq


def batch_of(terminal_id: str, entries: Sequence[StoredEntry]) -> Batch | None:
    """The most of `entries`, from the first on, that fit into one batch; None where the first alone is larger than a request may be."""
    journal_id = entries[0].journal_id
    head = f'{{"terminal_id":{_quoted(terminal_id)},"journal_id":{_quoted(journal_id)},"entries":['
    texts: list[str] = []
    size = len(head) + 2
    for entry in entries:
        text = entry_text(entry)
        size += len(text) + 1
        if entry.journal_id != journal_id or (texts and size > BATCH_TARGET_BYTES):
            break
        texts.append(text)
        if size > BODY_MOST_BYTES:
            return None
    return Batch(tuple(entries[: len(texts)]), f"{head}{','.join(texts)}]}}".encode("ascii"))


def entry_text(entry: StoredEntry) -> str:
    """An entry as JSON, in ASCII."""
    return (
        f'{{"seq":{entry.seq},"at":{_quoted(entry.at)},"clock_ms":{entry.clock_ms},"kind":{_quoted(entry.kind)},'
        f'"subject":{_quoted(entry.subject)},"body":{_quoted(entry.body)},'
        f'"prev":{_quoted(entry.prev)},"hash":{_quoted(entry.digest)}}}'
    )


def quarantine_body(entry: StoredEntry, problem: str, *, with_row: bool) -> bytes:
    """What `POST /v1/quarantine` takes for one entry; without its row where that cannot be sent at all."""
    text = entry_text(entry)
    rows = [text] if with_row and 2 * len(text) < BODY_MOST_BYTES else []
    return canonical(
        {
            "journal_id": entry.journal_id,
            "from_seq": entry.seq,
            "to_seq": entry.seq,
            "to_hash": entry.digest,
            "problem": problem,
            "rows": rows,
        }
    ).encode("ascii")


def class_of(entry: StoredEntry, now: datetime) -> RequestClass:
    """Live while the oldest entry of a batch is younger than a minute, so that what gathered does not overtake what sells now."""
    try:
        age_s = abs((now - datetime.fromisoformat(entry.at)).total_seconds())
    except (ValueError, TypeError):
        return RequestClass.BACKLOG
    return RequestClass.LIVE if age_s < LIVE_S else RequestClass.BACKLOG
