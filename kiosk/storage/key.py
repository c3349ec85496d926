"""The key of the books: 32 random bytes in a file that only the terminal's user can read. Never a pass phrase.

SQLCipher derives a key from a pass phrase at every open (0.1 s); a raw key opens in under 1 ms and cannot be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from kiosk.storage.errors import KeyFileError

KEY_BYTES = 32


def load_or_create_key(path: Path) -> bytes:
    """The key in `path`, made first where there is none. Raises KeyFileError."""
    if not path.exists():
        _create(path)
    return load_key(path)


def load_key(path: Path) -> bytes:
    """The 32 bytes in `path` (64 hex digits). Raises KeyFileError if it is missing, malformed, or readable by others."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            text = file.read(4 * KEY_BYTES).strip()
    except OSError as error:
        raise KeyFileError(f"the key file {path} cannot be read ({error.strerror}); put it back") from error
    if not stat.S_ISREG(status.st_mode):
        raise KeyFileError(f"the key file {path} is not a regular file; put the key there")
    if status.st_mode & 0o077:
        mode = stat.S_IMODE(status.st_mode)
        raise KeyFileError(f"the key file {path} is open to other users (mode {mode:04o}); run: chmod 600 {path}")
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError as error:
        raise KeyFileError(f"the key file {path} does not hold 64 hex digits; put the right one back") from error
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"the key file {path} holds {len(key)} bytes instead of {KEY_BYTES}; put the right one back")
    return key


def fingerprint(key: bytes) -> str:
    """32 hex digits by which a key is known again, and which say nothing about it."""
    return derived(key, "fingerprint").hex()[:32]


def derived(key: bytes, purpose: str, data: str = "") -> bytes:
    """32 bytes for one purpose: keyed hashes of what must not stand in the clear, such as badge numbers."""
    return hmac.new(key, f"tern:{purpose}:{data}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES).hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(fresh)  # the name appears with its content, and never takes the place of an older key
        except FileExistsError:
            return
    finally:
        fresh.unlink()
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in `directory` durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
