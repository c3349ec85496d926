"""Why a bill cannot be paid now, and the clear way on from each: stable codes, with words at `screen.bill-problem.<code>`."""

from __future__ import annotations

from typing import Final

from kiosk.domain.bills.bill import Reason
from kiosk.domain.bills.offline_policy import OfflineReason

# Asked before the bill is paid: yes leads on.
QUESTIONS: Final = frozenset({"bill-paid-before", "bill-overdue", "bill-overdue-late"})
# Read badly: the customer may type the number, or show the code again.
UNREAD: Final = frozenset(
    {"bill-none", Reason.CHECK_DIGIT, Reason.CHECKSUM, Reason.MALFORMED, Reason.REFERENCE, Reason.TOO_LONG}
)
# Another bill would fare no better: what is in the basket goes first.
BASKET_FIRST: Final = frozenset({"bill-mixed", "basket-full"})
STANDING: Final = frozenset({"bill-paid", "bill-paid-on", "bill-being-paid", "bill-closed", "bill-unknown"})
OFFLINE: Final = frozenset(f"bill-offline-{reason}" for reason in OfflineReason)
# Every code besides the reasons of `kiosk.domain.bills`, whose words are at `problem.<reason>`.
CODES: Final = QUESTIONS | BASKET_FIRST | STANDING | OFFLINE | {"bill-none", "bill-paid-here", "bill-limit"}
