"""Finds out how a bill stands: in the terminal's own books, then from whoever asks its biller, in time or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key, tells_apart
from kiosk.domain.bills.offline_policy import Unconfirmed
from kiosk.domain.records import dataclass
from kiosk.ports import BillAnswer, BillOffice, BillStanding, Ledger
from kiosk.runtime import Loop, Timer
from kiosk.services.bill_payment.effects import AskBill, ReleaseBill
from kiosk.services.bill_payment.events import BillAnswered
from kiosk.workers import Worker

Post = Callable[[object], None]
WAITS_MS: Final = 5_000  # as `kiosk.ports.billing` promises; who waits longer has gone


class UnaskedBills:
    """`kiosk.ports.BillOffice` where nobody is asked, for good (`ALONE`) or for now (`AWAY`)."""

    def __init__(self, standing: BillStanding) -> None:
        self._standing = standing

    def ask(self, bill: Bill, sale_id: str, done: Callable[[BillAnswer], None]) -> None:  # noqa: ARG002 - the port's
        """Say so."""
        done(BillAnswer(self._standing))

    def release(self, bill: Bill, sale_id: str) -> None:
        """Nothing was kept."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the terminal's own books know of a bill, and of all that waits for a biller."""

    paid_on: date | None = None
    unconfirmed: Unconfirmed = Unconfirmed()


class BillDesk:
    """Performs `AskBill` and `ReleaseBill`. `billers` may be another office at any time. Its methods run on the loop's thread."""

    def __init__(self, loop: Loop, ledger: Ledger, office: Worker) -> None:
        self._loop = loop
        self._ledger = ledger
        self._office = office
        self._asking: dict[tuple[str, str], _Asking] = {}
        self.billers: BillOffice = UnaskedBills(BillStanding.ALONE)

    def performers(self) -> Mapping[type, Callable[[Any, Post], None]]:
        """How bills are asked about and given back."""
        return {AskBill: self._ask, ReleaseBill: self._release}

    def after_failure(self, effect: object) -> object | None:
        """Nobody could be asked."""
        if not isinstance(effect, AskBill):
            return None
        return BillAnswered(bill_key(effect.bill), effect.sale_id, BillAnswer(BillStanding.AWAY))

    def _ask(self, effect: AskBill, post: Post) -> None:
        key = bill_key(effect.bill)
        asking = self._asking[key, effect.sale_id] = _Asking(key, effect, post)
        asking.late = self._loop.later(WAITS_MS, lambda: self._answered(asking, BillAnswer(BillStanding.AWAY)))
        self._office.submit(
            lambda: self._look_up(key), lambda found: self._loop.post(lambda: self._looked(asking, found))
        )

    def _look_up(self, key: str) -> _Known:
        paid = self._ledger.bill_paid(key)
        waiting = self._ledger.unconfirmed_bills()
        oldest = min((datetime.fromisoformat(one.oldest_at) for one in waiting), default=None)
        count, total_minor = sum(one.count for one in waiting), sum(one.total_minor for one in waiting)
        paid_on = datetime.fromisoformat(paid.at).date() if paid else None
        return _Known(paid_on, Unconfirmed(count, total_minor, oldest))

    def _looked(self, asking: _Asking, found: _Known | Exception) -> None:
        if asking.is_over:
            return
        if isinstance(found, _Known):
            asking.known = found
        bill, paid_on = asking.effect.bill, asking.known.paid_on
        if paid_on is not None and tells_apart(bill):
            # The books say all there is to say: nobody has to keep what is not going to be paid.
            self._answered(asking, BillAnswer(BillStanding.PAID, paid_on=paid_on))
            return
        self.billers.ask(
            bill, asking.effect.sale_id, lambda answer: self._loop.post(lambda: self._answered(asking, answer))
        )

    def _answered(self, asking: _Asking, answer: BillAnswer) -> None:
        effect = asking.effect
        if asking.is_over:
            if answer.standing is BillStanding.OPEN:
                self.billers.release(
                    effect.bill, effect.sale_id
                )  # kept for somebody who has been told otherwise, or has gone
            return
        self._end(asking)
        waits = None if answer.standing is BillStanding.ALONE else asking.known.unconfirmed
        asking.post(BillAnswered(asking.key, effect.sale_id, answer, asking.known.paid_on, waits))

    def _release(self, effect: ReleaseBill, _: Post) -> None:
        asking = self._asking.get((bill_key(effect.bill), effect.sale_id))
        if asking is None:
            self.billers.release(effect.bill, effect.sale_id)
        else:
            self._end(asking)  # given back when its answer comes, if that is a yes

    def _end(self, asking: _Asking) -> None:
        asking.is_over = True
        if asking.late is not None:
            asking.late.cancel()
        if self._asking.get((asking.key, asking.effect.sale_id)) is asking:
            del self._asking[asking.key, asking.effect.sale_id]


@dataclasses.dataclass(eq=False)
class _Asking:
    """A question under way."""

    key: str
    effect: AskBill
    post: Post
    known: _Known = dataclasses.field(default_factory=_Known)
    late: Timer | None = None
    is_over: bool = False
