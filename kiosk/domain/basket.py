"""A shopper's basket: lines, bills, coupons, vouchers, approvals. Immutable; every change is a new basket."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.item import Item
from kiosk.domain.money import Money
from kiosk.domain.quantity import Quantity
from kiosk.domain.records import dataclass


class BillAmountError(ValueError):
    """A bill was to be put into the basket with an amount that nobody can pay: a bug of the caller."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what, how much, and what its code said besides. `line_id` is never used again within a basket.

    `embedded_price` is the whole line's price when the code carried it (price-embedded codes); nothing then multiplies it.
    """

    line_id: int
    item: Item
    quantity: Quantity
    embedded_price: Money | None = None
    batch: str | None = None
    expiry: date | None = None

    @property
    def is_countable(self) -> bool:
        """Whether the shopper may change the number of pieces: not for weighed or price-embedded goods."""
        return self.quantity.count > 0 and self.embedded_price is None


@dataclass(frozen=True, slots=True)
class BillLine:
    """A bill that is to be paid with this basket. `amount` is what is paid, `fee` what the site or the biller asks on top (nothing
    for none), both in the site's currency. `is_confirmed`: the biller was asked, and knows it as open; else it "will be confirmed".

    `payment_ref` is our own reference for the biller: never used for another payment, the same however often the biller is told.
    """

    line_id: int
    bill: Bill
    amount: Money
    fee: Money
    payment_ref: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Voucher:
    """A slip that is worth money, used once. `kind` is "deposit-return" or "gift"."""

    code: str
    kind: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Approval:
    """A member of staff said yes. Bound to the basket by `fingerprint` of what was approved (see `Basket.age_fingerprint`)."""

    staff: str
    role: str
    reason: str
    fingerprint: str
    at: str


@dataclass(frozen=True, slots=True)
class Basket:
    """What a shopper has so far. `lines` and `bills` each in the order scanned, the newest last; they share one row of ids."""

    lines: tuple[Line, ...] = ()
    coupons: tuple[str, ...] = ()
    vouchers: tuple[Voucher, ...] = ()
    member: str | None = None
    approval: Approval | None = None
    next_line_id: int = 1
    bills: tuple[BillLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing in it that a shopper would miss."""
        return not (self.lines or self.bills or self.coupons or self.vouchers or self.member)

    @property
    def item_count(self) -> int:
        """Things in it: pieces of goods, where a weighed line counts as one, and bills."""
        return self.piece_count + len(self.bills)

    @property
    def piece_count(self) -> int:
        """Pieces of goods alone, where a weighed line counts as one: what a sale has sold."""
        return sum(line.quantity.count or 1 for line in self.lines)

    @property
    def is_payable(self) -> bool:
        """Whether there is anything to pay for: coupons, vouchers and a member's card alone are not."""
        return bool(self.lines or self.bills)

    @property
    def minimum_age(self) -> int:
        """The highest minimum age of any line, in years; 0 where anyone may buy it all."""
        return max((line.item.minimum_age for line in self.lines), default=0)

    @property
    def age_fingerprint(self) -> str:
        """What an age approval is bound to: the age asked for. One approval covers the basket up to that age, and no more."""
        return f"age:{self.minimum_age}"

    @property
    def needs_age_check(self) -> bool:
        """Whether a member of staff has yet to look at the shopper."""
        if not self.minimum_age:
            return False
        approved = int(self.approval.fingerprint.removeprefix("age:")) if self.approval else 0
        return approved < self.minimum_age

    def line(self, line_id: int) -> Line | None:
        """The line with this id, if it is still there."""
        return next((line for line in self.lines if line.line_id == line_id), None)

    def bill_line(self, line_id: int) -> BillLine | None:
        """The bill with this id, if it is still there."""
        return next((one for one in self.bills if one.line_id == line_id), None)

    def bill_of(self, key: str) -> BillLine | None:
        """The bill with this `bill_key`, if it lies in the basket already."""
        return next((one for one in self.bills if bill_key(one.bill) == key), None)

    def with_item(
        self,
        item: Item,
        quantity: Quantity,
        *,
        embedded_price: Money | None = None,
        batch: str | None = None,
        expiry: date | None = None,
    ) -> Basket:
        """The basket with an item more. Another piece of the same article joins its line, which becomes the newest."""
        same = next((old for old in self.lines if old.is_countable and old.item == item and old.batch == batch), None)
        if same and quantity.count and embedded_price is None:
            joined = replace(same, quantity=Quantity.pieces(same.quantity.count + quantity.count))
            return replace(self, lines=(*(old for old in self.lines if old is not same), joined))
        line = Line(self.next_line_id, item, quantity, embedded_price, batch, expiry)
        return replace(self, lines=(*self.lines, line), next_line_id=self.next_line_id + 1)

    def with_count(self, line_id: int, count: int) -> Basket:
        """The basket with `count` pieces of a line; none takes the line out. Lines that cannot be counted stay as they are."""
        if count <= 0:
            return self.without_line(line_id)
        return replace(
            self,
            lines=tuple(
                replace(line, quantity=Quantity.pieces(count))
                if line.line_id == line_id and line.is_countable
                else line
                for line in self.lines
            ),
        )

    def without_line(self, line_id: int) -> Basket:
        """The basket without a line."""
        return replace(self, lines=tuple(line for line in self.lines if line.line_id != line_id))

    def with_bill(self, bill: Bill, amount: Money, fee: Money, payment_ref: str, *, is_confirmed: bool) -> Basket:
        """The basket with a bill more. Raises BillAmountError for an amount of nothing, a fee below it, or two currencies."""
        if amount.minor <= 0 or fee.minor < 0 or amount.currency != fee.currency:
            raise BillAmountError(f"a bill of {amount} with a fee of {fee} cannot be paid; ask for the amount again")
        line = BillLine(self.next_line_id, bill, amount, fee, payment_ref, is_confirmed)
        return replace(self, bills=(*self.bills, line), next_line_id=self.next_line_id + 1)

    def without_bill(self, line_id: int) -> Basket:
        """The basket without a bill."""
        return replace(self, bills=tuple(one for one in self.bills if one.line_id != line_id))
