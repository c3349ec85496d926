"""Which services this terminal offers: those of its profile, in the site's order."""

from __future__ import annotations

from typing import Final

from kiosk.services.checkout.session import Rules, Session, Turn

CHECKOUT: Final = "checkout"
BILLS: Final = "bills"
ACCOUNT: Final = "account"
REFUND: Final = "refund"
FORM: Final = "form:"  # and the form's name behind it


def offered(session: Session, rules: Rules) -> tuple[str, ...]:
    """The services of the terminal's profile, in the site's order."""
    return rules.profiles.get(session.profile, ())


def serves(session: Session, turn: Turn, service: str) -> bool:
    """Whether this terminal offers the service now."""
    return service in offered(session, turn.rules)
