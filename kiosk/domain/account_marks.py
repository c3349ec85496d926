"""How a store's copy of its accounts is kept, where both ends must do the same: marks of numbers, and what a PIN is before it is hashed.

All of it is under the store's own key, which never stands beside what it protects: neither in a database nor in a feed.
"""

from __future__ import annotations

import hashlib
import hmac

from kiosk.domain.account import Holder, IdentifiedBy


def plain_number(holder: Holder) -> str:
    """A number as it is compared: letters and digits only, in capitals; of a telephone the digits."""
    letters = (letter for letter in holder.number.upper() if letter.isascii() and letter.isalnum())
    if holder.by is IdentifiedBy.PHONE:
        return "".join(letter for letter in letters if letter.isdigit())
    return "".join(letters)


def number_mark(key: bytes, holder: Holder) -> str:
    """By what an account is found: 64 hex digits."""
    return _derived(key, f"number:{holder.by}:{plain_number(holder)}").hex()


def pin_input(key: bytes, mark: str, pin: str) -> bytes:
    """What stands for the PIN of the holder called `mark` when it is hashed: without the key, nobody can try one PIN after another."""
    return _derived(key, f"pin:{mark}:{pin}")


def sealing_key(key: bytes) -> bytes:
    """The key that accounts are sealed with: 32 bytes."""
    return _derived(key, "seal")


def key_name(key: bytes) -> str:
    """16 hex digits by which the key is known again, and which say nothing about it."""
    return _derived(key, "name").hex()[:16]


def sealed_for(store_id: str, mark: str) -> bytes:
    """What a sealed account is bound to: in another store, or under another mark, it does not open."""
    return f"tern:account:{store_id}:{mark}".encode()


def _derived(key: bytes, text: str) -> bytes:
    return hmac.new(key, f"tern:snapshot:{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
