"""What can be wrong with the books as a whole. A single write that fails is a `kiosk.ports.JournalError`."""

from __future__ import annotations

from pathlib import Path


class StorageError(Exception):
    """The books cannot be used; the message says why and what to do."""


class LibraryTooOldError(StorageError):
    """The SQLite inside sqlcipher3 is one that is reported to lose data."""


class KeyFileError(StorageError):
    """The key file is missing, unreadable, malformed, or open to others."""


class WrongKeyError(StorageError):
    """The books were written under another key. Nothing was touched."""


class DamagedError(StorageError):
    """A file's content is not what was written: `path` names it."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} is damaged: {what}")
        self.path = path
        self.what = what


class NewerSchemaError(StorageError):
    """The file was written by a newer version of the terminal's software."""


class MigrationRefusedError(StorageError):
    """An upgrade must wait: a payment is unresolved."""


class StoreFileError(StorageError):
    """A file of a store cannot be read as such; the message names file, line and what is allowed."""
