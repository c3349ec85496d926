"""The demo's account holders, as far as the bench needs them: their cards, their PINs, and the one-time code that their app shows now."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import sqlite3
import tomllib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_STEP_S = 30


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder of the demo. `secret` is their app's, b"" where codes are sent to them or there are none."""

    id: str
    name: str
    card: str
    pin: str
    secret: bytes = b""
    is_sent: bool = False


def read_holders(path: Path) -> Sequence[Holder]:
    """The holders in `path` who have a card; none where there is no such file, or it is not what it should be."""
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("account", [])
        return tuple(_holder(one) for one in found if one.get("cards"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return ()


def code_now(secret: bytes, at_s: float) -> str:
    """The six digits that an app with `secret` shows at `at_s` (RFC 6238 with SHA-1, steps of 30 s; RFC 4226, 5.3)."""
    digest = hmac.digest(secret, int(at_s // _STEP_S).to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def sent_code(core: Path, holder_id: str) -> str:
    """The last code that the demo core sent to a holder, as they would find it on their telephone; "" for none. `core` is its database."""
    try:
        with closing(sqlite3.connect(f"{core.absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)) as database:
            row = database.execute("SELECT code FROM sent WHERE account_id = ?", (holder_id,)).fetchone()
    except sqlite3.Error:
        return ""
    return str(row[0]) if row else ""


def seconds_left(at_s: float) -> int:
    """For how long the present code stays, in seconds."""
    return _STEP_S - int(at_s) % _STEP_S


def _holder(one: dict[str, object]) -> Holder:
    cards = one["cards"]
    card = str(cards[0]) if isinstance(cards, list) else ""
    secret = base64.b32decode(str(one.get("totp", "")))
    return Holder(str(one["id"]), str(one["name"]), card, str(one["pin"]), secret, is_sent=bool(one.get("sms")))
