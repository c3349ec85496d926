"""Card payments and refunds: performs what their machines decide, tells the journey, and recovers what a power cut left."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from kiosk.domain import refund_machine, refunding
from kiosk.domain.facts import Entry, Fact, Json, Kind
from kiosk.domain.money import Money
from kiosk.domain.payment import (
    Answered,
    ApprovalSeen,
    Authorise,
    Begin,
    Commit,
    CustomerLeft,
    Decide,
    Durable,
    Ended,
    Fence,
    Fenced,
    NotDurable,
    Outcome,
    Payment,
    ReadStatus,
    Recover,
    RetryDue,
    Reverse,
    State,
    Unreachable,
    Wait,
)
from kiosk.domain.payment_facts import recovered, sale_facts, subject
from kiosk.domain.payment_machine import advance
from kiosk.domain.refund_facts import recovered as refund_recovered
from kiosk.domain.refunding import GiveBack, Refund
from kiosk.ports import (
    Attended,
    DeviceRefusedError,
    Journal,
    JournalError,
    Ledger,
    PaymentRecord,
    PaymentTerminal,
    TerminalMessage,
)
from kiosk.runtime import EffectFailed, Loop, Runtime
from kiosk.services.checkout.events import (
    PaymentDone,
    PaymentFailed,
    PaymentGivenBack,
    PaymentLeftOver,
    PaymentMessage,
    PaymentsClear,
    PaymentUnclear,
)
from kiosk.services.refunds.events import RefundDone, RefundFailed, RefundUnclear

log = logging.getLogger(__name__)

Tell = Callable[[object], None]
Post = Callable[[object], None]


class Charging(Protocol):
    """A payment terminal as the machine uses it: every call returns at once and posts what came of it."""

    def read_status(self, post: Post) -> None:
        """Posts Answered or Unreachable."""

    def authorise(self, ref: str, amount: Money, post: Post, say: Callable[[str], None]) -> None:
        """Posts ApprovalSeen at the commit point, then Ended; `say` gets what the terminal tells the customer."""

    def refund(self, ref: str, amount: Money, post: Post, say: Callable[[str], None]) -> None:
        """As `authorise`, the other way: the money goes to the card that is presented."""

    def decide(self, keep: bool) -> None:  # noqa: FBT001 - the one thing that it says
        """Answer the commit point."""

    def cancel(self) -> None:
        """Ask the terminal to give up."""

    def fence(self, post: Post) -> None:
        """Posts Fenced or Unreachable."""

    def reverse(self, receipt_no: int, amount: Money, post: Post) -> None:
        """Posts Ended or Unreachable."""


class AttendedCharging:
    """`Charging` over a payment terminal under its supervisor."""

    def __init__(self, terminal: Attended[PaymentTerminal]) -> None:
        self._terminal = terminal

    def read_status(self, post: Post) -> None:
        """Ask for the last transaction."""
        self._terminal.submit(lambda terminal: terminal.status(), _answer(post, Answered))

    def authorise(self, ref: str, amount: Money, post: Post, say: Callable[[str], None]) -> None:
        """Charge, on the terminal's own thread."""
        listener = _Listener(post, say)
        self._terminal.submit(lambda terminal: terminal.authorise(ref, amount, listener), _answer(post, Ended))

    def refund(self, ref: str, amount: Money, post: Post, say: Callable[[str], None]) -> None:
        """Give money back, on the terminal's own thread."""
        listener = _Listener(post, say)
        self._terminal.submit(lambda terminal: terminal.refund(ref, amount, listener), _answer(post, Ended))

    def decide(self, keep: bool) -> None:  # noqa: FBT001 - as in the protocol
        """Answer the commit point."""
        self._terminal.device.decide(keep=keep)

    def cancel(self) -> None:
        """Ask the terminal to give up."""
        self._terminal.device.cancel()

    def fence(self, post: Post) -> None:
        """Close whatever is open on the terminal."""
        self._terminal.submit(lambda terminal: terminal.fence(), _answer(post, lambda _: Fenced()))

    def reverse(self, receipt_no: int, amount: Money, post: Post) -> None:
        """Give the money back."""
        self._terminal.submit(lambda terminal: terminal.reverse(receipt_no, amount), _answer(post, Ended))


