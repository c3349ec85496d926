"""Accounts on the wire: who shows a number and a PIN, what is on the account, and the key of a store's snapshot.

All of it is live and private. A PIN, a code, a number or a ticket stands in the body of one request only: never in an address, never in
a header, never in what is written down. Every answer names the question that it is for, and is refused or not (`refused`), so that a wrong
PIN is an answer and no fault of the line.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints

from kiosk.domain.account import IdentifiedBy
from sync.protocol.wire import Answer, Line, Name, Request

ACCOUNT_BODY_MOST_BYTES: Final = 4_096
STATEMENT_MOST_MONTHS: Final = 24

# `repr=False`: what a model shows of itself in a log or a traceback is never one of these.
Number = Annotated[str, StringConstraints(pattern=r"^[ -~]{1,64}$"), Field(repr=False)]
Pin = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,32}$"), Field(repr=False)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,10}$"), Field(repr=False)]
Ticket = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,64}$"), Field(repr=False)]
Mark = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Asked(Request):
    """`asked_id` is the question's own: the same question again, after a cut line, counts once."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    asked_id: Name


class VerifyAsked(Asked):
    """`POST /v1/accounts/verify`: whether the PIN is that of whoever has this number."""

    by: IdentifiedBy
    number: Number
    layout: Line = ""
    pin: Pin


class TicketAsked(Asked):
    """`POST /v1/accounts/code`, `/overview`, `/leave`: about the account that the ticket opens."""

    ticket: Ticket


class StepUpAsked(TicketAsked):
    """`POST /v1/accounts/step-up`: whether the one-time code is right."""

    code: Code


class StatementAsked(TicketAsked):
    """`POST /v1/accounts/statement`: the movements of the last `months`."""

    months: Annotated[int, Field(ge=1, le=STATEMENT_MOST_MONTHS)]


class RequestAsked(TicketAsked):
    """`POST /v1/accounts/request`: another address or telephone number, for people to decide; only after a step-up of this ticket."""

    what: Literal["address", "phone"]
    value: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,200}$"), Field(repr=False)]


class KeyAsked(Asked):
    """`POST /v1/accounts/key`: the key of this store's snapshot, which never stands in a feed."""


class Refused(Answer):
    """Why not: `reason` as in `kiosk.ports.AccountRefused`."""

    reason: Name
    tries_left: Annotated[int, Field(ge=0)] | None = None
    locked_for_s: Annotated[int, Field(ge=0)] | None = None


class Answered(Answer):
    """`refused` says why, and None that it was done."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)

    asked_id: Name
    refused: Refused | None = None


class VerifyAnswer(Answered):
    """The holder is who they say: as `kiosk.ports.Verified`."""

    ticket: Annotated[str, Field(repr=False)] = ""
    mark: str = ""
    consent: str = ""
    steps_up: bool = False


class CodeAnswer(Answered):
    """Where the one-time code went, masked; "app" for one of their own."""

    sent_to: Line = ""


class StepUpAnswer(Answered):
    """The code was right, unless refused."""


class OverviewAnswer(Answered):
    """`overview` as `kiosk.domain.account_body` has it."""

    overview: Annotated[dict[str, Any], Field(repr=False)] = Field(default_factory=dict)


class StatementAnswer(OverviewAnswer):
    """`movements` as `kiosk.domain.account_body` has them, the oldest first."""

    movements: Annotated[list[Any], Field(repr=False)] = Field(default_factory=list)


class RequestAnswer(Answered):
    """It is kept, and known to people as `number`."""

    number: str = ""


class LeaveAnswer(Answered):
    """The ticket opens nothing any more."""


class KeyAnswer(Answered):
    """`key`: 64 hex digits."""

    store_id: Name
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", repr=False)]
