"""What a terminal tells besides its books: the state it is in, telemetry that may be shed, what is set aside; and what it claims first.

The state is the last word only, asked for approvals included; telemetry is a stream of its own that never stands in the way of money.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field

from sync.protocol.journal import Seq
from sync.protocol.wire import BATCH_MOST_ENTRIES, TELEMETRY_MOST_EVENTS, Answer, Digest, Line, Name, Request, WallTime

_Count = Annotated[int, Field(ge=0, le=2**53)]


class Unsent(Request):
    """What waits to be sent: how many entries, since when, and why (a code such as "offline", "busy", "fork"; "" when nothing waits)."""

    entries: _Count = 0
    since: WallTime | None = None
    reason: Line = ""
    set_aside: _Count = 0  # entries that the service could not take into the books
    telemetry: _Count = 0
    telemetry_dropped: _Count = 0


class DeviceHealth(Request):
    """A device as its supervisor sees it: `health` is one of kiosk.ports' health names in lower case."""

    device: Name
    health: Name
    reason: Line = ""


class ApprovalKind(StrEnum):
    """What may be asked for. A terminal without the journey for one refuses its answer: "not-supported"."""

    AGE = "age"
    PRICE = "price"
    REFUND = "refund"


class ApprovalRequest(Request):
    """What a person is asked to approve from afar. `basket_hash` binds the answer; `picture` is a name of the store's pictures."""

    request_id: Name
    kind: Name  # an ApprovalKind, or one that only a newer terminal knows
    basket_hash: Line
    item: Line = ""
    picture: Line = ""
    reason: Line = ""
    since: WallTime


class Mode(StrEnum):
    """What a terminal is about, in a word; `step` says more."""

    IDLE = "idle"  # it could sell, and nobody is at it
    SELLING = "selling"
    MAINTENANCE = "maintenance"
    CLOSED = "closed"  # it serves nobody, as it was told to
    OUT_OF_SERVICE = "out-of-service"


# In these a terminal does what it should; in any other, also one that only a newer terminal knows, somebody has to look.
AS_IT_SHOULD: Final = frozenset({Mode.IDLE, Mode.SELLING, Mode.CLOSED})


class TerminalState(Request):
    """`PUT /v1/state`: what this terminal is doing. Sent when it changes, and every 20 s so that silence means something."""

    at: WallTime
    mode: Name  # a Mode, or one that only a newer terminal knows
    step: Line = ""  # the step of the journey in progress
    version: Line = ""
    profile: Line = ""
    journal_id: Name
    seq: _Count
    unsent: Unsent = Unsent()
    devices: Annotated[tuple[DeviceHealth, ...], Field(max_length=32)] = ()
    approvals: Annotated[tuple[ApprovalRequest, ...], Field(max_length=8)] = ()
    limits: dict[Name, _Count] = Field(
        default_factory=dict
    )  # what is left of each offline limit, minor units or counts


class StateAnswer(Answer):
    """How soon to tell again at the latest, and whether a command waits (then poll at once)."""

    next_in_s: float
    commands_wait: bool


class TelemetryEvent(Request):
    """A journey step, a timing, feedback. `body` is small and holds nothing about a person."""

    at: WallTime
    clock_ms: int
    name: Name
    body: dict[str, Any] = Field(default_factory=dict)


class TelemetryBatch(Request):
    """`POST /v1/telemetry`, gzip, class telemetry. `dropped` is how many events were thrown out since the batch before."""

    batch_id: Name
    dropped: _Count = 0
    events: Annotated[tuple[TelemetryEvent, ...], Field(min_length=1, max_length=TELEMETRY_MOST_EVENTS)]


class Accepted(Answer):
    """It is kept. `new` is how many were not held before."""

    new: int


class SetAside(Request):
    """`POST /v1/quarantine`, gzip: entries that the service could not take, as text, with the problem's type. Never part of the books.

    They begin where the service's head ends (else GAP), and are one journal's; the head is at `to_seq` with `to_hash` afterwards (what the
    terminal has written for it), so that the entry behind them is accepted. `rows` is empty where they are too large to send at all.
    """

    journal_id: Name
    from_seq: Seq
    to_seq: Seq
    to_hash: Digest
    problem: Line
    rows: Annotated[tuple[str, ...], Field(max_length=BATCH_MOST_ENTRIES)]


class ClaimKind(StrEnum):
    """What can be used once in a whole store."""

    VOUCHER = "voucher"
    BASKET = "basket"  # a basket on hold
    SLOT = "slot"  # a place of an appointment's time; `sale_id` is the form's own id
    RECEIPT = "receipt"  # while a refund of it is under way


class Claim(Request):
    """`POST /v1/claims`, class live: may this sale have it? The sale's id is the claim's: the same again is granted the same.

    It holds until the books tell that it was used, until `POST /v1/claims/release`, or for a quarter of an hour. Offline a terminal goes
    by its site's rules, and the books tell afterwards.
    """

    kind: ClaimKind
    code: Line
    sale_id: Name


class ClaimAnswer(Answer):
    """Granted to `sale_id` (again, for the same one). `body`: the held basket's canonical JSON; None for vouchers, or where unknown."""

    kind: ClaimKind
    code: str
    sale_id: str
    body: str | None = None