class _Listener:
    def __init__(self, post: Post, say: Callable[[str], None]) -> None:
        self._post = post
        self._say = say

    def progress(self, message: TerminalMessage) -> None:
        self._say(message.code)

    def approved(self, outcome: Outcome) -> None:
        self._post(ApprovalSeen(outcome))


def _answer(post: Post, event: Callable[[Any], object]) -> Callable[[Any], None]:
    def done(result: Any) -> None:
        if isinstance(result, DeviceRefusedError):
            post(Unreachable(result.reason))
        elif isinstance(result, Exception):
            post(Unreachable("unreachable"))
        else:
            post(event(result))

    return done


class Payments:
    """One payment or refund at a time on this lane; none while an earlier one is unresolved."""

    def __init__(self, loop: Loop, journal: Journal, ledger: Ledger, charging: Charging, tell: Tell) -> None:
        self._loop = loop
        self._journal = journal
        self._ledger = ledger
        self._charging = charging
        self._tell = tell
        self._runtime: Runtime[Any] | None = None  # of a Payment or a Refund
        self._waiting: list[Payment | Refund] = []
        self._was_unclear = False

    @property
    def payment(self) -> Payment | Refund | None:
        """The payment or refund under way. What is over is in the books, and nowhere else: a sale names its customer."""
        return self._runtime.state if self._runtime else None

    def pay(self, ref: str, amount: Money, sale: Mapping[str, Json]) -> None:
        """Charge `amount` for `sale`. Tells PaymentMessage, PaymentUnclear and then one of PaymentDone, PaymentFailed, PaymentGivenBack."""
        if self._runtime is not None:
            self._tell(PaymentFailed("busy"))
            return
        self._start(Payment(ref, amount, self._numbered(sale)), Begin())

    def book(self, sale: Mapping[str, Json]) -> None:
        """Book a sale that needs no card. Tells PaymentDone or PaymentFailed."""
        numbered = self._numbered(sale)
        facts = sale_facts(numbered, self._stamp)

        def done(result: Sequence[Entry] | JournalError) -> None:
            failed = isinstance(result, JournalError)
            self._tell(PaymentFailed("books") if failed else _done(numbered))

        self._journal.append(facts, done)

    def give_back(self, refund: Refund) -> None:
        """Refund. Tells PaymentMessage, RefundUnclear and then one of RefundDone, RefundFailed."""
        if self._runtime is not None:
            self._tell(RefundFailed("busy"))
            return
        self._start(refund, Begin())

    def cancel(self) -> None:
        """The customer wants the basket back, or no money after all."""
        # The states of a refund that can still be called off have the same names.
        if self._runtime is not None and self._runtime.state.state in (State.NEW, State.INTENDING, State.INTENDED):
            self._charging.cancel()

    def leave(self) -> None:
        """Nobody waits for the goods any more."""
        if self._runtime is not None:
            self._runtime.post(CustomerLeft())

    def recover(self, complete_within: timedelta) -> bool:
        """At boot: take up what the journal left unresolved, by asking. A customer is taken to be still there within
        `complete_within` of the intent. Returns whether there was anything."""
        left: list[Payment | Refund] = [
            self._restored(record, complete_within) for record in self._ledger.unresolved_payments()
        ]
        left += [refund_recovered(record.intent, trace=record.trace) for record in self._ledger.unresolved_refunds()]
        if not left:
            return False
        first, *self._waiting = left
        self._was_unclear = True
        is_present = isinstance(first, Payment) and first.customer_present
        self._tell(PaymentLeftOver(first.ref, first.amount.minor, is_present))
        self._start(first, Recover())
        return True

    def _restored(self, record: PaymentRecord, complete_within: timedelta) -> Payment:
        age = self._loop.wall() - datetime.fromisoformat(record.at)
        # A clock that was set back makes the age negative: then nobody knows, and nobody is taken to be there.
        present = timedelta(0) <= age <= complete_within
        latest = {"approved": Kind.PAYMENT_APPROVED, "reversing": Kind.PAYMENT_REVERSING}.get(
            record.state, Kind.PAYMENT_UNKNOWN
        )
        body: dict[str, Json] = {"trace": record.trace, "receipt_no": record.receipt_no}
        return recovered(record.intent, latest, body, customer_present=present)

    def _start(self, payment: Payment | Refund, event: object) -> None:
        performers: dict[type, Callable[[Any, Post], None]] = {
            ReadStatus: lambda _, post: self._charging.read_status(post),
            Commit: self._commit,
            Authorise: self._authorise,
            GiveBack: self._give_back,
            Decide: lambda effect, _: self._charging.decide(effect.keep),
            Fence: lambda _, post: self._charging.fence(post),
            Reverse: lambda effect, post: self._charging.reverse(effect.receipt_no, effect.amount, post),
            Wait: self._wait,
        }
        self._runtime = Runtime(
            self._loop, lambda state, happened: _advance(state, happened, self._stamp), payment, performers
        )
        self._runtime.watch(partial(self._watch, {"before": payment.state.value}))
        self._runtime.post(event)

    def _authorise(self, effect: Authorise, post: Post) -> None:
        self._charging.authorise(effect.ref, effect.amount, post, lambda code: self._tell(PaymentMessage(code)))

    def _give_back(self, effect: GiveBack, post: Post) -> None:
        self._charging.refund(effect.ref, effect.amount, post, lambda code: self._tell(PaymentMessage(code)))

    def _wait(self, effect: Wait, post: Post) -> None:
        self._loop.later(effect.delay_ms, lambda: post(RetryDue()))

    def _commit(self, effect: Commit, post: Post) -> None:
        def done(result: Sequence[Entry] | JournalError) -> None:
            if isinstance(result, JournalError):
                log.error("the journal refused an entry of a payment: %s", result)
                if effect.awaited:
                    post(NotDurable("books"))
            elif effect.awaited:
                post(Durable())

        self._journal.append(effect.facts, done)

    def _watch(self, memory: dict[str, str], payment: Payment | Refund, _: object) -> None:
        before, memory["before"] = memory["before"], payment.state.value
        if payment.state.value == before:
            return
        if payment.state.value == State.RESOLVING.value:
            self._was_unclear = True
        said = _told_of_refund(payment) if isinstance(payment, Refund) else _told_of_payment(payment)
        if said is not None:
            self._tell(said)
        if payment.is_over:
            self._runtime = None
            self._next()

    def _next(self) -> None:
        if self._waiting:
            following, *self._waiting = self._waiting
            self._loop.post(lambda: self._start(following, Recover()))
        elif self._was_unclear:
            self._was_unclear = False
            self._tell(PaymentsClear())

    def _numbered(self, sale: Mapping[str, Json]) -> Mapping[str, Json]:
        # Numbers follow one another without a gap: a payment that fails leaves its number to the next.
        return {**sale, "receipt_number": str(int(self._ledger.last_receipt_number() or 0) + 1)}

    def _stamp(self, kind: Kind, body: Mapping[str, Json]) -> Fact:
        return Fact(
            kind, subject(kind, body), body, self._loop.wall().isoformat(timespec="milliseconds"), self._loop.now_ms()
        )


