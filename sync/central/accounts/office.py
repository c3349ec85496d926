"""The service's account office: what terminals ask of it, answered by the core, and counted, ticketed and bounded here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Connection

from kiosk.domain.account import Holder
from kiosk.domain.account_body import movements_body, overview_body
from kiosk.domain.facts import Json
from sync.central.accounts import codes, consents, requests, tickets, tries
from sync.central.accounts.connector import AccountsConnector, AppCode, CoreAwayError
from sync.central.accounts.due import still_due
from sync.central.accounts.marks import Marks
from sync.central.accounts.tickets import Opened
from sync.central.database import Database
from sync.central.heads import Sender
from sync.protocol.accounts import (
    Answered,
    Asked,
    CodeAnswer,
    KeyAnswer,
    KeyAsked,
    LeaveAnswer,
    OverviewAnswer,
    Refused,
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
log = logging.getLogger(__name__)

IN_APP: Final = "app"
WAIT_FOR_CORE_S: Final = 0.3
_ENDED: Final = Refused(reason="ended")
_AWAY: Final = Refused(reason="away")
NOT_OFFERED: Final = Refused(reason="not-offered")


@dataclass(frozen=True, slots=True)
class Accounts:
    """The core that the service is connected with, and the marks under the company's key."""

    connector: AccountsConnector
    marks: Marks


