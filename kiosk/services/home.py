"""The home screen: which services this terminal offers, in the site's order, and where each of them begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.domain.records import dataclass
from kiosk.services.checkout.events import CustomerAct
from kiosk.services.checkout.keeping import Decision
from kiosk.services.checkout.session import Rules, Session, Turn

CHECKOUT: Final = "checkout"
BILLS: Final = "bills"
ACCOUNT: Final = "account"
REFUND: Final = "refund"
FORM: Final = "form:"  # and the form's name behind it


@dataclass(frozen=True, slots=True)
class ServiceChosen(CustomerAct):
    """A service was touched on the home screen: one of `offered`."""

    service: str


# What opens each service, and the steps that it may open at. "form:" stands for every form.
OPENERS: Mapping[str, tuple[Callable[[Session, str, Turn], Decision], tuple[str, ...]]] = {}
FIRST_STEPS: Final = tuple(sorted({step for _, steps in OPENERS.values() for step in steps}))


def offered(session: Session, rules: Rules) -> tuple[str, ...]:
    """The services of the terminal's profile, in the site's order."""
    return rules.profiles.get(session.profile, ())


def serves(session: Session, turn: Turn, service: str) -> bool:
    """Whether this terminal offers the service now."""
    return service in offered(session, turn.rules)


def service_chosen(session: Session, event: ServiceChosen, turn: Turn) -> Decision:
    """To the first step of a service that is on offer."""
    opener = OPENERS.get(FORM if event.service.startswith(FORM) else event.service)
    if opener is None or not serves(session, turn, event.service):
        return session, ()
    return opener[0](session, event.service, turn)
