"""The journal's vocabulary: every kind of fact, a fact before it is written, and an entry once it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from kiosk.domain.records import dataclass

# What a fact's body may hold; no floats: money and weights are integers.
Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]


class Kind(StrEnum):
    """What happened, in the past tense."""

    TERMINAL_STARTED = "terminal.started"
    JOURNAL_RESTORED = "journal.restored"
    JOURNAL_RETRIEVED = "journal.retrieved"  # by the central service, after a restore: what is known again
    CONFIG_CHANGED = "config.changed"
    MAINTENANCE_ENTERED = "maintenance.entered"
    MAINTENANCE_LEFT = "maintenance.left"
    APPROVAL_GRANTED = "approval.granted"
    APPROVAL_REFUSED = "approval.refused"
    STAFF_VERIFIED = "staff.verified"
    STAFF_REFUSED = "staff.refused"
    PAYMENT_INTENDED = "payment.intended"
    PAYMENT_APPROVED = "payment.approved"
    PAYMENT_DECLINED = "payment.declined"
    PAYMENT_SETTLED = "payment.settled"  # the terminal closed the approved transaction, or was found to have kept it
    PAYMENT_UNKNOWN = "payment.unknown"
    PAYMENT_REVERSING = "payment.reversing"
    PAYMENT_REVERSED = "payment.reversed"
    SALE_COMPLETED = "sale.completed"
    SALE_VOIDED = "sale.voided"
    BASKET_HELD = "basket.held"
    BASKET_RESUMED = "basket.resumed"
    VOUCHER_REDEEMED = "voucher.redeemed"
    RECEIPT_PENDING = "receipt.pending"
    RECEIPT_PRINTED = "receipt.printed"
    RECEIPT_FAILED = "receipt.failed"
    RECEIPT_SHOWN = "receipt.shown"
    RECEIPT_DECLINED = "receipt.declined"
    BILL_PAID = "bill.paid"  # in the commit of its sale: the biller is told from here on
    BILL_VOIDED = "bill.voided"  # its sale turned out to have no money: the biller gets none, and is told so where it was told before
    REFUND_INTENDED = "refund.intended"  # before the payment terminal is asked to give money back
    REFUND_APPROVED = "refund.approved"  # before the terminal's approval is acknowledged
    REFUND_COMPLETED = "refund.completed"  # the money is on its way, the goods are back in stock
    REFUND_FAILED = "refund.failed"
    REFUND_UNKNOWN = "refund.unknown"
    ACCOUNT_VERIFIED = "account.verified"
    ACCOUNT_REFUSED = "account.refused"
    ACCOUNT_REQUESTED = "account.requested"  # a change of address, say: done by people, later
    CONSENT_GIVEN = "consent.given"
    STATEMENT_PRINTED = "statement.printed"
    FORM_SUBMITTED = "form.submitted"
    COMMAND_RECEIVED = "command.received"  # from the central service, before anything is done about it
    COMMAND_ANSWERED = "command.answered"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened. `subject` is the transaction, payment or device it speaks of; `at` is wall time, ISO 8601 with
    offset; `clock_ms` the terminal's monotonic clock. `body` is JSON without floats."""

    kind: Kind
    subject: str
    body: Mapping[str, Json]
    at: str
    clock_ms: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact in the journal. `digest` is sha256(prev + canonical JSON) as 64 hex digits; `prev` the digest of `seq - 1`."""

    journal_id: str
    seq: int
    fact: Fact
    prev: str
    digest: str
