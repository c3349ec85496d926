"""What the journal holds of a refund: the bodies of its facts, and the refund found again in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.facts import Json
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, Result
from kiosk.domain.refunding import Original, Refund, State


def intent_body(refund: Refund) -> Mapping[str, Json]:
    """The body of `refund.intended`: the whole refund included, so that the journal alone can finish it."""
    original = refund.original
    return {
        "refund_id": refund.ref,
        "sale_id": refund.body.get("sale_id"),
        "method": "reversal" if refund.by_reversal else "refund",
        "card_minor": refund.amount.minor,
        "currency": refund.amount.currency,
        "last_trace": refund.last_trace,
        "original": {
            "trace": original.trace,
            "receipt_no": original.receipt_no,
            "amount_minor": original.amount.minor,
            "card_last4": original.card_last4,
        },
        "refund": refund.body,
    }


def approval_body(refund: Refund) -> dict[str, Json]:
    """The body of `refund.approved`: what the terminal said at its commit point."""
    return {"refund_id": refund.ref, "sale_id": refund.body.get("sale_id"), **_outcome_body(refund)}


def completion_body(refund: Refund) -> dict[str, Json]:
    """The body of `refund.completed`: the whole refund, and how its money went."""
    method = "none" if not refund.amount.minor else "reversal" if refund.by_reversal else "refund"
    return {**refund.body, "refund_id": refund.ref, "tender": {"method": method, **_outcome_body(refund)}}


def end_body(refund: Refund) -> dict[str, Json]:
    """The body of a refund that failed, or is not known."""
    return {"refund_id": refund.ref, "sale_id": refund.body.get("sale_id"), "reason": refund.reason}


def recovered(intent: Mapping[str, Json], *, trace: int | None) -> Refund:
    """The refund as the journal left it: from the body of its latest `refund.intended`, and the `trace` of its `refund.approved` where
    there is one. Give it `Recover` to go on."""
    original = intent["original"]
    if not isinstance(original, Mapping):
        raise TypeError("the journal holds a refund that names no payment")
    amount = Money(_whole(intent["card_minor"]), str(intent["currency"]))
    body = intent["refund"]
    refund = Refund(
        ref=str(intent["refund_id"]),
        amount=amount,
        original=Original(
            _optional(original.get("trace")),
            _optional(original.get("receipt_no")),
            Money(_whole(original.get("amount_minor")), amount.currency),
            str(original.get("card_last4") or ""),
        ),
        body=body if isinstance(body, Mapping) else {},
        by_reversal=intent["method"] == "reversal",
        state=State.RESOLVING,
        last_trace=_optional(intent.get("last_trace")),
        is_intended=True,
    )
    if trace is None:
        return refund
    return replace(refund, is_approved=True, outcome=Outcome(Result.APPROVED, amount=amount, trace=trace))


def _outcome_body(refund: Refund) -> dict[str, Json]:
    outcome = refund.outcome or Outcome(Result.UNKNOWN)
    return {
        "amount_minor": refund.amount.minor,
        "currency": refund.amount.currency,
        "trace": outcome.trace,
        "receipt_no": outcome.receipt_no,
        "terminal_id": outcome.terminal_id,
        "card_name": outcome.card_name,
        "card_last4": outcome.card_last4 or refund.original.card_last4,
        "authorisation": outcome.authorisation,
        "terminal_at": outcome.at,
        "customer_slip": list(outcome.customer_slip),
        "merchant_slip": list(outcome.merchant_slip),
    }


def _whole(value: Json) -> int:
    if not isinstance(value, int):
        raise TypeError(f"the journal holds {value!r} where a whole number belongs")
    return value


def _optional(value: Json) -> int | None:
    return None if value is None else _whole(value)
