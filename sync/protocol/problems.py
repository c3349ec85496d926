"""What the service answers when it does not do what was asked: problem documents (RFC 9457) with stable types.

What a terminal does about each:

- CLOCK: sign again with `created` by the service's clock (`service_time`, also the Date header); keep the difference. The terminal's own
  clock is left alone.
- REPLAY: this very request arrived before (a proxy doubled it, or its answer was lost); sign it again with a new nonce.
- GAP: send from `expected_seq` on, each entry under the journal id that it was written with.
- FORK: the service holds another entry under `seq`. What was sent is kept beside up to `kept_through`, and people are told: mark it so,
  go on with what comes after.
- BAD_CHAIN, MALFORMED, TOO_LARGE: entry `seq`, or the whole request, is not what it should be, and nothing was stored. Put the entries
  where people see them with POST /v1/quarantine: kept and alerted, never part of the books. What comes after them is accepted then.
- BUSY, SHED, UNAVAILABLE: try again, no sooner than `retry_after_ms` says, with jitter of one's own. One attempt at a time. Retry-After
  says the same in whole seconds (RFC 9110, 10.2.3), rounded up, for what stands between and knows no more.
- EXPIRED: the deadline passed while the request waited; nothing was done. Try again.
- REVOKED, UNKNOWN_KEY, BAD_SIGNATURE: stop, keep everything, tell the technician; ask again every few minutes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sync.protocol.wire import Answer

MEDIA_TYPE = "application/problem+json"


class ProblemType(StrEnum):
    """The `type` of a problem: a URN that never changes once released."""

    MALFORMED = "urn:tern:problem:malformed"  # 400, 422: no JSON, a wrong field (`seq` or `field` says which)
    PROTOCOL = "urn:tern:problem:protocol-version"  # 400
    TOO_LARGE = "urn:tern:problem:too-large"  # 413
    UNSIGNED = "urn:tern:problem:unsigned"  # 401: a header of the signature is missing or cannot be read
    BAD_SIGNATURE = "urn:tern:problem:bad-signature"  # 401
    BAD_DIGEST = "urn:tern:problem:bad-digest"  # 400: the body is not the one that was signed
    CLOCK = "urn:tern:problem:clock"  # 401: `created` is outside the window
    REPLAY = "urn:tern:problem:replay"  # 409
    UNKNOWN_KEY = "urn:tern:problem:unknown-key"  # 401
    REVOKED = "urn:tern:problem:revoked"  # 403
    OTHER_TERMINAL = "urn:tern:problem:other-terminal"  # 403: signed by one terminal, speaks of another
    GAP = "urn:tern:problem:gap"  # 409
    FORK = "urn:tern:problem:fork"  # 409
    BAD_CHAIN = "urn:tern:problem:bad-chain"  # 422
    UNKNOWN = "urn:tern:problem:not-found"  # 404
    METHOD = "urn:tern:problem:method"  # 405
    PAIRING = "urn:tern:problem:pairing"  # 403: the code is wrong, used up or too old
    TAKEN = "urn:tern:problem:taken"  # 409: another terminal has redeemed the voucher, or taken up the basket
    ANSWERED = "urn:tern:problem:answered"  # 409: the command has another result already
    EXPIRED = "urn:tern:problem:expired"  # 504: the deadline passed while it waited
    BUSY = "urn:tern:problem:busy"  # 503 with Retry-After
    SHED = "urn:tern:problem:shed"  # 503 with Retry-After: telemetry gives way
    UNAVAILABLE = "urn:tern:problem:unavailable"  # 503 with Retry-After: the database is away
    INTERNAL = "urn:tern:problem:internal"  # 500


class Problem(Answer):
    """A problem document. `detail` is one sentence for people; the rest only where the type says so."""

    type: str  # one of ProblemType, or one that a newer service knows
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str = ""
    seq: int | None = None  # BAD_CHAIN, FORK, MALFORMED: the first entry that is wrong
    field: str | None = None  # MALFORMED: where
    journal_id: str | None = None  # GAP, FORK
    expected_seq: int | None = None  # GAP: what to send next
    held_hash: str | None = None  # FORK: of the entry that the service holds; GAP: of the head
    kept_through: int | None = None  # FORK: the last entry that was kept beside
    service_time: str | None = None  # CLOCK: ISO 8601, UTC
    retry_after_ms: Annotated[int, Field(ge=0)] | None = None  # BUSY, SHED, UNAVAILABLE: a slot of the terminal's own
    holder: str | None = None  # TAKEN: the sale that has it
