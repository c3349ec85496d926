"""Verifies, shows or exports the journal; also while the terminal runs, for nothing is ever written."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.ports import JournalError
from kiosk.storage.errors import StorageError
from kiosk.storage.key import load_key
from kiosk.storage.reading import JOURNAL_NAME, KEY_NAME, JournalReader, JournalRow
from ui.commands import CommandError

_REASONS = {
    "changed": "was changed after it was written",
    "missing": "is missing",
    "reordered": "does not follow the one before it",
    "truncated": "is missing: entries at the end were cut off",
    "other-head": "is not the one that was proven before",
    "other-terminal": "belongs to another terminal's journal",
}


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk journal`."""
    parser.add_argument("what", choices=["verify", "show", "export"])
    parser.add_argument(
        "--kind", action="append", default=[], metavar="KIND", help="only this kind, such as sale.completed"
    )
    parser.add_argument("--subject", metavar="ID", help="only of this sale, payment or device")
    parser.add_argument("--last", type=_count, metavar="N", help="only the newest N (show: 20 unless told; 0 for all)")
    parser.add_argument("--after", type=_count, default=0, metavar="SEQ", help="only entries after this one")
    parser.add_argument("--json", action="store_true", help="for programs; export is always JSON lines")


def run(arguments: Namespace) -> int:
    """Do it. 1 where the chain is broken."""
    with _opened(arguments) as journal:
        if arguments.what == "verify":
            return _verify(journal, as_json=arguments.json)
        last = 20 if arguments.what == "show" and arguments.last is None and not arguments.after else arguments.last
        for row in _wanted(journal, arguments, last):
            as_json = arguments.json or arguments.what == "export"
            print(json.dumps(_exported(row)) if as_json else _shown(row))
    return 0


@contextmanager
def _opened(arguments: Namespace) -> Iterator[JournalReader]:
    directory = _directory(arguments)
    path = directory / JOURNAL_NAME
    if not path.exists():
        raise CommandError(f"there is no journal in {directory}; name the terminal's data directory with --data")
    try:
        journal = JournalReader(path, load_key(directory / KEY_NAME))
        try:
            yield journal
        finally:
            journal.close()
    except (StorageError, JournalError) as error:
        raise CommandError(str(error)) from None


def _directory(arguments: Namespace) -> Path:
    if arguments.data is not None:
        return Path(arguments.data)
    # Late: with --data no configuration is needed, and it takes longer to load than the journal.
    from kiosk.configuration import data_directory

    return data_directory(arguments.config)


def _wanted(journal: JournalReader, arguments: Namespace, last: int | None) -> Iterator[JournalRow]:
    if last:
        rows = journal.last(last, kinds=arguments.kind, subject=arguments.subject)
        return iter([row for row in rows if row.seq > arguments.after])
    return journal.rows(after_seq=arguments.after, kinds=arguments.kind, subject=arguments.subject)


def _verify(journal: JournalReader, *, as_json: bool) -> int:
    verdict = journal.verify()
    seq, digest = journal.head()
    if as_json:
        bad = None if verdict.ok else {"seq": verdict.seq, "reason": verdict.reason}
        found = {"ok": verdict.ok, "entries": verdict.checked, "head": {"seq": seq, "hash": digest}, "first_bad": bad}
        print(json.dumps({"terminal_id": journal.terminal_id, "journal_id": journal.journal_id, **found}))
        return 0 if verdict.ok else 1
    if not verdict.ok:
        reason = _REASONS.get(verdict.reason, verdict.reason)
        raise CommandError(
            f"entry {verdict.seq} {reason}; keep the file as it is, and restart the terminal to restore the last good copy"
        )
    print(
        f"journal {journal.journal_id} of terminal {journal.terminal_id}: {verdict.checked} entries, the chain is whole"
    )
    print(f"head {seq} {digest}")
    return 0


def _exported(row: JournalRow) -> dict[str, Any]:
    """The stable form for other programs: the nine fields that the digest is made of, and the digest."""
    return {
        "journal_id": row.journal_id,
        "seq": row.seq,
        "at": row.at,
        "clock_ms": row.clock_ms,
        "kind": row.kind,
        "subject": row.subject,
        "body": row.body,
        "prev": row.prev,
        "hash": row.digest,
    }


def _shown(row: JournalRow) -> str:
    line = f"{row.seq:>7}  {row.at[:19].replace('T', ' ')}  {row.kind:<20}  {row.subject:<16}  {_summary(row.body)}".rstrip()
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)


def _summary(body: Any) -> str:
    """The plain values of a body; lists by their length."""
    if not isinstance(body, dict):
        return str(body)[:200]
    parts = []
    for key, value in body.items():
        if isinstance(value, list):
            parts.append(f"{key}[{len(value)}]")
        elif isinstance(value, dict):
            parts.append(f"{key}{{{len(value)}}}")
        elif value not in {None, ""}:
            parts.append(f"{key}={value}")
    text = " ".join(parts)
    return text if len(text) <= 200 else text[:197] + "..."


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ArgumentTypeError(f"{text[:20]!r} is not a whole number")
    return int(text)
