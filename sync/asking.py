"""Asks the central service what somebody waits for, on a thread of its own and for a moment only; and tells it what nobody waits for."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from kiosk.domain.records import dataclass
from sync.exchange import LineError
from sync.line import Line, ProblemError
from sync.protocol.problems import Problem

M = TypeVar("M", bound=BaseModel)
log = logging.getLogger(__name__)

TELL_WITHIN_S: Final = 5.0
_LEAST_S: Final = 0.1
_MOST_WAITING: Final = 200


@dataclass(frozen=True, slots=True)
class Unanswered:
    """There is no answer. `problem`: what the service said instead, None where nobody could be asked in time."""

    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    answer: type[BaseModel]
    target: str
    body: bytes
    until_s: float
    done: Callable[[Any], None]


class Asking:
    """One question after another over a line of its own; each is asked before the next. `start` and `stop` from any thread.

    A question has to be one that may be asked twice: where the line is cut under it, it is asked again, once.
    """

    def __init__(self, line: Line, name: str) -> None:
        """`name` says in logs and thread lists what is asked about."""
        self._line = line
        self._name = name
        self._questions: queue.Queue[_Question | None] = queue.Queue()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End; who still waits, and who asks later, is told that nobody could be asked."""
        self._questions.put(None)
        self._line.close()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def ask(
        self, answer: type[M], target: str, asked: BaseModel, done: Callable[[M | Unanswered], None], *, within_s: float
    ) -> None:
        """`POST target` with `asked`, class live. `done` with the answer within `within_s` and a moment, from any thread; never blocks."""
        body = asked.model_dump_json().encode()
        self._put(_Question(answer, target, body, time.monotonic() + within_s, done))

    def tell(self, answer: type[M], target: str, said: BaseModel) -> None:
        """As `ask`, where nobody waits for the answer: said once, and left where too much waits already."""
        if self._questions.qsize() < _MOST_WAITING:
            self.ask(answer, target, said, lambda _: None, within_s=TELL_WITHIN_S)

    def _put(self, question: _Question) -> None:
        self._questions.put(question)
        if self._is_over.is_set():
            self._turn_away()

    def _turn_away(self) -> None:
        while True:
            try:
                left = self._questions.get_nowait()
            except queue.Empty:
                return
            if left is not None:
                left.done(Unanswered())

    # --- on the thread that asks

    def _run(self) -> None:
        while (question := self._questions.get()) is not None:
            question.done(self._answered(question))
            del question  # what it holds, a PIN perhaps, does not wait here for the next one
        self._is_over.set()
        self._turn_away()

    def _answered(self, question: _Question) -> BaseModel | Unanswered:
        # A connection that lay idle may be found cut.
        for attempt in range(2):
            left_s = question.until_s - time.monotonic()
            if left_s < _LEAST_S:
                log.info("%s: %s was not asked, it waited too long", self._name, question.target)
                return Unanswered()
            try:
                return self._line.ask(question.answer, "POST", question.target, question.body, within_s=left_s)
            except ProblemError as error:
                log.info("%s: %s", self._name, error)
                return Unanswered(error.problem)
            except LineError as error:
                if error.reason != "cut" or attempt:
                    log.info("%s: %s was not answered in time: %s", self._name, question.target, error)
                    return Unanswered()
        return Unanswered()
