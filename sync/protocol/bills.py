"""Bills on the wire: what a terminal asks about one before it is paid, and what the central service has found out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.money import Money
from kiosk.ports.billing import BillAnswer, BillStanding
from sync.protocol.wire import Answer, Line, Name, Request

MOST_MINOR: Final = 10**15  # of any currency: more is no bill
BillKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Minor = Annotated[int, Field(ge=0, le=MOST_MINOR)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Amount(Request):
    """Money: minor units of a currency (ISO 4217)."""

    minor: Minor
    currency: Currency

    @classmethod
    def of(cls, money: Money | None) -> Self | None:
        """An amount on the wire; None for None."""
        return None if money is None else cls(minor=money.minor, currency=money.currency)

    @property
    def money(self) -> Money:
        """As the domain has it."""
        return Money(self.minor, self.currency)


class BillData(Request):
    """The whole bill, as `kiosk.domain.bills.bill.Bill` has it."""

    standard: Name
    account: Line
    currency: Currency
    payee: Line | None = None
    reference: Line | None = None
    amount: Amount | None = None
    due: date | None = None
    message: Line | None = None
    minimum: Amount | None = None
    maximum: Amount | None = None
    fee: Amount | None = None
    may_change: bool = False

    @classmethod
    def of(cls, bill: Bill) -> Self:
        """A bill on the wire."""
        return cls(
            standard=bill.standard,
            account=bill.account,
            currency=bill.currency,
            payee=bill.payee,
            reference=bill.reference,
            amount=Amount.of(bill.amount),
            due=bill.due,
            message=bill.message,
            minimum=Amount.of(bill.minimum),
            maximum=Amount.of(bill.maximum),
            fee=Amount.of(bill.fee),
            may_change=bill.may_change,
        )

    @property
    def bill(self) -> Bill:
        """As the domain has it."""
        return Bill(
            standard=self.standard,
            account=self.account,
            currency=self.currency,
            payee=self.payee,
            reference=self.reference,
            amount=_money(self.amount),
            due=self.due,
            message=self.message,
            minimum=_money(self.minimum),
            maximum=_money(self.maximum),
            fee=_money(self.fee),
            may_change=self.may_change,
        )


class BillAsk(Request):
    """`POST /v1/bills/ask`, class live: how does it stand, and may this sale have it? The sale's id makes the same question the same.

    `key` is `bill_key` of the bill. A bill that says its amount is kept for the sale until the books tell that it was paid, until
    `POST /v1/bills/release` (the same body), or for a quarter of an hour. One with an open amount can be paid by anyone at any time.
    """

    bill: BillData
    key: BillKey
    sale_id: Name

    @classmethod
    def of(cls, bill: Bill, sale_id: str) -> Self:
        """The question about a bill."""
        return cls(bill=BillData.of(bill), key=bill_key(bill), sale_id=sale_id)


class StandingTold(Answer):
    """How a bill stands, as `kiosk.ports.billing.BillAnswer`: what is None is as the bill itself says."""

    standing: BillStanding
    payee: Line = ""
    amount: Amount | None = None
    fee: Amount | None = None
    due: date | None = None
    may_change: bool | None = None
    minimum: Amount | None = None
    maximum: Amount | None = None
    paid_on: date | None = None

    @staticmethod
    def telling(found: BillAnswer) -> StandingTold:
        """An answer on the wire."""
        return StandingTold(
            standing=found.standing,
            payee=found.payee,
            amount=Amount.of(found.amount),
            fee=Amount.of(found.fee),
            due=found.due,
            may_change=found.may_change,
            minimum=Amount.of(found.minimum),
            maximum=Amount.of(found.maximum),
            paid_on=found.paid_on,
        )

    @property
    def answer(self) -> BillAnswer:
        """As the port has it."""
        return BillAnswer(
            standing=self.standing,
            payee=self.payee,
            amount=_money(self.amount),
            fee=_money(self.fee),
            due=self.due,
            may_change=self.may_change,
            minimum=_money(self.minimum),
            maximum=_money(self.maximum),
            paid_on=self.paid_on,
        )


class BillAnswered(StandingTold):
    """The answer to BillAsk, whose `key` and `sale_id` it repeats."""

    key: str
    sale_id: str

    @classmethod
    def of(cls, asked: BillAsk, found: BillAnswer) -> Self:
        """The answer to a question."""
        told = StandingTold.telling(found)
        return cls(
            key=asked.key, sale_id=asked.sale_id, **{name: getattr(told, name) for name in StandingTold.model_fields}
        )


def _money(amount: Amount | None) -> Money | None:
    return None if amount is None else amount.money
