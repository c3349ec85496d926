"""This store's accounts as they last came down: found by keyed marks, sealed, and of no use to anyone without a key that is elsewhere."""

from __future__ import annotations

import base64
import hmac
import json
import logging
import os
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from kiosk.domain.account import Holder, Overview
from kiosk.domain.account_body import AccountBodyError, overview_from_body
from kiosk.domain.account_marks import key_name, number_mark, pin_input, sealed_for, sealing_key
from kiosk.ports.accounts import KeptAccount
from kiosk.storage.catalogue import SqliteCatalogue
from kiosk.storage.errors import KeyFileError, StorageError
from kiosk.storage.key import KEY_BYTES, load_key, sync_directory

log = logging.getLogger(__name__)

KEY_NAME: Final = "accounts.key"
_NONCE_BYTES: Final = 12
_AHEAD: Final = timedelta(minutes=10)  # by which the terminal's clock may be behind the service's


class SqliteAccounts:
    """`kiosk.ports.AccountSnapshot` over cache.db, with the store's key in a file of its own beside the books. Thread-safe."""

    def __init__(
        self,
        catalogue: SqliteCatalogue,
        key_path: Path,
        store_id: str,
        *,
        max_age: timedelta,
        wall: Callable[[], datetime],
        not_before: datetime | None = None,
    ) -> None:
        """`max_age`: an account that is older is not found, for it says what was and not what is. `not_before`: what the time is at
        least, however far the clock was set back while the terminal was off."""
        self._catalogue = catalogue
        self._key_path = key_path
        self._store_id = store_id
        self._max_age = max_age
        self._wall = wall
        self._latest = not_before
        self._lock = threading.Lock()
        self._key: bytes | None = None

    def find(self, holder: Holder) -> KeptAccount | None:
        """As `kiosk.ports.AccountSnapshot.find`."""
        key = self._known_key()
        if key is None:
            return None
        rows = self._catalogue.accounts(number_mark(key, holder))
        return next((kept for row in rows if (kept := self._opened(key, *row)) is not None), None)

    def is_pin(self, kept: KeptAccount, pin: str) -> bool:
        """As `kiosk.ports.AccountSnapshot.is_pin`: argon2id, some 30 ms."""
        key = self._known_key()
        if key is None:
            return False
        from argon2 import PasswordHasher  # noqa: PLC0415 - not needed on the way to the first scan
        from argon2.exceptions import Argon2Error, InvalidHashError  # noqa: PLC0415 - as above

        try:
            return PasswordHasher().verify(kept.pin_hash, pin_input(key, kept.mark, pin))
        except (Argon2Error, InvalidHashError):
            return False

    def mark_of(self, holder: Holder) -> str:
        """As `kiosk.ports.AccountSnapshot.mark_of`: under the key of the books."""
        return self._catalogue.badge_mark(f"{holder.by}:{holder.number}")

    def needs_key(self) -> bool:
        """Whether there are accounts that the key in hand does not open, or there is none."""
        try:
            names = self._catalogue.account_key_names()
        except StorageError:
            return False  # whoever looks something up says so
        key = self._known_key()
        return bool(names) and (key is None or key_name(key) not in names)

    def keep_key(self, key: bytes) -> None:
        """The store's key, as the service told it: into its file, for the terminal's user alone. Raises KeyFileError."""
        if len(key) != KEY_BYTES:
            raise KeyFileError(f"the key of the accounts has {len(key)} bytes instead of {KEY_BYTES}; it is not kept")
        with self._lock:
            try:
                _write(self._key_path, key)
            except OSError as error:
                raise KeyFileError(f"the key file {self._key_path} cannot be written ({error.strerror})") from error
            self._key = key

    def _known_key(self) -> bytes | None:
        with self._lock:
            if self._key is None and self._key_path.exists():
                try:
                    self._key = load_key(self._key_path)
                except KeyFileError as error:
                    log.error("the store's accounts cannot be opened: %s", error)
            return self._key

    def _opened(self, key: bytes, mark: str, sealed: str, pin_hash: str, named: str) -> KeptAccount | None:
        if not hmac.compare_digest(named, key_name(key)):
            return None
        try:
            body = _unsealed(key, base64.b64decode(sealed), sealed_for(self._store_id, mark))
            overview = overview_from_body(body["overview"])
            consent = str(body["consent"])[:64]
        except (AccountBodyError, KeyError, TypeError, ValueError) as error:
            log.error("an account of the store cannot be opened (%s)", type(error).__name__)
            return None
        return KeptAccount(mark, overview, pin_hash, consent) if self._is_young(overview) else None

    def _is_young(self, overview: Overview) -> bool:
        """Neither too old nor of a time to come: then the clock was set back, and nobody knows how old it is."""
        with self._lock:
            now = self._wall()
            now = self._latest = now if self._latest is None else max(now, self._latest)
        age = now - datetime.fromisoformat(overview.as_of)
        return -_AHEAD <= age <= self._max_age


def _unsealed(key: bytes, content: bytes, bound_to: bytes) -> dict[str, Any]:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - not needed on the way to the first scan
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    try:
        plain = AESGCM(sealing_key(key)).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], bound_to)
    except InvalidTag:
        raise ValueError("it was sealed under another key, or changed") from None
    found = json.loads(plain)
    if not isinstance(found, dict):
        raise TypeError("no account")
    return found


def _write(path: Path, key: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.hex().encode("ascii") + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_directory(path.parent)
