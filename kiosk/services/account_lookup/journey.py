"""Looking up an account, from top to bottom as its holder walks it: the steps, what each accepts, and where each leads."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.journey import Idle, Step, Way, way
from kiosk.services.account_lookup import asking, leaving, looking, opening, verifying
from kiosk.services.account_lookup.events import (
    AccountDenied,
    AccountLeft,
    AccountPinTyped,
    AmountsShown,
    CardSeen,
    ChangeChosen,
    ChangeTaken,
    ChangeTyped,
    CodeSent,
    CodesReady,
    CodeTurned,
    CodeTyped,
    CodeWanted,
    ConsentGiven,
    CouponChosen,
    DueBillChosen,
    HolderVerified,
    MonthsChosen,
    NumberTyped,
    NumberWanted,
    OverviewFound,
    PartOpened,
    StatementPrinted,
    StatementWanted,
    SteppedUp,
)
from kiosk.services.bill_payment.opening import OPENED
from kiosk.services.checkout.events import Back, DeviceChanged, GoOn, Scanned

_AWAY = ("attract", "basket", "out-of-service")

# At every step: done, the badge of a member of staff, and the card that is taken out.
_OPEN: Mapping[type, Way] = {
    AccountLeft: way(leaving.left, *_AWAY),
    Scanned: way(leaving.scanned, "staff-login"),
    CardSeen: way(opening.card_seen_here, *_AWAY),
    DeviceChanged: way(leaving.reader_changed, *_AWAY),
    AccountDenied: way(verifying.denied, "account-problem"),
}

# While it is asked who is there, a card answers.
_ASKING = {
    **_OPEN,
    Scanned: way(opening.scanned, "account-pin", "staff-login"),
    CardSeen: way(opening.card_seen_asking, "account-pin", "account-problem", *_AWAY),
    NumberWanted: way(opening.number_wanted, "account-number"),
    Back: way(leaving.left, *_AWAY),
}

_TO_OVERVIEW = {**_OPEN, Back: way(looking.to_overview, "account")}

STEPS = (
    # --- who is there ---
    Step("account-start", "AccountStart", _ASKING, idle=Idle.PRIVATE, help="account-card"),
    Step(
        "account-number",
        "AccountNumber",
        {
            **_ASKING,
            NumberTyped: way(opening.number_typed, "account-pin"),
            Back: way(opening.to_start, "account-start", *_AWAY),
        },
        idle=Idle.PRIVATE,
        help="account-card",
    ),
    Step(
        "account-pin",
        "AccountPin",
        {
            **_OPEN,
            AccountPinTyped: way(verifying.pin_typed),
            HolderVerified: way(verifying.verified, "account-consent", "account"),
            OverviewFound: way(verifying.overview_found, "account"),
            Back: way(opening.to_start, "account-start", *_AWAY),
        },
        idle=Idle.PRIVATE,
        help="account-pin",
    ),
    Step(
        "account-consent",
        "AccountConsent",
        {
            **_OPEN,
            ConsentGiven: way(verifying.consent_given, "account"),
            OverviewFound: way(verifying.overview_found, "account"),
            Back: way(leaving.left, *_AWAY),
        },
        idle=Idle.CLEAR,  # a text to be read, and nothing private yet
        help="account-consent",
    ),
    # --- what is on it ---
    Step(
        "account",
        "Account",
        {
            **_OPEN,
            AmountsShown: way(looking.amounts_shown),
            PartOpened: way(
                asking.part_wanted, "account-movements", "account-statement", "account-change", "account-problem"
            ),
            DueBillChosen: way(looking.bill_chosen, *OPENED),
            CouponChosen: way(looking.coupon_chosen),
            Back: way(leaving.left, *_AWAY),
        },
        idle=Idle.PRIVATE,
        help="account",
    ),
    Step(
        "account-movements",
        "AccountMovements",
        {
            **_TO_OVERVIEW,
            AmountsShown: way(looking.amounts_shown),
            PartOpened: way(looking.part_opened, "account-statement"),
        },
        idle=Idle.PRIVATE,
        help="account",
    ),
    Step(
        "account-statement",
        "AccountStatement",
        {
            **_TO_OVERVIEW,
            MonthsChosen: way(looking.months_chosen),
            StatementWanted: way(looking.statement_wanted),
            StatementPrinted: way(looking.statement_printed, "account"),
            CodesReady: way(looking.codes_ready, "account-qr"),
        },
        idle=Idle.PRIVATE,
        help="account-statement",
    ),
    Step(
        "account-qr",
        "AccountQr",
        {**_TO_OVERVIEW, CodeTurned: way(looking.code_turned)},
        idle=Idle.CLEAR,  # a telephone is fetched out of a pocket
        help="account-statement",
    ),
    # --- a change that is asked for ---
    Step(
        "account-change",
        "AccountChange",
        {**_TO_OVERVIEW, ChangeChosen: way(asking.change_chosen, "account-code", "account-change-entry")},
        idle=Idle.PRIVATE,
        help="account-change",
    ),
    Step(
        "account-code",
        "AccountCode",
        {
            **_TO_OVERVIEW,
            CodeSent: way(asking.code_sent),
            CodeTyped: way(asking.code_typed),
            CodeWanted: way(asking.code_wanted),
            SteppedUp: way(asking.stepped_up, "account-change-entry"),
            AccountDenied: way(asking.code_denied, "account-problem"),
        },
        idle=Idle.CLEAR,  # the code has to come first
        help="account-code",
    ),
    Step(
        "account-change-entry",
        "AccountChangeEntry",
        {**_TO_OVERVIEW, ChangeTyped: way(asking.change_typed, "account-change-check")},
        idle=Idle.CLEAR,  # letters take their time
        help="account-change",
    ),
    Step(
        "account-change-check",
        "AccountChangeCheck",
        {
            **_OPEN,
            GoOn: way(asking.change_sent),
            ChangeTaken: way(asking.change_taken, "account"),
            Back: way(asking.to_entry, "account-change-entry"),
        },
        idle=Idle.PRIVATE,
        help="account-change",
    ),
    # --- what went wrong ---
    Step(
        "account-problem",
        "AccountProblem",
        {
            **_OPEN,
            GoOn: way(opening.go_on, "account-start", "account-pin", "account", *_AWAY),
            NumberWanted: way(opening.number_wanted, "account-number"),
            CardSeen: way(opening.card_seen_asking, "account-pin", "account-problem", *_AWAY),
            Back: way(leaving.left, *_AWAY),
        },
        idle=Idle.PRIVATE,
        help="account-problem",
    ),
)
STEP_NAMES = frozenset(step.name for step in STEPS)

EVERYWHERE: Mapping[type, Way] = {
    CardSeen: way(opening.card_elsewhere),
    HolderVerified: way(leaving.verified_late),
}
