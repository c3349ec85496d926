"""One-time codes: those that a holder's app makes (RFC 6238), each good once, and those that are made here and sent."""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Connection

from sync.central.database import changed

STEP_S: Final = 30  # RFC 6238, 5.2
DIGITS: Final = 6
WINDOW: Final = 1  # steps before and after, for clocks that differ


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def code_at(secret: bytes, at_s: float) -> str:
    """What an app with `secret` shows at `at_s` (seconds since 1970)."""
    return TOTP(secret, DIGITS, SHA1(), STEP_S, enforce_key_length=False).generate(int(at_s)).decode("ascii")  # noqa: S303 - RFC 6238's own hash


def step_of(secret: bytes, code: str, now_s: float) -> int | None:
    """The time step that `code` is of, within the window; None where it is of none. Looks at all of them, whichever fits."""
    now = int(now_s) // STEP_S
    fits = [step for step in range(now - WINDOW, now + WINDOW + 1) if _is_of(secret, code, step)]
    return fits[0] if fits else None


def use(connection: Connection, mark: str, step: int) -> bool:
    """Use the code of a step; False where it, or a later one, was used before (RFC 6238, 5.2: accepted once only)."""
    sql = (
        "INSERT INTO account_code_used VALUES (:mark, :step) ON CONFLICT (mark) DO UPDATE SET last_step = excluded.last_step"
        " WHERE account_code_used.last_step < excluded.last_step"
    )
    return changed(connection, sql, mark=mark, step=step) > 0


def _is_of(secret: bytes, code: str, step: int) -> bool:
    return hmac.compare_digest(code_at(secret, step * STEP_S), code)
