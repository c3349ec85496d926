"""The checkout, from top to bottom as the shopper walks it: the steps, what each accepts, and where each leads."""

from __future__ import annotations

from kiosk.domain.journey import Idle, Step, way
from kiosk.services import home
from kiosk.services.account_lookup import opening as account_opening
from kiosk.services.account_lookup.events import CardSeen
from kiosk.services.bill_payment import answering, deciding
from kiosk.services.bill_payment.events import BillAnswered, BillWanted
from kiosk.services.checkout import attending, claiming, editing, keeping, paying, price_asking, remote, scanning
from kiosk.services.checkout.events import (
    Back,
    BasketHeld,
    BasketTakenUp,
    BooksFailed,
    BooksMended,
    CategoryChosen,
    ClaimWaits,
    CountChanged,
    CouponRemoved,
    DeviceChanged,
    DraftFound,
    EasierChosen,
    EmptyPressed,
    GoOn,
    HelpCalled,
    HoldPressed,
    ItemFound,
    ItemMissing,
    LanguageChosen,
    LineChanged,
    LineRemoved,
    MoreTime,
    Opened,
    OverlayOpened,
    PaymentDone,
    PaymentFailed,
    PaymentGivenBack,
    PaymentLeftOver,
    PaymentMessage,
    PaymentsClear,
    PaymentUnclear,
    PayPressed,
    Picked,
    PickerFilled,
    PinEntered,
    PriceGiven,
    PriceQuestioned,
    QrReady,
    ReceiptChosen,
    ReceiptPrinted,
    Scanned,
    SearchTyped,
    StaffChose,
    StaffRefused,
    StaffVerified,
    TakeUpRefused,
    TimerRang,
    Undone,
    VoucherFound,
    VoucherRefused,
    WeightGiven,
)
from kiosk.services.checkout.office import BooksTold, MessageSent, ProfileChosen, RemoteApproval
from kiosk.services.forms import asking as forms
from kiosk.services.forms.events import SlotAnswered
from kiosk.services.refunds import decisions as refunds
from kiosk.services.refunds.events import RefundDone, RefundFailed

_AFTER_SCAN = (
    "basket",
    "weight",
    "refused",
    "unknown-code",
    "staff-login",
    "account-pin",
    "bill-asking",
    "bill-problem",
    "refund-start",
)

# Wherever a shopper gathers goods, a scan means the same: nobody has to go back first.
_GATHERING = {
    Scanned: way(scanning.scanned, *_AFTER_SCAN),
    CardSeen: way(account_opening.card_seen, "account-pin"),
    ItemFound: way(scanning.item_found, *_AFTER_SCAN),
    ItemMissing: way(scanning.item_missing, "unknown-code"),
    VoucherFound: way(claiming.voucher_found, "basket"),
    VoucherRefused: way(claiming.voucher_refused),
    BasketTakenUp: way(claiming.basket_taken_up, "basket"),
    TakeUpRefused: way(claiming.take_up_refused),
    ClaimWaits: way(claiming.claim_waits),
    Opened: way(editing.opened, "picker", "keypad", "coupon"),
    Back: way(editing.to_basket, "attract", "basket"),
}

_PICKING = {
    **_GATHERING,
    Picked: way(scanning.picked, "basket", "weight"),
    CategoryChosen: way(editing.category_chosen),
    SearchTyped: way(editing.search_typed),
    PickerFilled: way(editing.picker_filled),
}

# A card is under way: nothing but the payment itself moves the session, and no time-out ends it.
_TENDER = {
    Scanned: way(scanning.badge_scanned, "staff-login"),
    PaymentMessage: way(paying.payment_message),
    PaymentDone: way(paying.payment_done, "receipt-choice"),
    PaymentUnclear: way(paying.payment_unclear, "clarifying"),
    PaymentGivenBack: way(paying.payment_given_back, "pay-problem", "attract", "out-of-service"),
    TimerRang: way(keeping.notice_rang),
}

_IN_REFUND = ("refund-approval", "refund-money", "refund-problem")

# What a step with staff at the terminal has to let through of an unclear payment or refund behind it.
_BEHIND_STAFF = {
    RefundDone: way(refunds.done, "refund-done"),
    RefundFailed: way(refunds.failed, "refund-problem", "refund-lines"),
    PaymentDone: way(paying.payment_done, "receipt-choice"),
    PaymentFailed: way(paying.payment_cleared_failed, "pay-problem", "attract"),
    PaymentGivenBack: way(paying.payment_given_back, "pay-problem", "attract", "out-of-service"),
    TimerRang: way(attending.login_rang, "attract", "clarifying", "out-of-service", "receipt-choice", *_IN_REFUND),
}

