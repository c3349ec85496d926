"""Asks the central service about bills while a customer waits, and gives back what a sale does not pay."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from pydantic import ValidationError

from kiosk.domain.bills.bill import Bill
from kiosk.ports.billing import BillAnswer, BillStanding
from sync.asking import Asking, Unanswered
from sync.line import Line
from sync.protocol.bills import BillAnswered, BillAsk
from sync.protocol.reports import Accepted

log = logging.getLogger(__name__)

WITHIN_S: Final = 4.5  # of the five seconds that the port promises

_AWAY: Final = BillAnswer(BillStanding.AWAY)


class StoreBills:
    """`kiosk.ports.BillOffice` over the line. `start` and `stop` from any thread."""

    def __init__(self, line: Line) -> None:
        self._asking = Asking(line, "bills")
        self.start, self.stop = self._asking.start, self._asking.stop

    def ask(self, bill: Bill, sale_id: str, done: Callable[[BillAnswer], None]) -> None:
        """As `kiosk.ports.BillOffice.ask`."""
        asked = _question(bill, sale_id)
        if asked is None:
            done(_AWAY)
            return
        target = "/v1/bills/ask"
        self._asking.ask(BillAnswered, target, asked, lambda answer: done(_told(asked, answer)), within_s=WITHIN_S)

    def release(self, bill: Bill, sale_id: str) -> None:
        """As `kiosk.ports.BillOffice.release`."""
        asked = _question(bill, sale_id)
        if asked is not None:
            self._asking.tell(Accepted, "/v1/bills/release", asked)


def _question(bill: Bill, sale_id: str) -> BillAsk | None:
    """None for a bill that cannot be said on the wire: what a site's template lets through, say."""
    try:
        return BillAsk.of(bill, sale_id)
    except ValidationError as error:
        log.warning("a bill of standard %s cannot be asked about (%d errors)", bill.standard, error.error_count())
        return None


def _told(asked: BillAsk, answer: BillAnswered | Unanswered) -> BillAnswer:
    if isinstance(answer, BillAnswered):
        # What stands between may hand over the answer to another question.
        return answer.answer if (answer.key, answer.sale_id) == (asked.key, asked.sale_id) else _AWAY
    if answer.problem is not None:
        log.warning("a bill was not asked about: %s", answer.problem.detail or answer.problem.type)
    return _AWAY
