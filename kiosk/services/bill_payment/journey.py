"""Paying a bill, from top to bottom as the customer walks it: the steps, what each accepts, and where each leads."""

from __future__ import annotations

from kiosk.domain.journey import Shedding, Step, way
from kiosk.services.bill_payment import answering, deciding, opening
from kiosk.services.bill_payment.events import (
    AmountGiven,
    AmountWanted,
    BillAnswered,
    BillTaken,
    BillWanted,
    NumberGiven,
    NumberTyped,
    TypingWanted,
)
from kiosk.services.checkout.events import Back, GoOn, ItemFound, ItemMissing, Scanned

_AWAY = ("attract", "basket")
_AFTER_SCAN = (*opening.OPENED, "weight", "refused", "unknown-code", "staff-login")
_SHOWING = {
    Scanned: way(deciding.shown, *_AFTER_SCAN),
    ItemFound: way(deciding.found, *_AFTER_SCAN),
    ItemMissing: way(deciding.missing, "bill-problem"),
    Back: way(opening.left, *_AWAY),
}
_IN_HAND = {Scanned: way(deciding.shown_beside, "staff-login"), Back: way(opening.left, *_AWAY)}

STEPS: tuple[Step, ...] = (
    Step(
        "bill-start",
        "BillStart",
        {**_SHOWING, TypingWanted: way(deciding.typing_wanted, "bill-typing")},
        progress="scan",
        help="bill-showing",
        shedding=Shedding.CRITICAL,
    ),
    Step(
        "bill-typing",
        "BillTyping",
        {
            **_SHOWING,
            NumberTyped: way(deciding.number_typed),
            NumberGiven: way(deciding.number_given, *opening.OPENED),
            Back: way(deciding.wanted, "bill-start"),
        },
        progress="scan",
        help="bill-typing",
        shedding=Shedding.CRITICAL,
    ),
    Step(
        "bill-asking",
        "BillAsking",
        {**_IN_HAND, BillAnswered: way(answering.answered, *answering.ANSWERED)},
        progress="scan",
        help="bill-asking",
        shedding=Shedding.SHEDDABLE_PLUS,
    ),
    Step(
        "bill",
        "Bill",
        {
            **_IN_HAND,
            BillTaken: way(deciding.taken, "basket", "bill-problem"),
            AmountWanted: way(deciding.amount_wanted, "bill-amount"),
            BillWanted: way(deciding.wanted, "bill-start"),
        },
        progress="scan",
        help="bill-paying",
        shedding=Shedding.CRITICAL,
    ),
    Step(
        "bill-amount",
        "BillAmount",
        {
            **_IN_HAND,
            AmountGiven: way(deciding.amount_given, *answering.ANSWERED),
            Back: way(deciding.amount_left, "bill", *_AWAY),
        },
        progress="scan",
        help="bill-amount",
        shedding=Shedding.CRITICAL,
    ),
    Step(
        "bill-problem",
        "BillProblem",
        {
            **_SHOWING,
            GoOn: way(answering.agreed, *answering.ANSWERED),
            BillWanted: way(deciding.wanted, "bill-start"),
            TypingWanted: way(deciding.typing_wanted, "bill-typing"),
        },
        progress="scan",
        help="bill-problem",
        shedding=Shedding.CRITICAL,
    ),
)