_PAST_STAFF = ("basket", "attract", "clarifying", "out-of-service", "receipt-choice", *_IN_REFUND)
_FROM_PAY = ("pay", "age-check", "paper-out", "pay-problem")

STEPS = (
    # --- before there is anything in the basket ---
    Step(
        "attract",
        "Attract",
        {
            **_GATHERING,
            DraftFound: way(editing.draft_found, "resume"),
            home.ServiceChosen: way(home.service_chosen, *home.FIRST_STEPS),
            ProfileChosen: way(remote.profile_chosen, "out-of-service"),
            TimerRang: way(keeping.leave_rang, "out-of-service"),
        },
        idle=Idle.RESET,
        help="scanning",
    ),
    Step(
        "resume",
        "Resume",
        {
            GoOn: way(editing.resumed, "basket"),
            EmptyPressed: way(editing.empty_pressed, "attract", "out-of-service"),
            Scanned: way(editing.scanned_on, *_AFTER_SCAN),
        },
        help="resume",
    ),
    # --- gathering ---
    Step(
        "basket",
        "Basket",
        {
            **_GATHERING,
            CountChanged: way(editing.count_changed),
            LineRemoved: way(editing.line_removed),
            BillWanted: way(deciding.wanted, "bill-start"),
            CouponRemoved: way(editing.coupon_removed),
            Undone: way(editing.undone),
            PriceQuestioned: way(price_asking.questioned, "price"),
            HoldPressed: way(editing.hold_pressed),
            BasketHeld: way(editing.basket_held, "held"),
            EmptyPressed: way(editing.empty_pressed, "attract", "out-of-service"),
            PayPressed: way(paying.pay_pressed, *_FROM_PAY),
        },
        progress="scan",
        help="scanning",
    ),
    Step("picker", "Picker", _PICKING, progress="scan", help="without-code"),
    Step("keypad", "Keypad", _GATHERING, progress="scan", help="typing"),
    Step(
        "weight",
        "Weight",
        {**_GATHERING, WeightGiven: way(scanning.weight_given, "basket")},
        progress="scan",
        help="weighing",
    ),
    Step(
        "price",
        "Price",
        {**_GATHERING, PriceGiven: way(price_asking.given, "price-check", "basket")},
        progress="scan",
        help="price",
    ),
    Step("coupon", "Coupon", _GATHERING, progress="scan", help="coupons"),
    Step("unknown-code", "UnknownCode", _GATHERING, progress="scan", help="scanning"),
    Step("refused", "Refused", _GATHERING, progress="scan", idle=Idle.WAIT, help="refused"),
    Step("held", "Held", {GoOn: way(editing.finished, "attract", "out-of-service")}, idle=Idle.LEAVE, help="hold"),
    # --- staff at the terminal ---
    Step(
        "age-check",
        "AgeCheck",
        {
            Scanned: way(scanning.badge_scanned, "staff-login"),
            RemoteApproval: way(remote.decided, "basket", "attract", "out-of-service", *_FROM_PAY),
            Back: way(editing.to_basket, "basket", "attract"),
        },
        progress="pay",
        idle=Idle.WAIT,
        help="age",
    ),
    Step(
        "price-check",
        "PriceCheck",
        {
            Scanned: way(scanning.badge_scanned, "staff-login"),
            RemoteApproval: way(price_asking.decided_afar, "basket"),
            Back: way(editing.to_basket, "basket", "attract"),
        },
        progress="scan",
        idle=Idle.WAIT,
        help="price",
    ),
    Step(
        "staff-login",
        "StaffLogin",
        {
            **_BEHIND_STAFF,
            Scanned: way(scanning.badge_scanned),
            PinEntered: way(attending.pin_entered),
            StaffVerified: way(attending.staff_verified, "staff-menu"),
            StaffRefused: way(attending.staff_refused),
            Back: way(attending.login_left, *_PAST_STAFF),
        },
        idle=Idle.WAIT,
        help="staff",
    ),
    Step(
        "staff-menu",
        "StaffMenu",
        {
            **_BEHIND_STAFF,
            StaffChose: way(attending.staff_chose, *_PAST_STAFF, *_FROM_PAY),
            Back: way(attending.login_left, *_PAST_STAFF),
        },
        idle=Idle.WAIT,
        help="staff",
    ),
    # --- paying ---
    Step(
        "paper-out",
        "PaperOut",
        {GoOn: way(paying.paper_accepted, "basket", *_FROM_PAY), Back: way(editing.to_basket, "basket", "attract")},
        progress="pay",
        help="receipt",
    ),
    Step(
        "pay",
        "Pay",
        {
            **_TENDER,
            Scanned: way(scanning.not_now),
            PaymentFailed: way(paying.payment_failed, "basket", "pay-problem"),
            Back: way(paying.cancel_pressed),
        },
        progress="pay",
        idle=Idle.STAY,
        help="paying",
    ),
    Step(
        "pay-problem",
        "PayProblem",
        {
            Scanned: way(scanning.badge_scanned, "staff-login"),
            PayPressed: way(paying.pay_pressed, *_FROM_PAY),
            Back: way(editing.to_basket, "basket", "attract"),
        },
        progress="pay",
        idle=Idle.CLEAR,
        help="paying",
    ),
    Step(
        "clarifying",
        "Clarifying",
        {**_TENDER, PaymentFailed: way(paying.payment_cleared_failed, "pay-problem", "attract")},
        progress="pay",
        idle=Idle.STAY,
        help="clarifying",
    ),
    # --- the receipt ---
    Step(
        "receipt-choice",
        "ReceiptChoice",
        {
            ReceiptChosen: way(paying.receipt_chosen, "printing", "thanks"),
            QrReady: way(paying.qr_ready, "receipt-qr"),
            Scanned: way(scanning.badge_scanned, "staff-login"),
            TimerRang: way(paying.receipt_rang, "thanks"),
        },
        progress="receipt",
        idle=Idle.FINISH,
        help="receipt",
    ),
    Step(
        "printing",
        "Printing",
        {ReceiptPrinted: way(paying.receipt_printed, "thanks", "receipt-choice"), TimerRang: way(keeping.notice_rang)},
        progress="receipt",
        idle=Idle.STAY,
        help="receipt",
    ),
    Step(
        "receipt-qr",
        "ReceiptQr",
        {
            GoOn: way(editing.finished, "attract", "out-of-service"),
            TimerRang: way(keeping.leave_rang, "attract", "out-of-service"),
        },
        progress="receipt",
        idle=Idle.FINISH,
        help="receipt",
    ),
    Step(
        "thanks",
        "Thanks",
        {
            GoOn: way(editing.finished, "attract", "out-of-service"),
            TimerRang: way(keeping.leave_rang, "attract", "out-of-service"),
            # The next shopper does not wait for a farewell to end.
            Scanned: way(editing.next_customer, "attract", *_AFTER_SCAN, "out-of-service"),
            CardSeen: way(account_opening.card_next, "attract", "account-pin", "out-of-service"),
        },
        progress="receipt",
        idle=Idle.LEAVE,
        help="receipt",
    ),
    # --- nobody is served ---
    Step(
        "out-of-service",
        "OutOfService",
        {
            Scanned: way(scanning.badge_scanned, "staff-login"),
            BooksMended: way(keeping.books_mended, "attract"),
            ProfileChosen: way(remote.profile_chosen, "attract"),
            PaymentDone: way(paying.payment_done, "receipt-choice"),
            PaymentFailed: way(paying.payment_cleared_failed, "attract", "pay-problem"),
            PaymentGivenBack: way(paying.payment_given_back, "attract", "pay-problem"),
            TimerRang: way(keeping.notice_rang),
        },
        idle=Idle.STAY,
        help="staff",
    ),
)

