"""Asks the central service whether a sale may have a voucher or a held basket of the store: on its own thread, and for a moment only."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from kiosk.domain.records import dataclass
from kiosk.ports import ClaimAnswer, ClaimKind, Verdict
from sync.exchange import LineError
from sync.line import Line, ProblemError
from sync.protocol.problems import ProblemType
from sync.protocol.reports import Accepted, Claim
from sync.protocol.reports import ClaimAnswer as Granted
from sync.protocol.reports import ClaimKind as WireKind

M = TypeVar("M", Granted, Accepted)
log = logging.getLogger(__name__)

WITHIN_S: Final = 1.5  # a shopper waits for the answer, though the screen goes on living
_LEAST_S: Final = 0.1
_RELEASE_S: Final = 5.0
_MOST_WAITING: Final = 200

_AWAY: Final = ClaimAnswer(Verdict.AWAY)


@dataclass(frozen=True, slots=True)
class _Job:
    kind: ClaimKind
    code: str
    sale_id: str
    until_s: float
    done: Callable[[ClaimAnswer], None] | None  # None for what is given back


class StoreClaims:
    """`kiosk.ports.Claims` over the line. `start` and `stop` from any thread."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="claims", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End; who still waits is told that nobody could be asked."""
        self._jobs.put(None)
        self._line.close()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def claim(self, kind: ClaimKind, code: str, sale_id: str, done: Callable[[ClaimAnswer], None]) -> None:
        """As `kiosk.ports.Claims.claim`."""
        self._jobs.put(_Job(kind, code, sale_id, time.monotonic() + WITHIN_S, done))

    def release(self, kind: ClaimKind, code: str, sale_id: str) -> None:
        """As `kiosk.ports.Claims.release`."""
        if self._jobs.qsize() < _MOST_WAITING:
            self._jobs.put(_Job(kind, code, sale_id, time.monotonic() + _RELEASE_S, None))

    # --- on the thread of the claims

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if job.done is None:
                self._give_back(job)
            else:
                job.done(self._asked(job))
        while not self._jobs.empty():
            left = self._jobs.get()
            if left is not None and left.done is not None:
                left.done(_AWAY)

    def _asked(self, job: _Job) -> ClaimAnswer:
        # A connection that lay idle may be found cut; the claim is the same however often it is made.
        for _ in range(2):
            try:
                answer = self._ask(Granted, "/v1/claims", job)
            except ProblemError as error:
                return self._refused(error)
            except LineError as error:
                if error.reason == "cut" and job.until_s - time.monotonic() > _LEAST_S:
                    continue
                log.info("a claim was not answered in time: %s", error)
                return _AWAY
            return ClaimAnswer(Verdict.GRANTED, answer.body or "")
        return _AWAY

    def _refused(self, error: ProblemError) -> ClaimAnswer:
        if error.problem.type == ProblemType.TAKEN:
            return ClaimAnswer(Verdict.TAKEN)
        log.warning("a claim was not decided: %s", error)
        return _AWAY

    def _give_back(self, job: _Job) -> None:
        try:
            self._ask(Accepted, "/v1/claims/release", job)
        except (LineError, ProblemError) as error:
            log.info("a claim was not given back and ends by itself: %s", error)

    def _ask(self, answer: type[M], target: str, job: _Job) -> M:
        left_s = job.until_s - time.monotonic()
        if left_s < _LEAST_S:
            raise LineError("timeout", "it waited too long for the ones before it")
        asked = Claim(kind=WireKind(job.kind.value), code=job.code, sale_id=job.sale_id)
        return self._line.ask(answer, "POST", target, asked.model_dump_json().encode(), within_s=left_s)
