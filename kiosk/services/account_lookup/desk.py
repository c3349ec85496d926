"""Performs what looking up an account asks for: asks the office, or the store's own copy where nobody can be asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final

from kiosk.domain.account import Holder
from kiosk.domain.facts import Json, Kind
from kiosk.ports import (
    AccountOffice,
    AccountRefused,
    AccountSnapshot,
    Attended,
    DeviceUnavailableError,
    Printer,
    PrintJob,
    PrintOutcome,
    PrintResult,
    Statement,
    Verified,
)
from kiosk.services.account_lookup import effects as ask
from kiosk.services.account_lookup import events as told
from kiosk.services.account_lookup.nobody import AWAY, NobodyToAsk
from kiosk.services.account_lookup.statement import newest_last, statement_codes, statement_parts
from kiosk.services.account_lookup.tries import Tries
from kiosk.services.receipt_paper import Shop
from kiosk.services.words import Words
from kiosk.workers import Worker

log = logging.getLogger(__name__)

Post = Callable[[object], None]
_NOT_AVAILABLE: Final = "not-available"


class AccountDesk:
    """A `kiosk.services.checkout.register.Desk`. `office` and `copy` may be exchanged while it works. PINs are hashed on the `worker`'s
    thread, and nothing that blocks is done on any other."""

    def __init__(
        self,
        copy: AccountSnapshot,
        tries: Tries,
        *,
        worker: Worker,
        printer: Attended[Printer],
        words: Words,
        shop: Shop,
    ) -> None:
        self.office: AccountOffice = NobodyToAsk()
        self.copy = copy
        self._tries = tries
        self._worker = worker
        self._printer = printer
        self._words = words
        self._shop = shop
        self._jobs = count(1)

    def performers(self) -> Mapping[type, Callable[[Any, Post], None]]:
        """How each effect is performed."""
        return {
            ask.VerifyHolder: self._verify,
            ask.FetchOverview: self._fetch,
            ask.MakeStatement: self._state,
            ask.SendCode: self._send_code,
            ask.StepUp: self._step_up,
            ask.AskForChange: self._change,
            ask.LeaveAccount: lambda effect, _: self.office.leave(effect.ticket),
        }

    def after_failure(self, effect: object) -> object | None:
        """Nobody waits for an answer that will not come."""
        return told.AccountDenied(effect.visit, AWAY) if isinstance(effect, ask.Effect) else None

    # --- who is there ---

    def _verify(self, effect: ask.VerifyHolder, post: Post) -> None:
        def begin() -> told.AccountDenied | None:
            if (seconds := self._tries.locked_for_s(self._subject(effect.holder))) is not None:
                return told.AccountDenied(effect.visit, "locked", locked_for_s=seconds)
            self.office.verify(effect.holder, effect.pin, answered)
            return None

        def answered(answer: Verified | AccountRefused) -> None:
            self._work(effect, lambda: self._verdict(effect, answer), post)

        self._work(effect, begin, post)

    def _verdict(self, effect: ask.VerifyHolder, answer: Verified | AccountRefused) -> object:
        subject = self._subject(effect.holder)
        if isinstance(answer, Verified):
            self._tries.verified(subject, {"by": str(effect.holder.by), "mark": answer.mark, "live": True})
            consent = answer.consent or self._tries.consent(f"account:{answer.mark}")
            return told.HolderVerified(effect.visit, answer.mark, answer.ticket, consent, answer.steps_up)
        if answer.reason == AWAY:
            return self._verdict_of_copy(effect, subject)
        if answer.reason == "no-match":
            return self._no_match(effect, subject, answer.tries_left)
        return told.AccountDenied(effect.visit, answer.reason, answer.tries_left, answer.locked_for_s)

    def _verdict_of_copy(self, effect: ask.VerifyHolder, subject: str) -> object:
        kept = self.copy.find(effect.holder)
        if kept is None:
            return told.AccountDenied(effect.visit, _NOT_AVAILABLE)
        if not self.copy.is_pin(kept, effect.pin):
            return self._no_match(effect, subject, None)
        self._tries.verified(subject, {"by": str(effect.holder.by), "mark": kept.mark, "live": False})
        consent = kept.consent or self._tries.consent(f"account:{kept.mark}")
        return told.HolderVerified(effect.visit, kept.mark, consent=consent, overview=kept.overview)

    def _no_match(self, effect: ask.VerifyHolder, subject: str, left: int | None) -> told.AccountDenied:
        self._tries.refused(subject, {"by": str(effect.holder.by), "reason": "no-match"})
        if (seconds := self._tries.locked_for_s(subject)) is not None:
            return told.AccountDenied(effect.visit, "locked", locked_for_s=seconds)
        here = self._tries.tries_left(subject)
        return told.AccountDenied(effect.visit, "no-match", here if left is None else min(here, left))

    def _subject(self, holder: Holder) -> str:
        """One mark for an account, however it is named, where the copy knows it."""
        kept = self.copy.find(holder)
        return f"account:{kept.mark if kept else self.copy.mark_of(holder)}"

    # --- what is on the account ---

    def _fetch(self, effect: ask.FetchOverview, post: Post) -> None:
        def answered(answer: Any) -> None:
            if not isinstance(answer, AccountRefused):
                post(told.OverviewFound(effect.visit, answer, is_live=True))
            elif answer.reason == AWAY:
                self._work(effect, lambda: self._copied(effect), post)
            else:
                post(told.AccountDenied(effect.visit, answer.reason))

        self.office.overview(effect.ticket, answered)

    def _copied(self, effect: ask.FetchOverview) -> object:
        """Who was verified live may see the store's own copy when the line is lost on the way."""
        kept = self.copy.find(effect.holder)
        if kept is None:
            return told.AccountDenied(effect.visit, AWAY)
        return told.OverviewFound(effect.visit, kept.overview, is_live=False)

    def _state(self, effect: ask.MakeStatement, post: Post) -> None:
        copied = Statement(effect.overview, newest_last(effect.overview.movements))
        make = self._print if effect.how == "paper" else self._codes

        def answered(answer: Statement | AccountRefused) -> None:
            if isinstance(answer, Statement):
                make(effect, answer, post, is_live=True)
            elif answer.reason == AWAY:
                make(effect, copied, post, is_live=False)
            else:
                post(told.AccountDenied(effect.visit, answer.reason))

        if effect.ticket:
            self.office.statement(effect.ticket, effect.months, answered)
        else:
            make(effect, copied, post, is_live=False)

    def _codes(self, effect: ask.MakeStatement, statement: Statement, post: Post, *, is_live: bool) -> None:
        def make() -> told.CodesReady:
            words = self._words.speaking(effect.language)
            return told.CodesReady(effect.visit, statement_codes(statement, words, is_live=is_live))

        self._work(effect, make, post)

    def _print(self, effect: ask.MakeStatement, statement: Statement, post: Post, *, is_live: bool) -> None:
        job_id, movements = f"statement/{next(self._jobs)}", len(statement.movements)

        def work(printer: Printer) -> PrintResult:
            words = self._words.speaking(effect.language)
            return printer.print(PrintJob(job_id, statement_parts(statement, self._shop, words, is_live=is_live)))

        def printed(outcome: PrintResult | Exception) -> None:
            result = _result(outcome)
            self._work(effect, lambda: self._booked(effect, result, movements, is_live=is_live), post)

        self._printer.submit(work, printed)

    def _booked(self, effect: ask.MakeStatement, result: PrintResult, movements: int, *, is_live: bool) -> object:
        if result.outcome is not PrintOutcome.NOT_PRINTED:
            body: dict[str, Json] = {
                "months": effect.months,
                "movements": movements,
                "outcome": str(result.outcome),
                "live": is_live,
            }
            self._tries.record(Kind.STATEMENT_PRINTED, f"account:{effect.mark}", body)
        return told.StatementPrinted(effect.visit, result.outcome, result.reason, movements)

    # --- what needs a one-time code ---

    def _send_code(self, effect: ask.SendCode, post: Post) -> None:
        def answered(answer: str | AccountRefused) -> None:
            post(_refusal(effect, answer) or told.CodeSent(effect.visit, str(answer)))

        self.office.send_code(effect.ticket, answered)

    def _step_up(self, effect: ask.StepUp, post: Post) -> None:
        def answered(answer: bool | AccountRefused) -> None:  # noqa: FBT001 - an answer, given by position
            is_right = answer is True
            wrong = answer if isinstance(answer, AccountRefused) else AccountRefused("wrong-code")
            post(told.SteppedUp(effect.visit) if is_right else _refusal(effect, wrong))

        self.office.step_up(effect.ticket, effect.code, answered)

    def _change(self, effect: ask.AskForChange, post: Post) -> None:
        def answered(answer: str | AccountRefused) -> None:
            if (refusal := _refusal(effect, answer)) is not None:
                post(refusal)
                return
            self._work(effect, lambda: self._asked(effect, str(answer)), post)

        self.office.request(effect.ticket, effect.what, effect.wanted, answered)

    def _asked(self, effect: ask.AskForChange, number: str) -> told.ChangeTaken:
        body = {"what": effect.what, "request": number}
        self._tries.record(Kind.ACCOUNT_REQUESTED, f"account:{effect.mark}", body)
        return told.ChangeTaken(effect.visit)

    def _work(self, effect: Any, call: Callable[[], object | None], post: Post) -> None:
        def done(result: Any) -> None:
            if isinstance(result, Exception):  # logged by the worker
                post(told.AccountDenied(effect.visit, AWAY))
            elif result is not None:
                post(result)

        self._worker.submit(call, done)


def _refusal(effect: Any, answer: object) -> told.AccountDenied | None:
    if not isinstance(answer, AccountRefused):
        return None
    return told.AccountDenied(effect.visit, answer.reason, answer.tries_left, answer.locked_for_s)


def _result(outcome: PrintResult | Exception) -> PrintResult:
    if isinstance(outcome, PrintResult):
        return outcome
    if not isinstance(outcome, DeviceUnavailableError):
        log.error("a statement was not printed: %s", type(outcome).__name__)
    return PrintResult(PrintOutcome.NOT_PRINTED, "line-lost")
