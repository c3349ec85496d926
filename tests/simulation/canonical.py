"""When two moments are the same: what matters of a terminal, a payment and a register, with times counted from now."""

from __future__ import annotations

from collections import deque
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from devices.virtual.payment_core import TerminalCore
from devices.virtual.payment_ledger import Ledger
from kiosk.domain.payment import Payment
from kiosk.domain.refunding import Refund

_MOMENTS = frozenset(
    ("expires_ms", "customer_ms", "until_ms", "remind_ms", "taken_out_ms", "again_ms", "held_until_ms")
)
_SPANS = frozenset(("answer_timeout_ms", "slow_ms", "bank_ms", "_remind_every_ms"))
# The set-up and the customer are one for all of a search, a line's number only tells it from older ones, and the time of the last
# message matters only to terminals that drop idle lines, which these do not.
_SAME_FOR_ALL = frozenset(("settings", "customer", "connection", "idle_since_ms", "epoch"))


class IncomparableError(BaseException):
    """The virtual terminal holds something new, of which nobody has told whether it matters. No Exception: nobody may catch it."""


def essence_of_terminal(core: TerminalCore, now_ms: int) -> tuple[object, ...]:
    """All of a terminal that can make a difference from now on; hashable."""
    return tuple(_essence(getattr(core, item.name), item.name, now_ms) for item in _kept(TerminalCore))


def essence_of_payment(payment: Payment | Refund | None) -> tuple[object, ...]:
    """All of a payment or refund that a decision can depend on. The words of an outcome and its reason go to journal and screen only."""
    if payment is None:
        return ()
    if isinstance(payment, Refund):
        return _essence_of_refund(payment)
    outcome = payment.outcome and (payment.outcome.result, payment.outcome.trace, payment.outcome.receipt_no)
    return (
        payment.state,
        payment.last_trace,
        outcome,
        payment.booked,
        payment.giving_back,
        payment.fenced,
        payment.cut_off,
        payment.customer_present,
        payment.tries,
        payment.sale["receipt_number"],
    )


def _essence_of_refund(refund: Refund) -> tuple[object, ...]:
    return (
        refund.state,
        refund.by_reversal,
        refund.last_trace,
        refund.outcome and (refund.outcome.result, refund.outcome.trace),
        refund.is_intended,
        refund.is_approved,
        refund.fenced,
        refund.cut_off,
        refund.tries,
        refund.reason == "other-card",
    )


def copy_of(terminal: Any) -> Any:
    """A terminal of its own; what never changes is shared. (`copy.deepcopy` takes ten times as long.)"""
    if is_dataclass(terminal) and not terminal.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        twin = object.__new__(type(terminal))
        for item in fields(terminal):
            setattr(twin, item.name, copy_of(getattr(terminal, item.name)))
        return twin
    if isinstance(terminal, list | deque):
        return type(terminal)(map(copy_of, terminal))
    return set(terminal) if isinstance(terminal, set) else terminal


_KEPT: dict[type, tuple[object, ...]] = {}


def _kept(kind: type) -> tuple[object, ...]:
    if kind not in _KEPT:
        _KEPT[kind] = tuple(item for item in fields(kind) if item.name not in _SAME_FOR_ALL)  # type: ignore[arg-type]
    return _KEPT[kind]


def _essence(value: object, name: str, now_ms: int) -> object:
    if value is None or isinstance(value, str | bytes | bool | Enum):
        return value
    if isinstance(value, int):
        if not name.endswith("_ms") or name in _SPANS:
            return value
        if name not in _MOMENTS:
            raise IncomparableError(f"tell whether {name} of the virtual terminal is a moment or a span")
        return value - now_ms
    if isinstance(value, Ledger):
        return tuple((entry.kind, entry.trace, entry.receipt_no, entry.code, entry.of_trace) for entry in value.entries)
    if isinstance(value, tuple | list | deque):
        return tuple(_essence(item, "", now_ms) for item in value)
    if isinstance(value, set | frozenset):
        return frozenset(value)
    if isinstance(value, dict):
        return tuple((key, _essence(item, "", now_ms)) for key, item in value.items())
    if is_dataclass(value):
        return (
            type(value).__name__,
            *(_essence(getattr(value, item.name), item.name, now_ms) for item in _kept(type(value))),  # type: ignore[attr-defined]
        )
    raise IncomparableError(
        f"{name} of the virtual terminal holds a {type(value).__name__}, which nobody here can compare"
    )
