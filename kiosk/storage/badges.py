"""How a badge is known again without standing anywhere in the clear: argon2id under a salt that a store's badges share, in PHC form."""

from __future__ import annotations

import base64
import secrets
from typing import Final

# OWASP's least (2025): some 30 ms a try here, so that whoever has the file does not try all numbers of a badge in an afternoon.
_PARAMETERS: Final = "$argon2id$v=19$m=19456,t=2,p=1$"
_SALT_BYTES: Final = 16


def new_salt() -> str:
    """A salt, with the parameters that go with it."""
    return _PARAMETERS + _text(secrets.token_bytes(_SALT_BYTES))


def salt_of(salted_badge: str) -> str:
    """The salt under which a badge was hashed."""
    return salted_badge.rpartition("$")[0]


def salted(badge: str, salt: str) -> str:
    """`badge` under `salt`: the same for the same badge, so that it can be looked up."""
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - not needed on the way to the first scan

    raw_salt = base64.b64decode(salt.rpartition("$")[2] + "==")
    found = hash_secret_raw(
        badge.encode("utf-8", "surrogatepass"),
        raw_salt,
        time_cost=2,
        memory_cost=19_456,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )
    return f"{salt}${_text(found)}"


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii").rstrip("=")