def _advance(payment: Any, event: Any, stamp: Any) -> tuple[Any, Sequence[object]]:
    decide: Callable[..., tuple[Any, Sequence[object]]] = advance
    if isinstance(payment, Refund):
        decide = refund_machine.advance
    if isinstance(event, EffectFailed):
        # A performer of ours broke: what the terminal did is then unknown, and is asked.
        return decide(payment, Unreachable("internal"), stamp)
    return decide(payment, event, stamp)


def _told_of_payment(payment: Payment) -> object | None:
    if payment.state is State.RESOLVING:
        return PaymentUnclear(payment.reason)
    if payment.state is State.SETTLED:
        return _done(payment.sale)
    if payment.state is State.FAILED:
        return PaymentFailed(payment.reason)
    return PaymentGivenBack() if payment.state is State.REVERSED else None


def _told_of_refund(refund: Refund) -> object | None:
    if refund.state is refunding.State.RESOLVING:
        return RefundUnclear(refund.reason)
    if refund.state is refunding.State.COMPLETED:
        return RefundDone(refund.ref)
    return RefundFailed(refund.reason) if refund.state is refunding.State.FAILED else None


def _done(sale: Mapping[str, Json]) -> PaymentDone:
    return PaymentDone(str(sale.get("sale_id")), str(sale.get("receipt_number")))
