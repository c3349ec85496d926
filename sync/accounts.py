"""Asks the central service about accounts: live, on a thread of its own, each question within five seconds."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from kiosk.domain.account import Holder, Overview
from kiosk.domain.account_body import AccountBodyError, movements_from_body, overview_from_body
from kiosk.ports.accounts import AccountRefused, Statement, Verified
from sync.asking import Asking, Unanswered
from sync.line import Line
from sync.protocol.accounts import (
    Answered,
    Asked,
    CodeAnswer,
    KeyAnswer,
    KeyAsked,
    LeaveAnswer,
    OverviewAnswer,
    RequestAnswer,
    RequestAsked,
    StatementAnswer,
    StatementAsked,
    StepUpAnswer,
    StepUpAsked,
    TicketAsked,
    VerifyAnswer,
    VerifyAsked,
)

A = TypeVar("A", bound=Answered)
M = TypeVar("M", bound=Asked)
T = TypeVar("T")
log = logging.getLogger(__name__)

WITHIN_S: Final = 4.0  # with what a connection may take longer to fail, the five seconds of the port
_AWAY: Final = AccountRefused("away")
_ENDED: Final = AccountRefused("ended")
_NOT_OFFERED: Final = AccountRefused("not-offered")


class StoreAccounts:
    """`kiosk.ports.AccountOffice` over the line. `start` and `stop` from any thread."""

    def __init__(self, line: Line) -> None:
        self._asking = Asking(line, "accounts")
        self.start, self.stop = self._asking.start, self._asking.stop

    def verify(self, holder: Holder, pin: str, done: Callable[[Verified | AccountRefused], None]) -> None:
        """As `kiosk.ports.AccountOffice.verify`."""

        def read(answer: VerifyAnswer) -> Verified:
            return Verified(answer.ticket, answer.mark, answer.consent, answer.steps_up)

        what = {"by": holder.by, "number": holder.number, "layout": holder.layout, "pin": pin}
        self._ask(VerifyAnswer, "verify", _made(VerifyAsked, what), read, done, or_else=AccountRefused("no-match"))

    def send_code(self, ticket: str, done: Callable[[str | AccountRefused], None]) -> None:
        """As `kiosk.ports.AccountOffice.send_code`."""
        self._ask(CodeAnswer, "code", _about(ticket), lambda answer: answer.sent_to, done)

    def step_up(self, ticket: str, code: str, done: Callable[[bool | AccountRefused], None]) -> None:
        """As `kiosk.ports.AccountOffice.step_up`."""
        asked = _made(StepUpAsked, {"ticket": ticket, "code": code})
        self._ask(StepUpAnswer, "step-up", asked, lambda _: True, done, or_else=AccountRefused("wrong-code"))

    def overview(self, ticket: str, done: Callable[[Overview | AccountRefused], None]) -> None:
        """As `kiosk.ports.AccountOffice.overview`."""
        self._ask(OverviewAnswer, "overview", _about(ticket), lambda found: overview_from_body(found.overview), done)

    def statement(self, ticket: str, months: int, done: Callable[[Statement | AccountRefused], None]) -> None:
        """As `kiosk.ports.AccountOffice.statement`."""

        def read(answer: StatementAnswer) -> Statement:
            return Statement(overview_from_body(answer.overview), movements_from_body(answer.movements))

        self._ask(StatementAnswer, "statement", _made(StatementAsked, {"ticket": ticket, "months": months}), read, done)

    def request(self, ticket: str, what: str, value: str, done: Callable[[str | AccountRefused], None]) -> None:
        """As `kiosk.ports.AccountOffice.request`."""
        asked = _made(RequestAsked, {"ticket": ticket, "what": what, "value": value})
        self._ask(RequestAnswer, "request", asked, lambda answer: answer.number, done, or_else=_NOT_OFFERED)

    def leave(self, ticket: str) -> None:
        """As `kiosk.ports.AccountOffice.leave`."""
        asked = _about(ticket)
        if asked is not None:
            self._asking.tell(LeaveAnswer, "/v1/accounts/leave", asked)

    def snapshot_key(self, done: Callable[[bytes | AccountRefused], None]) -> None:
        """The key under which this store's snapshot is kept: 32 bytes, for the file that they belong in."""
        self._ask(KeyAnswer, "key", _made(KeyAsked, {}), lambda answer: bytes.fromhex(answer.key), done)

    def _ask(  # noqa: PLR0917 - a question and what becomes of its answer
        self,
        answer: type[A],
        what: str,
        asked: Asked | None,
        read: Callable[[A], T],
        done: Callable[[T | AccountRefused], None],
        or_else: AccountRefused = _ENDED,
    ) -> None:
        """`or_else` where nobody has to be asked: a text that can be no number, PIN, code or ticket."""
        if asked is None:
            done(or_else)
            return

        def answered(found: A | Unanswered) -> None:
            done(_read(found, asked, read))

        self._asking.ask(answer, f"/v1/accounts/{what}", asked, answered, within_s=WITHIN_S)


def _read(found: A | Unanswered, asked: Asked, read: Callable[[A], T]) -> T | AccountRefused:
    if isinstance(found, Unanswered):
        if found.problem is not None:
            log.warning("a question about an account was not answered: %s", found.problem.detail or found.problem.type)
        return _AWAY
    if found.asked_id != asked.asked_id:  # what stands between may hand over the answer to another question
        log.error("the answer to another question about an account came back; it is not used")
        return _AWAY
    if found.refused is not None:
        return AccountRefused(found.refused.reason, found.refused.tries_left, found.refused.locked_for_s)
    try:
        return read(found)
    except AccountBodyError as error:
        log.error("an account cannot be shown: %s", error)
        return _AWAY


def _about(ticket: str) -> TicketAsked | None:
    return _made(TicketAsked, {"ticket": ticket})


def _made(model: type[M], what: dict[str, Any]) -> M | None:
    """None where something cannot be what it should be; what, is not said, for it is private."""
    try:
        return model(asked_id=f"q-{secrets.token_hex(8)}", **what)
    except ValidationError:
        return None