class AccountDesk:
    """Answers for `accounts`, or that none are offered. Called from many threads; every method in transactions of its own.

    At most `most_at_once` questions are at the core: a core that hangs must not take all the threads that take in sales.
    """

    def __init__(self, database: Database, accounts: Accounts | None, most_at_once: int) -> None:
        self._database = database
        self._accounts = accounts
        self._places = threading.BoundedSemaphore(most_at_once)

    def verify(self, sender: Sender, asked: VerifyAsked) -> VerifyAnswer:
        """Whether the PIN is the holder's. A number that is nobody's takes the same way, and as long."""
        return self._at_core(VerifyAnswer, asked, lambda accounts: self._verify(accounts, sender, asked))

    def code(self, sender: Sender, asked: TicketAsked) -> CodeAnswer:
        """Have a one-time code made, unless the holder's app does."""
        return self._at_core(CodeAnswer, asked, lambda accounts: self._code(accounts, sender, asked))

    def step_up(self, sender: Sender, asked: StepUpAsked) -> StepUpAnswer:
        """Whether the one-time code is right."""
        return self._at_core(StepUpAnswer, asked, lambda accounts: self._step_up(accounts, sender, asked))

    def overview(self, sender: Sender, asked: TicketAsked) -> OverviewAnswer:
        """What is on the account."""

        def work(accounts: Accounts) -> OverviewAnswer | Refused:
            found = self._opened(sender, asked.ticket)
            if found is None:
                return _ENDED
            return OverviewAnswer(asked_id=asked.asked_id, overview=self._overview(accounts, found))

        return self._at_core(OverviewAnswer, asked, work)

    def statement(self, sender: Sender, asked: StatementAsked) -> StatementAnswer:
        """The movements of the last months."""

        def work(accounts: Accounts) -> StatementAnswer | Refused:
            found = self._opened(sender, asked.ticket)
            if found is None:
                return _ENDED
            overview = self._overview(accounts, found)
            movements = accounts.connector.statement(found.account_id, asked.months)
            return StatementAnswer(asked_id=asked.asked_id, overview=overview, movements=movements_body(movements))

        return self._at_core(StatementAnswer, asked, work)

    def request(self, sender: Sender, asked: RequestAsked) -> RequestAnswer:
        """Take what the holder asks for, after a step-up: durable first, then told to the core, now or as soon as it is there."""

        def work(accounts: Accounts) -> RequestAnswer | Refused:
            found = self._opened(sender, asked.ticket)
            if found is None:
                return _ENDED
            if not found.step_mark:
                return Refused(reason="wrong-code")
            kept, is_taken = self._database.write(lambda c: requests.keep(c, sender, found, asked))
            if not is_taken:
                requests.hand_over(self._database, accounts.connector, (kept,), sender.now_s)
            return RequestAnswer(asked_id=asked.asked_id, number=kept.request_id)

        return self._at_core(RequestAnswer, asked, work)

    def leave(self, sender: Sender, asked: TicketAsked) -> LeaveAnswer:
        """The ticket is void; the core is not asked."""
        self._database.write(lambda connection: tickets.void(connection, sender, asked.ticket))
        return LeaveAnswer(asked_id=asked.asked_id)

    def key(self, sender: Sender, asked: KeyAsked) -> KeyAnswer:
        """The key of the store's snapshot; without accounts one of zeros, which is nobody's."""
        if self._accounts is None:
            return KeyAnswer(asked_id=asked.asked_id, refused=NOT_OFFERED, store_id=sender.store_id, key="0" * 64)
        key = self._accounts.marks.store_key(sender.store_id)
        return KeyAnswer(asked_id=asked.asked_id, store_id=sender.store_id, key=key.hex())

    def _at_core(self, answer: type[A], asked: Asked, work: Callable[[Accounts], A | Refused]) -> A:
        if self._accounts is None:
            return answer(asked_id=asked.asked_id, refused=NOT_OFFERED)
        if not self._places.acquire(timeout=WAIT_FOR_CORE_S):
            log.warning("the core of the accounts is slow: a question was not put to it")
            return answer(asked_id=asked.asked_id, refused=_AWAY)
        try:
            found = work(self._accounts)
        except CoreAwayError as error:
            log.warning("the core of the accounts is away: %s", error)
            found = _AWAY
        finally:
            self._places.release()
        return answer(asked_id=asked.asked_id, refused=found) if isinstance(found, Refused) else found

    def _verify(self, accounts: Accounts, sender: Sender, asked: VerifyAsked) -> VerifyAnswer | Refused:
        holder = Holder(asked.by, asked.number, asked.layout)
        account_id = accounts.connector.find(holder)
        mark = accounts.marks.of_nobody(holder) if account_id is None else accounts.marks.of_account(account_id)
        try_mark = accounts.marks.of_try(asked.asked_id, asked.pin)
        counted = self._database.write(lambda c: tries.count(c, sender, tries.pin_subject(mark), try_mark))
        if isinstance(counted, Refused):
            return counted
        if not accounts.connector.is_pin(account_id, asked.pin) or account_id is None:
            return self._database.write(lambda c: tries.was_wrong(c, sender, counted, "no-match"))
        steps_up = accounts.connector.codes(account_id) is not None

        def let_in(connection: Connection) -> VerifyAnswer:
            tries.was_right(connection, sender, counted)
            ticket = tickets.give(connection, sender, account_id, mark)
            version = consents.last(connection, mark)
            return VerifyAnswer(asked_id=asked.asked_id, ticket=ticket, mark=mark, consent=version, steps_up=steps_up)

        return self._database.write(let_in)

    def _code(self, accounts: Accounts, sender: Sender, asked: TicketAsked) -> CodeAnswer | Refused:
        found = self._opened(sender, asked.ticket)
        if found is None:
            return _ENDED
        way = accounts.connector.codes(found.account_id)
        if way is None:
            return NOT_OFFERED
        if isinstance(way, AppCode):
            return CodeAnswer(asked_id=asked.asked_id, sent_to=IN_APP)
        if found.codes_sent >= tickets.MOST_CODES:
            return Refused(reason="locked", locked_for_s=int(tickets.LIFE_S))
        code = codes.new_code()
        mark = accounts.marks.of_code(asked.ticket, code)
        self._database.write(lambda c: tickets.keep_code(c, sender, asked.ticket, mark))
        accounts.connector.send_code(found.account_id, code)
        return CodeAnswer(asked_id=asked.asked_id, sent_to=way.where)

    def _step_up(self, accounts: Accounts, sender: Sender, asked: StepUpAsked) -> StepUpAnswer | Refused:
        found = self._opened(sender, asked.ticket)
        if found is None:
            return _ENDED
        way = accounts.connector.codes(found.account_id)
        if way is None:
            return NOT_OFFERED
        try_mark = accounts.marks.of_try(asked.asked_id, asked.code)
        if found.step_mark == try_mark:  # this very question was answered with yes, and the answer was lost on the line
            return StepUpAnswer(asked_id=asked.asked_id)
        counted = self._database.write(lambda c: tries.count(c, sender, tries.code_subject(found.mark), try_mark))
        if isinstance(counted, Refused):
            return counted
        sent_mark = accounts.marks.of_code(asked.ticket, asked.code)

        def look(connection: Connection) -> StepUpAnswer | Refused:
            is_right = (
                _is_of_app(connection, sender, found.mark, way.secret, asked.code)
                if isinstance(way, AppCode)
                else tickets.use_code(connection, sender, asked.ticket, sent_mark)
            )
            if not is_right:
                return tries.was_wrong(connection, sender, counted, "wrong-code")
            tries.was_right(connection, sender, counted)
            tickets.stepped_up(connection, sender, asked.ticket, try_mark)
            return StepUpAnswer(asked_id=asked.asked_id)

        return self._database.write(look)

    def _overview(self, accounts: Accounts, found: Opened) -> dict[str, Json]:
        overview = accounts.connector.overview(found.account_id)
        return overview_body(self._database.read(lambda connection: still_due(connection, overview)))

    def _opened(self, sender: Sender, ticket: str) -> Opened | None:
        return self._database.write(lambda connection: tickets.opened(connection, sender, ticket))


def _is_of_app(connection: Connection, sender: Sender, mark: str, secret: bytes, code: str) -> bool:
    step = codes.step_of(secret, code, sender.now_s)
    return step is not None and codes.use(connection, mark, step)
