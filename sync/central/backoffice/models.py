"""What the back office's API takes and answers. Amounts are whole numbers of the currency's smallest unit."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_LINES: Final = 50_000
MOST_BYTES: Final = 16_000_000
MOST_REPORTED: Final = 200

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
Plain = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", min_length=1, max_length=200)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Minor = Annotated[int, Field(ge=0, le=100_000_000)]


class Body(BaseModel):
    """What is sent: a key that is not known is refused, so that nothing is lost without a word."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Given(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True)


class ProblemDocument(Given):
    """RFC 9457. `type` never changes once released; `detail` is one sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None


class CatalogueLine(Body):
    """An article with its price. `number` is its GTIN, or the number it is kept under; `remove` takes it out of the catalogue."""

    number: Annotated[int, Field(ge=1, le=99_999_999_999_999)]
    names: dict[Language, Plain] = Field(default_factory=dict, max_length=20)
    category: Code = "other"
    unit: Literal["piece", "kg"] = "piece"
    tax: Code = "standard"
    price_minor: Minor | None = None
    member_price_minor: Minor | None = None
    deposit_minor: Minor = 0
    minimum_age: Annotated[int, Field(ge=0, le=99)] = 0
    picture: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{0,64}$")] = ""
    plu: Annotated[int, Field(ge=0, le=99_999)] | None = None
    remove: bool = False


class ImportMode(StrEnum):
    """What becomes of articles that are not in the import."""

    CHANGES = "changes"  # they stay
    WHOLE = "whole"  # they are taken away


class LineProblem(Given):
    """What is wrong with a line. `line` counts from 1: the line of the CSV file (its head is 1), the place in the JSON list."""

    line: int
    field: str
    message: str


class ImportReport(Given):
    """What became of an import. `status`: refused (nothing of it can be published), staged, published."""

    import_id: str
    store_id: str
    status: Literal["refused", "staged", "published"]
    mode: ImportMode
    currency: str
    lines: int
    good_lines: int
    problem_count: int
    problems: list[LineProblem]
    version: str = ""
    changed_rows: int = 0


class StoreList(Given):
    """The stores that the token is good for."""

    stores: list[str]


class SoldLine(Given):
    """A line of a sale. `count` pieces or `weight_g` grams."""

    number: str
    name: str
    category: str
    count: int
    weight_g: int
    total_minor: int
    tax_class: str
    tax_rate_bp: int


class SoldTax(Given):
    """A row of a sale's taxes."""

    tax_class: str
    tax_rate_bp: int
    net_minor: int
    tax_minor: int
    gross_minor: int


class ReturnedLine(Given):
    """What came back to the store with a refund: `count` pieces, or `weight_g` grams; `total_minor` with its deposit."""

    line_id: int
    number: str
    name: str
    count: int
    weight_g: int
    total_minor: int


class Refunded(Given):
    """Goods that were given back. `amount_minor` is `card_minor` and `voucher_minor` together; `staff` approved it, "" where nobody had to.

    `method`: reversal, refund, none (no card money). `reason` says whether the goods can be sold again.
    """

    terminal_id: str
    refund_id: str
    number: int
    sale_id: str
    receipt_code: str
    at: str
    amount_minor: int
    card_minor: int
    voucher_minor: int
    currency: str
    reason: str
    method: str
    staff: str
    lines: list[ReturnedLine]


class RefundDay(Given):
    """The refunds of one day, the oldest first."""

    day: str
    refunds: list[Refunded]


class SoldBill(Given):
    """A bill that was paid with a sale: money taken for a biller, and no turnover. `key` is the same for the same bill everywhere,
    `payment_ref` our reference for the biller. Without `is_confirmed` the biller was not asked before it was paid."""

    standard: str
    payee: str
    account: str
    reference: str
    amount_minor: int
    fee_minor: int
    currency: str
    payment_ref: str
    key: str
    is_confirmed: bool


