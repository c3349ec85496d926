"""What a site decides about bills besides which standards it takes: limits, its own fee, names, and what it accepts unasked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.offline_policy import OfflineRules
from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class BillPayRules:
    """Amounts in minor units of the site's currency. `mixed`: goods and bills may lie in one basket. `limit_minor` bounds one bill.

    `fees_minor` is the site's own fee by account or standard (an account goes first), `fee_minor` for every other bill. `billers` are
    names of accounts, for bills that name no payee.
    """

    mixed: bool = True
    limit_minor: int = 100_000
    fee_minor: int = 0
    fees_minor: Mapping[str, int] = field(default_factory=dict)
    billers: Mapping[str, str] = field(default_factory=dict)
    offline: OfflineRules = OfflineRules()

    def fee_of_site(self, bill: Bill) -> int:
        """What the site itself asks for taking `bill`."""
        fees = self.fees_minor
        return fees.get(bill.account, fees.get(bill.standard, self.fee_minor))
