"""Tells the central service what this terminal is doing: when it changes, and every so often, so that silence means something."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from kiosk.ports import Outbox, TerminalView, UplinkState
from sync.background import Background
from sync.exchange import LineError
from sync.line import Line, ProblemError
from sync.pacing import Pacing
from sync.protocol.reports import ApprovalRequest, DeviceHealth, StateAnswer, TerminalState, Unsent

log = logging.getLogger(__name__)

_WITHIN_S: Final = 10.0
_EVERY_S: Final = 20.0
_AT_MOST_EVERY_S: Final = 0.5
_LONGEST_LINE: Final = 500


class Reporter(Background):
    """Tells the newest view on a thread of its own; of views in a row only the last counts."""

    def __init__(
        self, line: Line, outbox: Outbox, unsent: Callable[[], UplinkState], wall: Callable[[], datetime]
    ) -> None:
        """`unsent` says what waits to be sent, from any thread."""
        self._changed = threading.Event()
        super().__init__(line, "reporter", self._changed)
        self._outbox = outbox
        self._unsent = unsent
        self._wall = wall
        self._pacing = Pacing(random.random)
        self._view: TerminalView | None = None
        self._asked_since = ("", "")
        self.telemetry: Callable[[], tuple[int, int]] = lambda: (0, 0)

    def show(self, view: TerminalView) -> None:
        """This is what the terminal is doing now. From any thread; never blocks."""
        if view != self._view:
            self._view = view
            self._changed.set()

    def _run(self) -> None:
        wait_s = 0.0
        while not self._is_ending.is_set():
            self._changed.wait(wait_s)
            self._changed.clear()
            view = self._view
            if view is None or self._is_ending.is_set():
                wait_s = _EVERY_S
                continue
            try:
                answer = self._line.ask(StateAnswer, "PUT", "/v1/state", self._body(view), within_s=_WITHIN_S)
                self._pacing.went_well()
                wait_s = min(max(answer.next_in_s, _AT_MOST_EVERY_S), _EVERY_S)
                self._rest(_AT_MOST_EVERY_S)
            except (LineError, ProblemError) as error:
                wait_s = 0.0
                self._rest(max(_AT_MOST_EVERY_S, self._pacing.wait_s(error)))

    def _body(self, view: TerminalView) -> bytes:
        unsent, at = self._unsent(), self._wall().isoformat(timespec="milliseconds")
        waiting, dropped = self.telemetry()
        state = TerminalState(
            at=at,
            mode=view.mode,
            step=view.step,
            profile=view.profile,
            journal_id=self._outbox.journal_id,
            seq=self._outbox.head()[0],
            unsent=Unsent(
                entries=unsent.pending,
                since=unsent.oldest_at or None,
                reason=unsent.reason,
                set_aside=unsent.set_aside,
                telemetry=waiting,
                telemetry_dropped=dropped,
            ),
            devices=tuple(
                DeviceHealth(device=name, health=health, reason=_line(reason))
                for name, (health, reason) in view.devices.items()
            ),
            approvals=self._approvals(view, at),
        )
        return state.model_dump_json().encode()

    def _approvals(self, view: TerminalView, at: str) -> tuple[ApprovalRequest, ...]:
        asked = view.approval
        if asked is None:
            return ()
        if self._asked_since[0] != asked.request_id:
            self._asked_since = (asked.request_id, at)
        return (
            ApprovalRequest(
                request_id=asked.request_id,
                kind=asked.kind,
                basket_hash=asked.basket_hash,
                item=_line(asked.item),
                picture=_line(asked.picture),
                reason=_line(asked.reason),
                since=self._asked_since[1],
            ),
        )


def _line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)[:_LONGEST_LINE]
