"""Takes a proven batch into the books: joins it to what is held, acknowledges, sees gaps and forks. Runs in the caller's transaction.

Never refuses a well-formed chain for what it says: that is the projections' matter, which run behind.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from sync.central import alerts, heads, raw
from sync.central.database import one, run
from sync.central.errors import Refusal, problem
from sync.central.heads import Sender
from sync.protocol.journal import Acknowledgement, JournalBatch, WireEntry
from sync.protocol.problems import Problem, ProblemType
from sync.protocol.reports import SetAside


def take_in(connection: Connection, sender: Sender, batch: JournalBatch) -> Acknowledgement | Problem:
    """Store what is new of `batch`. A Problem is a fork, kept beside: commit it too. Raises Refusal (GAP, BAD_CHAIN)."""
    head = heads.locked(connection, sender.terminal_id, batch.journal_id)
    if head is None:
        return _begin(connection, sender, batch)
    first = batch.entries[0]
    if first.seq < head.first_seq:
        detail = f"journal {batch.journal_id} begins with entry {head.first_seq}"
        raise Refusal(ProblemType.BAD_CHAIN, detail, seq=first.seq, journal_id=batch.journal_id)
    if first.seq > head.seq + 1:
        if _follows_a_fork(connection, sender.terminal_id, batch):
            return _fork(connection, sender, batch, first, None)
        raise heads.gap(batch.journal_id, head.seq + 1, head.hash)
    return _join(connection, sender, batch, head)


def set_aside(connection: Connection, sender: Sender, aside: SetAside) -> Acknowledgement:
    """Keep what could not be taken in, tell people, and move the head behind it. Raises Refusal (GAP, MALFORMED)."""
    if aside.to_seq < aside.from_seq:
        raise Refusal(ProblemType.MALFORMED, "to_seq is before from_seq", field="to_seq", status=422)
    head = heads.locked(connection, sender.terminal_id, aside.journal_id)
    if head is None:
        heads.begin(connection, sender, aside.journal_id, first_seq=aside.from_seq, prev="", continues=None)
        return set_aside(connection, sender, aside)
    if head.seq >= aside.to_seq:
        return Acknowledgement(journal_id=aside.journal_id, seq=head.seq, hash=head.hash, new=0)
    if aside.from_seq != head.seq + 1:
        raise heads.gap(aside.journal_id, head.seq + 1, head.hash)
    run(
        connection,
        "INSERT INTO set_aside VALUES (:terminal, :journal, :first, :last, :hash, :problem, :body, :now)",
        terminal=sender.terminal_id,
        journal=aside.journal_id,
        first=aside.from_seq,
        last=aside.to_seq,
        hash=aside.to_hash,
        problem=aside.problem,
        body=aside.model_dump_json(),
        now=sender.now_ms,
    )
    heads.move(connection, sender, aside.journal_id, aside.to_seq, aside.to_hash)
    words = f"entries {aside.from_seq} to {aside.to_seq} could not be taken in ({aside.problem}); they are kept beside the books"
    _alert(connection, sender, alerts.SET_ASIDE, f"{aside.journal_id}:{aside.from_seq}", words)
    return Acknowledgement(journal_id=aside.journal_id, seq=aside.to_seq, hash=aside.to_hash, new=0)


def _begin(connection: Connection, sender: Sender, batch: JournalBatch) -> Acknowledgement | Problem:
    """The first batch of a journal. After a restore it goes on behind an entry of an older one; else it begins with entry 1."""
    first, last = batch.entries[0], batch.entries[-1]
    continues = None
    if first.seq > 1:
        continues = heads.holder_of(connection, sender.terminal_id, first.seq - 1, first.prev)
        if continues is None:
            raise heads.gap(batch.journal_id, first.seq - 1, None)
    if not heads.begin(connection, sender, batch.journal_id, first_seq=first.seq, prev=first.prev, continues=continues):
        return take_in(connection, sender, batch)
    raw.put(connection, sender.terminal_id, batch.journal_id, batch.entries)
    heads.move(connection, sender, batch.journal_id, last.seq, last.hash)
    if heads.has_others(connection, sender.terminal_id, batch.journal_id):
        where = f"behind entry {first.seq - 1} of {continues}" if continues else "from the beginning"
        words = f"the terminal goes on under a new journal {where}: its books were restored or begun anew"
        _alert(connection, sender, alerts.JOURNAL, batch.journal_id, words)
    return Acknowledgement(journal_id=batch.journal_id, seq=last.seq, hash=last.hash, new=len(batch.entries))


def _join(connection: Connection, sender: Sender, batch: JournalBatch, head: Row[Any]) -> Acknowledgement | Problem:
    first = batch.entries[0]
    known = batch.entries[: head.seq - first.seq + 1]
    new = batch.entries[len(known) :]
    if known:
        held = raw.hashes(connection, sender.terminal_id, batch.journal_id, first.seq, known[-1].seq)
        held = {head.seq: head.hash, **held}  # the last of what was set aside is known by its hash alone
        for entry in known:
            if held.get(entry.seq) != entry.hash:
                return _fork(connection, sender, batch, entry, held.get(entry.seq))
    elif first.prev != head.hash:
        return _fork(connection, sender, batch, first, head.hash)
    if not new:
        return Acknowledgement(journal_id=batch.journal_id, seq=head.seq, hash=head.hash, new=0)
    raw.put(connection, sender.terminal_id, batch.journal_id, new)
    heads.move(connection, sender, batch.journal_id, new[-1].seq, new[-1].hash)
    return Acknowledgement(journal_id=batch.journal_id, seq=new[-1].seq, hash=new[-1].hash, new=len(new))


def _follows_a_fork(connection: Connection, terminal_id: str, batch: JournalBatch) -> bool:
    found = one(
        connection,
        "SELECT 1 FROM fork_entry WHERE terminal_id = :terminal AND journal_id = :journal AND hash = :prev",
        terminal=terminal_id,
        journal=batch.journal_id,
        prev=batch.entries[0].prev,
    )
    return found is not None


def _fork(connection: Connection, sender: Sender, batch: JournalBatch, at: WireEntry, held_hash: str | None) -> Problem:
    branch = batch.entries[at.seq - batch.entries[0].seq :]
    raw.put_fork(connection, sender.terminal_id, batch.journal_id, branch)
    words = f"another entry {at.seq} of journal {batch.journal_id} is held than the terminal sent; what it sent is kept beside"
    _alert(connection, sender, alerts.FORK, batch.journal_id, words)
    return problem(
        ProblemType.FORK,
        words,
        seq=at.seq,
        journal_id=batch.journal_id,
        held_hash=held_hash,
        kept_through=branch[-1].seq,
    )


def _alert(connection: Connection, sender: Sender, kind: str, subject: str, words: str) -> None:
    alerts.raise_alert(
        connection, sender.terminal_id, kind, subject, words, store_id=sender.store_id, now_s=sender.now_s
    )
