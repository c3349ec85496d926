"""What the central service asks this terminal to do, by long poll: journalled before it is done, done once, answered until it is heard."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from typing import Final

from kiosk.domain.facts import Entry, Fact, Json, Kind
from kiosk.ports import Journal, JournalError, Order, OrderOutcome
from sync.background import Background
from sync.exchange import LineError
from sync.line import Line, ProblemError
from sync.pacing import Pacing
from sync.protocol.commands import Command, CommandList, CommandResult, ResultStatus
from sync.protocol.problems import ProblemType
from sync.protocol.reports import Accepted

log = logging.getLogger(__name__)

POLL_S: Final = 25
_ANSWER_S: Final = 10.0
_LONGEST_REASON: Final = 200
# The service has made up its mind about these answers: telling them again changes nothing.
_SETTLED: Final = (ProblemType.ANSWERED, ProblemType.UNKNOWN)

Handler = Callable[[Order], OrderOutcome]
Stamp = Callable[[], tuple[str, int]]


class Orders(Background):
    """Takes commands on a thread of its own. `handlers` by kind, called on that thread, one at a time; they may wait, within bounds."""

    def __init__(
        self, line: Line, journal: Journal, handlers: Mapping[str, Handler], stamp: Stamp, *, poll_s: int = POLL_S
    ) -> None:
        """`stamp` gives wall time (ISO 8601) and the monotonic clock, for the journal."""
        super().__init__(line, "orders")
        self._journal = journal
        self._handlers = dict(handlers)
        self._stamp = stamp
        self._poll_s = poll_s
        self._pacing = Pacing(random.random)

    # --- on the thread of the orders

    def _run(self) -> None:
        while not self._is_ending.is_set():
            try:
                self._listen()
            except (LineError, ProblemError) as error:
                self._rest(self._pacing.wait_s(error))
            except JournalError as error:
                log.error("an order cannot be journalled, so nothing is done about it: %s", error)
                self._rest(self._pacing.wait_s(error))

    def _listen(self) -> None:
        target = f"/v1/commands?wait_s={self._poll_s}"
        begun_s = time.monotonic()
        found = self._line.ask(CommandList, "GET", target, within_s=self._poll_s + _ANSWER_S)
        self._pacing.went_well()
        for command in found.commands:
            if self._is_ending.is_set():
                return
            self._obey(command, int((time.monotonic() - begun_s) * 1_000) if len(found.commands) > 1 else 0)
        if not found.commands and time.monotonic() - begun_s < 1.0:
            self._rest(1.0)  # a service that does not wait for us must not be asked without end

    def _obey(self, command: Command, waited_ms: int) -> None:
        subject = f"command:{command.id}"
        known = self._journal.latest(subject, 1)
        if known and known[0].fact.kind is Kind.COMMAND_ANSWERED:
            self._answer(command.id, known[0])
            return
        if (
            known
        ):  # the power went between the doing and the answer: never done twice, and nobody is told that it was done
            outcome = OrderOutcome("failed", "interrupted")
        elif command.expires_in_ms <= waited_ms:
            outcome = OrderOutcome("expired", "deadline")
        else:
            asked: dict[str, Json] = {"kind": command.kind, "by": command.issued_by, "bound_to": command.bound_to}
            self._journal.commit([Fact(Kind.COMMAND_RECEIVED, subject, asked, *self._stamp())])
            outcome = self._done(command, command.expires_in_ms - waited_ms)
        body: dict[str, Json] = {
            "kind": command.kind,
            "status": outcome.status,
            "reason": outcome.reason[:_LONGEST_REASON],
            "body": outcome.body,
        }
        entries = self._journal.commit([Fact(Kind.COMMAND_ANSWERED, subject, body, *self._stamp())])
        self._answer(command.id, entries[-1])

    def _done(self, command: Command, left_ms: int) -> OrderOutcome:
        handler = self._handlers.get(command.kind)
        if handler is None:
            return OrderOutcome("refused", "not-supported")
        order = Order(command.id, command.kind, command.body, command.bound_to, command.issued_by, left_ms)
        try:
            return handler(order)
        except Exception:
            log.exception("order %s (%s) failed", command.id, command.kind)
            return OrderOutcome("failed", "internal")

    def _answer(self, command_id: str, entry: Entry) -> None:
        """The result as the journal has it, so that it is the same however often it is told."""
        told = entry.fact.body
        inner = told.get("body")
        result = CommandResult(
            status=ResultStatus(str(told["status"])),
            reason=str(told["reason"]),
            at=entry.fact.at,
            seq=entry.seq,
            body=dict(inner) if isinstance(inner, Mapping) else {},
        )
        try:
            self._line.ask(
                Accepted,
                "POST",
                f"/v1/commands/{command_id}/result",
                result.model_dump_json().encode(),
                within_s=_ANSWER_S,
            )
        except ProblemError as error:
            if error.problem.type not in _SETTLED:
                raise
            log.warning("the answer to order %s is not taken: %s", command_id, error)
