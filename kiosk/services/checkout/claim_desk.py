"""Finds out for a checkout what a voucher is worth and where a held basket is: in the terminal's own books, then in the whole store."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk.domain.basket import Basket, BillLine, Voucher
from kiosk.domain.basket_body import BasketBodyError, basket_from_body
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.facts import Json
from kiosk.ports import ClaimAnswer, ClaimKind, Claims, Ledger, Verdict, Vouchers
from kiosk.runtime import Loop
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout import events as told
from kiosk.workers import Worker

log = logging.getLogger(__name__)

Post = Callable[[object], None]
WAITS_MS: Final = 400  # within it an answer needs no word in between


class Unasked:
    """`kiosk.ports.Claims` where nobody is asked, for good (`ALONE`) or for now (`AWAY`)."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def claim(self, kind: ClaimKind, code: str, sale_id: str, done: Callable[[ClaimAnswer], None]) -> None:  # noqa: ARG002 - the port's
        """Say so."""
        done(ClaimAnswer(self._verdict))

    def release(self, kind: ClaimKind, code: str, sale_id: str) -> None:
        """Nothing was claimed."""


class ClaimDesk:
    """Performs `FindVoucher`, `TakeUp` and `ReleaseClaim`. `claims` may be another one at any time."""

    def __init__(self, loop: Loop, ledger: Ledger, vouchers: Vouchers, office: Worker, currency: str) -> None:
        self._loop = loop
        self._ledger = ledger
        self._vouchers = vouchers
        self._office = office
        self._currency = currency
        self.claims: Claims = Unasked(Verdict.ALONE)

    def find_voucher(self, effect: ask.FindVoucher, post: Post) -> None:
        """Answered by VoucherFound or VoucherRefused."""
        code, sale_id = effect.code, effect.sale_id

        def refuse(reason: str) -> None:
            post(told.VoucherRefused(code, reason, sale_id))

        def known(found: Voucher | str | Exception) -> None:
            if not isinstance(found, Voucher):
                refuse(found if isinstance(found, str) else "voucher-unknown")
                return
            self._say_if_slow(code, sale_id, post)
            self.claims.claim(ClaimKind.VOUCHER, code, sale_id, lambda answer: decided(found, answer))

        def decided(found: Voucher, answer: ClaimAnswer) -> None:
            if answer.verdict is Verdict.TAKEN:
                refuse("voucher-used")
            else:
                post(told.VoucherFound(found, sale_id, is_proven=answer.verdict is not Verdict.AWAY))

        self._office.submit(lambda: self._voucher(code), known)

    def take_up(self, effect: ask.TakeUp, post: Post) -> None:
        """Answered by BasketTakenUp or TakeUpRefused."""
        code, sale_id = effect.code, effect.sale_id

        def refuse(reason: str) -> None:
            post(told.TakeUpRefused(code, reason, sale_id))

        def looked(ours: Basket | Exception | None) -> None:
            own = ours if isinstance(ours, Basket) else None
            self._say_if_slow(code, sale_id, post)
            self.claims.claim(ClaimKind.BASKET, code, sale_id, lambda answer: decided(own, answer))

        def decided(own: Basket | None, answer: ClaimAnswer) -> None:
            if answer.verdict is Verdict.TAKEN:
                refuse("held-taken")
                return
            basket = own or (self._foreign(answer.body) if answer.body else None)
            if basket is not None:
                post(told.BasketTakenUp(code, basket, sale_id))
                return
            if answer.verdict is Verdict.GRANTED:
                self.claims.release(ClaimKind.BASKET, code, sale_id)
            refuse("held-offline" if answer.verdict is Verdict.AWAY else "held-unknown")

        self._office.submit(lambda: self._own(code), looked)

    def release(self, effect: ask.ReleaseClaim, _: Post) -> None:
        """Given back."""
        self.claims.release(effect.kind, effect.code, effect.sale_id)

    def _say_if_slow(self, code: str, sale_id: str, post: Post) -> None:
        def wait() -> None:
            self._loop.later(WAITS_MS, lambda: post(told.ClaimWaits(code, sale_id)))

        self._loop.post(wait)

    def _voucher(self, code: str) -> Voucher | str:
        if self._ledger.voucher_used_in(code) is not None:
            return "voucher-used"
        return self._vouchers.voucher(code) or "voucher-unknown"

    def _own(self, code: str) -> Basket | None:
        body = self._ledger.held_basket(code)
        return _basket(body) if body is not None else None

    def _foreign(self, text: str) -> Basket | None:
        """A basket that another terminal wrote: data from outside, looked at before it is believed."""
        try:
            basket = _basket(json.loads(text))
        except (BasketBodyError, ValueError, AttributeError) as error:
            log.warning("a basket of another terminal cannot be read (%s); a member of staff has to help", error)
            return None
        if any(money.currency != self._currency or money.minor < 0 for money in _amounts(basket)):
            log.warning("a basket of another terminal is not in %s; a member of staff has to help", self._currency)
            return None
        if not _is_sound(basket):
            log.warning("a bill in a basket of another terminal cannot be believed; a member of staff has to help")
            return None
        return basket


def _basket(body: Mapping[str, Json]) -> Basket:
    inner = body.get("basket", body)
    return basket_from_body(inner if isinstance(inner, Mapping) else {})


def _amounts(basket: Basket) -> list[Any]:
    found = [
        money
        for line in basket.lines
        for money in (line.item.price, line.item.deposit, line.item.member_price, line.embedded_price)
    ]
    more = [money for bill in basket.bills for money in (bill.amount, bill.fee)]
    return [money for money in (*found, *more, *(voucher.amount for voucher in basket.vouchers)) if money is not None]


def _is_sound(basket: Basket) -> bool:
    """Whether nothing in it is said twice, no bill is paid with nothing, and each is in one currency."""
    ids = [*(line.line_id for line in basket.lines), *(bill.line_id for bill in basket.bills)]
    keys = {bill_key(one.bill) for one in basket.bills}
    return (
        len(set(ids)) == len(ids)
        and max(ids, default=0) < basket.next_line_id
        and len(keys) == len(basket.bills)
        and all(_is_payable(one) for one in basket.bills)
    )


def _is_payable(line: BillLine) -> bool:
    bill, amount = line.bill, line.amount
    bounds = [money for money in (bill.amount, bill.minimum, bill.maximum, bill.fee) if money is not None]
    return (
        amount.minor > 0
        and bill.currency == amount.currency
        and all(money.currency == amount.currency and money.minor >= 0 for money in bounds)
    )
