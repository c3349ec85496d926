"""Asks the central service whether a sale may have a voucher or a held basket of the store: for a moment only."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from kiosk.ports import ClaimAnswer, ClaimKind, Verdict
from sync.asking import Asking, Unanswered
from sync.line import Line
from sync.protocol.problems import ProblemType
from sync.protocol.reports import Accepted, Claim
from sync.protocol.reports import ClaimAnswer as Granted
from sync.protocol.reports import ClaimKind as WireKind

log = logging.getLogger(__name__)

WITHIN_S: Final = 1.5  # a shopper waits for the answer, though the screen goes on living


class StoreClaims:
    """`kiosk.ports.Claims` over the line. `start` and `stop` from any thread."""

    def __init__(self, line: Line) -> None:
        self._asking = Asking(line, "claims")
        self.start, self.stop = self._asking.start, self._asking.stop

    def claim(self, kind: ClaimKind, code: str, sale_id: str, done: Callable[[ClaimAnswer], None]) -> None:
        """As `kiosk.ports.Claims.claim`."""
        asked = _claim(kind, code, sale_id)
        self._asking.ask(Granted, "/v1/claims", asked, lambda answer: done(_verdict(asked, answer)), within_s=WITHIN_S)

    def release(self, kind: ClaimKind, code: str, sale_id: str) -> None:
        """As `kiosk.ports.Claims.release`."""
        self._asking.tell(Accepted, "/v1/claims/release", _claim(kind, code, sale_id))


def _claim(kind: ClaimKind, code: str, sale_id: str) -> Claim:
    return Claim(kind=WireKind(kind.value), code=code, sale_id=sale_id)


def _verdict(asked: Claim, answer: Granted | Unanswered) -> ClaimAnswer:
    if isinstance(answer, Granted):
        # What stands between may hand over the answer to another question.
        is_ours = (answer.kind, answer.code, answer.sale_id) == (asked.kind, asked.code, asked.sale_id)
        return ClaimAnswer(Verdict.GRANTED, answer.body or "") if is_ours else ClaimAnswer(Verdict.AWAY)
    if answer.problem is not None and answer.problem.type == ProblemType.TAKEN:
        return ClaimAnswer(Verdict.TAKEN)
    if answer.problem is not None:
        log.warning("a claim was not decided: %s", answer.problem.detail or answer.problem.type)
    return ClaimAnswer(Verdict.AWAY)
