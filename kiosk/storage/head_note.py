"""A note of the journal's last entry, beside the journal: shows at the next start that its tail was cut, or an older copy put back.

Written after each durable commit and not synced (it costs microseconds), so it never runs ahead of the journal. Whoever can write the
file and has the key can still cut both; the central service's acknowledgements and the receipts hold the head as well.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from kiosk.storage.key import derived

_LENGTH = 160


class HeadNote:
    """The note beside one journal file. `write` on the writer's thread."""

    def __init__(self, journal: Path, key: bytes) -> None:
        self._key = key
        self._descriptor = os.open(note_path(journal), os.O_RDWR | os.O_CREAT, 0o600)

    def write(self, seq: int, hash_: str) -> None:
        """Note the head. A note that cannot be written says nothing false: the older one stays."""
        text = f"{seq} {hash_} {_seal(self._key, seq, hash_)}".ljust(_LENGTH - 1) + "\n"
        try:
            os.pwrite(self._descriptor, text.encode("ascii"), 0)  # one write within one page: whole or not at all
        except OSError:
            return

    def close(self) -> None:
        """Close the file; callable more than once."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def note_path(journal: Path) -> Path:
    """Where the note of this journal is."""
    return journal.with_name(f"{journal.name}.head")


def read_note(journal: Path, key: bytes) -> tuple[int, str] | None:
    """(seq, hash) as noted; None where there is no note, or one that is not ours."""
    try:
        seq, hash_, seal = note_path(journal).read_bytes()[:_LENGTH].decode("ascii").split()
        noted = int(seq), hash_
    except (OSError, ValueError):
        return None
    return noted if hmac.compare_digest(seal, _seal(key, *noted)) else None


def _seal(key: bytes, seq: int, hash_: str) -> str:
    return derived(key, "head", f"{seq}:{hash_}").hex()[:32]