EVERYWHERE = {
    TimerRang: way(keeping.timer_rang, "attract", "out-of-service"),
    MoreTime: way(keeping.more_time),
    LanguageChosen: way(keeping.language_chosen),
    EasierChosen: way(keeping.easier_chosen),
    OverlayOpened: way(keeping.overlay_opened),
    HelpCalled: way(keeping.help_called),
    DeviceChanged: way(keeping.device_changed),
    PaymentLeftOver: way(paying.payment_left_over, "clarifying", "out-of-service"),
    PaymentsClear: way(paying.payments_clear, "attract"),
    ItemFound: way(scanning.late_item),
    ItemMissing: way(scanning.late_item),
    VoucherFound: way(claiming.late_voucher),
    VoucherRefused: way(claiming.late_refusal),
    BasketTakenUp: way(claiming.late_basket),
    TakeUpRefused: way(claiming.late_refusal),
    SlotAnswered: way(forms.late_slot),
    BillAnswered: way(answering.answered_late),
    BooksFailed: way(keeping.books_failed, "out-of-service"),
    BooksTold: way(keeping.books_told),
    LineChanged: way(keeping.line_changed),
    MessageSent: way(keeping.message_sent),
    RemoteApproval: way(remote.too_late),
    ProfileChosen: way(remote.busy),
}