class Sold(Given):
    """A sale. `number` is its place in the export; a sale that changes comes again with a new one. `state`: completed, voided.

    `total_minor` is what was sold, and `to_pay_minor` what was paid for all of it, with the bills and their fees. `is_readable` is false
    where the entry is not understood by this version: then lines, taxes and bills are empty.
    """

    number: int
    store_id: str
    terminal_id: str
    sale_id: str
    receipt_number: str
    at: str
    state: str
    currency: str
    total_minor: int
    to_pay_minor: int
    items: int
    is_readable: bool
    lines: list[SoldLine]
    taxes: list[SoldTax]
    bills: list[SoldBill]


class SalePage(Given):
    """Sales behind a cursor. Ask again with `after=next`; `done`: there were no more at this moment."""

    sales: list[Sold]
    next: int
    done: bool


class BillPaid(Given):
    """A bill that was paid. `number` is its place in the export; it comes again with a new one when its `state` changes.

    `state`: pending (the biller is to be told), posted (he has it, as `receipt_id`), refused, double (a refund case), voided (its sale
    has no money), undoing, undone, kept (he is to give it back, has done so, does not). `amount_minor` is his, `fee_minor` on top of it.
    """

    number: int
    store_id: str
    terminal_id: str
    sale_id: str
    receipt_number: str
    at: str
    payment_ref: str
    standard: str
    payee: str
    account: str
    reference: str
    amount_minor: int
    fee_minor: int
    currency: str
    is_confirmed: bool
    state: str
    biller: str
    receipt_id: str
    posted_at: str
    reason: str


class BillPage(Given):
    """Bill payments behind a cursor, as SalePage."""

    bill_payments: list[BillPaid]
    next: int
    done: bool


class RefundCase(Given):
    """What a customer paid and no biller gets. `why`: double (`detail` names the payment that stands), refused (`detail` is the reason).

    `amount_minor` holds the fee. The card is what the payment terminal said of the charge; "" and null where the sale had none.
    """

    number: int
    store_id: str
    terminal_id: str
    sale_id: str
    receipt_number: str
    at: str
    payment_ref: str
    why: Literal["double", "refused"]
    detail: str
    payee: str
    account: str
    reference: str
    amount_minor: int
    currency: str
    payment_terminal: str
    card_name: str
    card_last4: str
    trace: int | None
    receipt_no: int | None
    state: Literal["open", "done"]
    done_by: str
    note: str


class RefundCasePage(Given):
    """Refund cases behind a cursor, as SalePage."""

    refund_cases: list[RefundCase]
    next: int
    done: bool


class FormAnswer(Given):
    """A question in the site's first language, and its answer. `is_private`: it names the customer or what is theirs."""

    label: str
    answer: str
    is_private: bool


class FormSent(Given):
    """A form that a customer sent. `cursor` is its place in the export; it comes again with a new one when its `state` changes.

    `state`: open, called, done; `who` brought it there. `number` is the customer's. `slot` is an appointment's local time ("" for none),
    promised where `is_fixed`, else to be confirmed.
    """

    cursor: int
    store_id: str
    terminal_id: str
    submission_id: str
    form: str
    title: str
    number: str
    at: str
    slot: str
    is_fixed: bool
    state: str
    who: str
    answers: list[FormAnswer]


class FormPage(Given):
    """Forms behind a cursor, as SalePage."""

    forms: list[FormSent]
    next: int
    done: bool


class Tells(StrEnum):
    """What a webhook tells of, each in the pages that its own address has."""

    SALES = "sales"  # SalePage
    BILL_PAYMENTS = "bill-payments"  # BillPage
    REFUND_CASES = "refund-cases"  # RefundCasePage
    FORMS = "forms"  # FormPage; for a token that may read forms


class NewWebhook(Body):
    """Where to send what: POST with a page, signed as standardwebhooks.com says."""

    tells: Tells = Tells.SALES
    url: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,400}$")]


class Webhook(Given):
    """A webhook. `is_paused`: it failed too often; resume it. `after`: the last number that was taken."""

    webhook_id: str
    store_id: str
    tells: Tells
    url: str
    after: int
    failures: int
    is_paused: bool
    last_status: str


class NewWebhookAnswer(Webhook):
    """`secret` is shown this once."""

    secret: str


class WebhookList(Given):
    """The webhooks of a store."""

    webhooks: list[Webhook]
