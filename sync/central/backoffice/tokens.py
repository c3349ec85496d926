"""Tokens of back offices: made at the command line, kept as a hash, good for some scopes in one store or all."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from sync.central import audit
from sync.central.database import changed, one, run
from sync.central.errors import CentralError
from sync.central.feeds import EVERY_STORE


class Scope(StrEnum):
    """What a token is good for."""

    CATALOGUE = "catalogue:write"
    SALES = "sales:read"
    FORMS = "forms:read"  # names and telephone numbers of customers are in them
    WEBHOOKS = "webhooks:write"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token it is. `store_id` "*" is every store."""

    token_id: str
    name: str
    store_id: str
    scopes: frozenset[str]

    def works_in(self, store_id: str) -> bool:
        """Whether the token is good for that store."""
        return self.store_id in (EVERY_STORE, store_id)


def add(connection: Connection, name: str, scopes: frozenset[Scope], *, store_id: str, now_s: float) -> str:
    """A new token, shown this once. Raises CentralError."""
    if not scopes or not name or len(name) > 64:
        raise CentralError("a token needs a name of at most 64 letters, and a scope")
    token_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    run(
        connection,
        "INSERT INTO api_token VALUES (:id, :store, :name, :scopes, :secret, :now, NULL)",
        id=token_id,
        store=store_id,
        name=name,
        scopes=" ".join(sorted(scopes)),
        secret=_hash(secret),
        now=int(now_s * 1000),
    )
    act = audit.Act(store_id, "command-line", "token.added", token_id, f"{name} {' '.join(sorted(scopes))}")
    audit.write(connection, act, now_s)
    return f"tern_{token_id}_{secret}"


def revoke(connection: Connection, token_id: str, now_s: float) -> None:
    """The token is not good any more. Raises CentralError."""
    sql = "UPDATE api_token SET revoked_ms = :now WHERE token_id = :id AND revoked_ms IS NULL"
    if not changed(connection, sql, id=token_id, now=int(now_s * 1000)):
        raise CentralError(f"there is no token {token_id[:32]!r}; the part behind tern_ is its id")
    audit.write(connection, audit.Act(EVERY_STORE, "command-line", "token.revoked", token_id), now_s)


def caller(connection: Connection, token: str) -> Caller | None:
    """Whose token it is; None where it is nobody's."""
    prefix, _, rest = token[:200].partition("_")
    token_id, _, secret = rest.partition("_")
    if prefix != "tern" or not token_id.isalnum():
        return None
    row = one(connection, "SELECT * FROM api_token WHERE token_id = :id AND revoked_ms IS NULL", id=token_id)
    # A random secret of 256 bits needs no slow hash.
    if row is None or not hmac.compare_digest(row.secret_sha256, _hash(secret)):
        return None
    return Caller(row.token_id, row.name, row.store_id, frozenset(row.scopes.split()))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
