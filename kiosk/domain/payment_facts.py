"""What the journal holds of a payment: the bodies of its facts, and the payment found again in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kiosk.domain.facts import Fact, Json, Kind
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, Payment, Result, Stamp, State


def intent_body(payment: Payment) -> Mapping[str, Json]:
    """The body of `payment.intended`: the whole sale included, so that the journal alone can finish it."""
    return {
        "ref": payment.ref,
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "last_trace": payment.last_trace,
        "sale": payment.sale,
    }


def booking(payment: Payment, stamp: Stamp) -> tuple[Fact, ...]:
    """The one commit of an approval: the payment, the sale, the vouchers it used, and the receipt that is owed."""
    sale = {**payment.sale, "tender": outcome_body(payment)}
    return (stamp(Kind.PAYMENT_APPROVED, outcome_body(payment)), *sale_facts(sale, stamp))


def sale_facts(sale: Mapping[str, Json], stamp: Stamp) -> tuple[Fact, ...]:
    """A completed sale's facts, for one commit: also where vouchers paid all of it and no card was needed. Each of its bills is a fact
    of its own, which the biller is told by."""
    sale_id = sale.get("sale_id")
    vouchers = sale.get("vouchers")
    used = vouchers if isinstance(vouchers, list | tuple) else ()
    more: dict[str, Json] = {"sale_id": sale_id, "receipt_number": sale.get("receipt_number")}
    paid = (stamp(Kind.BILL_PAID, {**bill, **more}) for bill in _bills(sale))
    redeemed = (stamp(Kind.VOUCHER_REDEEMED, {**v, "sale_id": sale_id}) for v in used if isinstance(v, Mapping))
    receipt = stamp(Kind.RECEIPT_PENDING, {"sale_id": sale_id, "receipt_number": sale.get("receipt_number")})
    return (stamp(Kind.SALE_COMPLETED, sale), *redeemed, *paid, receipt)


def voiding(payment: Payment, stamp: Stamp) -> tuple[Fact, ...]:
    """The one commit of a sale in the books whose money did not stay: the payment, its sale, and each bill of it."""
    sale_id, reason = payment.sale.get("sale_id"), payment.reason
    bills = (
        stamp(
            Kind.BILL_VOIDED,
            {**{name: bill.get(name) for name in ("key", "payment_ref")}, "sale_id": sale_id, "reason": reason},
        )
        for bill in _bills(payment.sale)
    )
    voided = stamp(Kind.SALE_VOIDED, {"sale_id": sale_id, "reason": reason})
    return (stamp(Kind.PAYMENT_REVERSED, end_body(payment)), voided, *bills)


def subject(kind: Kind, body: Mapping[str, Json]) -> str:
    """What a fact of a payment or a sale speaks of: a payment's reference, a refund's id, a bill's key, a voucher's code, else
    the sale's id."""
    if kind in (Kind.BILL_PAID, Kind.BILL_VOIDED):
        return f"bill:{body['key']}"
    return str(body.get("ref") or body.get("refund_id") or body.get("code") or body.get("sale_id"))


def recovered(
    intent: Mapping[str, Json], latest: Kind, latest_body: Mapping[str, Json], *, customer_present: bool
) -> Payment:
    """The payment as the journal left it: from its intent and its latest fact. Give it `Recover` to go on."""
    payment = Payment(
        ref=str(intent["ref"]),
        amount=Money(_int(intent["amount_minor"]), str(intent["currency"])),
        sale=intent["sale"] if isinstance(intent["sale"], Mapping) else {},
        state=State.RESOLVING,
        last_trace=None if intent["last_trace"] is None else _int(intent["last_trace"]),
        customer_present=customer_present,
    )
    if latest in (Kind.PAYMENT_APPROVED, Kind.PAYMENT_REVERSING):
        trace, receipt_no = latest_body.get("trace"), latest_body.get("receipt_no")
        outcome = Outcome(
            Result.APPROVED,
            amount=payment.amount,
            trace=None if trace is None else _int(trace),
            receipt_no=None if receipt_no is None else _int(receipt_no),
        )
        is_booked = latest is Kind.PAYMENT_APPROVED
        return replace(payment, outcome=outcome, booked=is_booked, giving_back=not is_booked)
    return payment


def settlement_body(payment: Payment) -> Mapping[str, Json]:
    """The body of `payment.settled`: the slips, which the terminal prints after the commit point."""
    outcome = payment.outcome
    return {
        "ref": payment.ref,
        "customer_slip": list(outcome.customer_slip) if outcome else [],
        "merchant_slip": list(outcome.merchant_slip) if outcome else [],
    }


def outcome_body(payment: Payment) -> dict[str, Json]:
    """The body of `payment.approved` and `payment.reversing`, and the tender of a sale."""
    outcome = payment.outcome or Outcome(Result.UNKNOWN)
    return {
        "ref": payment.ref,
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "trace": outcome.trace,
        "receipt_no": outcome.receipt_no,
        "terminal_id": outcome.terminal_id,
        "card_name": outcome.card_name,
        "card_last4": outcome.card_last4,
        "authorisation": outcome.authorisation,
        "terminal_at": outcome.at,
    }


def end_body(payment: Payment) -> dict[str, Json]:
    """The body of a payment that ended without goods, or is not known."""
    return {"ref": payment.ref, "reason": payment.reason}


def _bills(sale: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    bills = sale.get("bills")
    return (bill for bill in (bills if isinstance(bills, list | tuple) else ()) if isinstance(bill, Mapping))


def _int(value: Json) -> int:
    if not isinstance(value, int):
        raise TypeError(f"the journal holds {value!r} where a whole number belongs")
    return value
