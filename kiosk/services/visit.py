"""A visit: everything that one customer may do at the terminal, joined of the journeys of all services into one table."""

from __future__ import annotations

from kiosk.domain.journey import Journey
from kiosk.services.account_lookup import journey as account_lookup
from kiosk.services.bill_payment import journey as bill_payment
from kiosk.services.checkout import journey as checkout
from kiosk.services.forms import journey as forms
from kiosk.services.refunds import journey as refunds

VISIT = Journey(
    "visit",
    "attract",
    (*checkout.STEPS, *bill_payment.STEPS, *account_lookup.STEPS, *refunds.STEPS, *forms.STEPS),
    {**checkout.EVERYWHERE, **account_lookup.EVERYWHERE},
)
