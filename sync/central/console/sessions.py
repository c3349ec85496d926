"""Sessions in signed cookies, and the tokens that tie a form to its session. Every process that shares the database shares the key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from sync.central.database import one, run

COOKIE: Final = "tern_console"
LIFE_S: Final = 12 * 3600  # a shift and its overtime
_LONGEST: Final = 1024


@dataclass(frozen=True, slots=True)
class Session:
    """`name` is "" before anybody has logged in; `number` is random; `begun_ms` by the service's clock."""

    number: str
    name: str
    begun_ms: int


def key(connection: Connection) -> bytes:
    """What cookies are signed with; made at the first call."""
    sql = "INSERT INTO console_key VALUES ('session', :secret) ON CONFLICT (purpose) DO NOTHING"
    run(connection, sql, secret=secrets.token_hex(32))
    row = one(connection, "SELECT secret FROM console_key WHERE purpose = 'session'")
    return bytes.fromhex(row.secret) if row else b""


def begin(name: str, now_s: float) -> Session:
    """A new session; never the one from before the log-in, which someone else may have put there."""
    return Session(secrets.token_urlsafe(18), name, int(now_s * 1000))


def seal(session: Session, signing_key: bytes) -> str:
    """The cookie's value."""
    content = _coded(json.dumps([session.number, session.name, session.begun_ms]).encode())
    return f"{content}.{_mac(signing_key, 'session', content)}"


def opened(value: str, signing_key: bytes, now_s: float) -> Session | None:
    """The session of a cookie; None where it is forged, cut or too old."""
    content, _, given = value[:_LONGEST].partition(".")
    if not hmac.compare_digest(_mac(signing_key, "session", content).encode(), given.encode()):
        return None
    # What follows was signed by this service, so it has the shape that `seal` gave it.
    number, name, begun_ms = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    session = Session(str(number), str(name), int(begun_ms))
    return session if 0 <= now_s * 1000 - session.begun_ms + 60_000 <= (LIFE_S + 60) * 1000 else None


def form_token(session: Session, signing_key: bytes) -> str:
    """What every form of this session carries."""
    return _mac(signing_key, "form", session.number)


def is_form_token(given: str, session: Session, signing_key: bytes) -> bool:
    """Whether a form was made for this session."""
    return hmac.compare_digest(form_token(session, signing_key).encode(), given[:_LONGEST].encode())


def _mac(signing_key: bytes, purpose: str, content: str) -> str:
    return _coded(hmac.new(signing_key, f"{purpose}\n{content}".encode(), hashlib.sha256).digest())


def _coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
