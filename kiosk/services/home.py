"""The home screen: where each service begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.domain.records import dataclass
from kiosk.services.account_lookup import opening as account_opening
from kiosk.services.bill_payment import opening
from kiosk.services.checkout.events import CustomerAct
from kiosk.services.checkout.keeping import Decision
from kiosk.services.checkout.session import Session, Turn
from kiosk.services.forms import asking as forms
from kiosk.services.offered import ACCOUNT, BILLS, CHECKOUT, FORM, REFUND, offered, serves
from kiosk.services.refunds import decisions as refunds

__all__ = [
    "ACCOUNT",
    "BILLS",
    "CHECKOUT",
    "FIRST_STEPS",
    "FORM",
    "OPENERS",
    "REFUND",
    "ServiceChosen",
    "offered",
    "serves",
    "service_chosen",
]


@dataclass(frozen=True, slots=True)
class ServiceChosen(CustomerAct):
    """A service was touched on the home screen: one of `offered`."""

    service: str


# What opens each service, and the steps that it may open at. "form:" stands for every form.
OPENERS: Mapping[str, tuple[Callable[[Session, str, Turn], Decision], tuple[str, ...]]] = {
    ACCOUNT: (account_opening.opened, account_opening.FIRST_STEPS),
    FORM: (forms.opened, forms.FIRST_STEPS),
    BILLS: (opening.started, ("bill-start",)),
    REFUND: (refunds.opened, ("refund-start",)),
}
FIRST_STEPS: Final = tuple(sorted({step for _, steps in OPENERS.values() for step in steps}))


def service_chosen(session: Session, event: ServiceChosen, turn: Turn) -> Decision:
    """To the first step of a service that is on offer."""
    opener = OPENERS.get(FORM if event.service.startswith(FORM) else event.service)
    if opener is None or not serves(session, turn, event.service):
        return session, ()
    return opener[0](session, event.service, turn)
