"""What is on an account as lines of the screen; names and amounts only where the holder wants them to be seen."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

from kiosk.domain.account import Balance, Movement, Overview
from kiosk.domain.bills.bill import Bill
from kiosk.services.account_lookup.statement import balance_name, has_words, masked
from kiosk.services.account_lookup.view import AccountView
from kiosk.services.words import Words
from ui.viewmodels.rows import AccountRow, Row

_HIDDEN: Final = "••••"
_NEWEST: Final = 3
_MOST_MOVEMENTS: Final = 200


class AccountLines:
    """Puts what is on an account into words."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def overview(self, overview: Overview, view: AccountView, used: Container[str]) -> Iterator[Row]:
        """What is on the account: balances, due bills, what moved last, points, coupons; those in `used` are in the basket already."""
        for at, balance in enumerate(overview.balances):
            yield self._balance(at, balance, view)
        for at, due in enumerate(overview.due_bills):
            yield self._due(at, due.bill, view, overdue=due.is_overdue)
        if view.shows:
            yield from self.movements(overview.movements[:_NEWEST], view)
        if overview.points is not None:
            points = self._words.number(overview.points) if view.shows else _HIDDEN
            yield AccountRow("points", "points", self._words("account.points"), "", points)
        if view.shows:
            for at, coupon in enumerate(overview.coupons):
                until = self._words("account.until", date=self._words.date(coupon.until)) if coupon.until else ""
                is_used = coupon.code in used
                action = self._words("action.account-coupon") if view.may_shop and not is_used else ""
                yield AccountRow(f"coupon-{at}", "coupon", coupon.text, until, "", action, at)

    def movements(self, movements: Sequence[Movement], view: AccountView) -> Iterator[Row]:
        """What came and went, as many as anybody reads."""
        for at, movement in enumerate(movements[:_MOST_MOVEMENTS]):
            yield self._movement(at, movement, view)

    def _balance(self, at: int, balance: Balance, view: AccountView) -> Row:
        words = self._words
        available = balance.available
        detail = masked(balance.number)
        if view.shows and available is not None and available != balance.amount:
            detail += f" · {words('account.available', amount=available)}"
        amount = words.money(balance.amount) if view.shows else _HIDDEN
        # A name of the bank's own may tell more than its kind.
        is_plain = view.shows or has_words(balance)
        name = balance_name(balance, words) if is_plain else words("account.other")
        return AccountRow(f"balance-{at}", "balance", name, detail, amount)

    def _due(self, at: int, bill: Bill, view: AccountView, *, overdue: bool) -> Row:
        words = self._words
        late = words("account.overdue") if overdue else ""
        when = words("account.due", date=words.date(bill.due)) if bill.due else ""
        name = bill.payee or words("account.bill") if view.shows else words("account.bill")
        which = bill.reference if view.shows and not bill.payee else ""
        amount = words.money(bill.amount) if view.shows and bill.amount else "" if view.shows else _HIDDEN
        action = words("action.pay") if view.may_pay and view.shows else ""
        return AccountRow(f"bill-{at}", "bill", name, " · ".join(filter(None, (which, when, late))), amount, action, at)

    def _movement(self, at: int, movement: Movement, view: AccountView) -> Row:
        words = self._words
        text = movement.text if view.shows else _HIDDEN
        amount = words.money(movement.amount) if view.shows else _HIDDEN
        return AccountRow(f"movement-{at}", "movement", text, words.date(movement.on), amount)
