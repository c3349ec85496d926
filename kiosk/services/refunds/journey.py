"""A refund, from top to bottom as the customer walks it: the steps, what each accepts, and where each leads."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.journey import Idle, Step, Way, way
from kiosk.services.checkout import editing, keeping
from kiosk.services.checkout.events import Back, GoOn, PaymentMessage, ReceiptChosen, Scanned, TimerRang
from kiosk.services.checkout.office import RemoteApproval
from kiosk.services.refunds import approving, decisions
from kiosk.services.refunds.events import (
    AllChosen,
    PiecesChosen,
    ReasonChosen,
    RefundDone,
    RefundFailed,
    RefundQrReady,
    RefundReceiptPrinted,
    RefundUnclear,
    SaleFound,
    SaleRefused,
)

_HOME = ("attract", "out-of-service")
# What the payment terminal makes of it, also behind the back of a member of staff.
MONEY: Mapping[type, Way] = {
    RefundDone: way(decisions.done, "refund-done"),
    RefundFailed: way(decisions.failed, "refund-problem", "refund-lines"),
}

STEPS: tuple[Step, ...] = (
    Step(
        "refund-start",
        "RefundStart",
        {
            Scanned: way(decisions.scanned),
            SaleFound: way(decisions.sale_found, "refund-lines", "refund-problem"),
            SaleRefused: way(decisions.sale_refused, "refund-problem"),
            Back: way(decisions.left, *_HOME),
            TimerRang: way(decisions.rang, *_HOME),
        },
        help="refund",
    ),
    Step(
        "refund-lines",
        "RefundLines",
        {
            PiecesChosen: way(decisions.pieces_chosen),
            AllChosen: way(decisions.all_chosen),
            GoOn: way(decisions.lines_done, "refund-reason", "refund-problem"),
            Back: way(decisions.left, *_HOME),
            TimerRang: way(decisions.rang, *_HOME),
        },
        help="refund",
    ),
    Step(
        "refund-reason",
        "RefundReason",
        {
            ReasonChosen: way(decisions.reason_chosen, "refund-approval", "refund-money", "refund-problem"),
            Back: way(decisions.one_back, "refund-lines"),
            TimerRang: way(decisions.rang, *_HOME),
        },
        help="refund",
    ),
    Step(
        "refund-approval",
        "RefundApproval",
        {
            Scanned: way(decisions.approval_scanned, "staff-login"),
            RemoteApproval: way(approving.decided_afar, "refund-money", "refund-problem"),
            Back: way(decisions.one_back, "refund-reason"),
            TimerRang: way(decisions.rang, *_HOME),
        },
        idle=Idle.WAIT,
        help="refund",
    ),
    Step(
        "refund-money",
        "RefundMoney",
        {
            **MONEY,
            PaymentMessage: way(decisions.money_message),
            RefundUnclear: way(decisions.unclear),
            Scanned: way(decisions.money_scanned, "staff-login"),
            Back: way(decisions.money_cancelled),
            TimerRang: way(keeping.notice_rang),
        },
        idle=Idle.STAY,
        help="refund-money",
    ),
    Step(
        "refund-problem",
        "RefundProblem",
        {
            GoOn: way(decisions.tried_again, "refund-start"),
            Back: way(decisions.left, *_HOME),
            TimerRang: way(decisions.rang, *_HOME),
        },
        help="refund",
    ),
    Step(
        "refund-done",
        "RefundDone",
        {
            ReceiptChosen: way(decisions.receipt_chosen, "refund-printing", "thanks"),
            RefundQrReady: way(decisions.qr_ready, "refund-qr"),
            TimerRang: way(decisions.done_rang, "thanks"),
        },
        idle=Idle.FINISH,
        help="receipt",
    ),
    Step(
        "refund-printing",
        "Printing",
        {
            RefundReceiptPrinted: way(decisions.receipt_printed, "thanks", "refund-done"),
            TimerRang: way(keeping.notice_rang),
        },
        idle=Idle.STAY,
        help="receipt",
    ),
    Step(
        "refund-qr",
        "RefundQr",
        {GoOn: way(editing.finished, *_HOME), TimerRang: way(keeping.leave_rang, *_HOME)},
        idle=Idle.FINISH,
        help="receipt",
    ),
)
