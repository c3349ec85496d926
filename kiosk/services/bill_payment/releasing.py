"""The bill in hand is given back to whoever else wants to pay it, where this sale does not."""

from __future__ import annotations

from kiosk.services.bill_payment.effects import ReleaseBill
from kiosk.services.checkout.session import Session


def in_hand(session: Session) -> tuple[ReleaseBill, ...]:
    """The bill that is asked about, or kept while the customer looks at it: also where its biller was away, for the company may keep it."""
    view = session.bill
    if view is None or view.bill is None:
        return ()
    asked = session.step == "bill-asking" or view.offer is not None
    return (ReleaseBill(view.bill, session.sale_id),) if asked else ()
