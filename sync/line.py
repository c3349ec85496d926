"""The line: one signed request at a time to the central service that this terminal is enrolled with, and what its answer is worth."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from sync import signing
from sync.exchange import Exchange, LineError, Reply
from sync.identity import Identity
from sync.protocol.problems import Problem, ProblemType
from sync.protocol.wire import (
    CLASS_HEADER,
    CLOCK_HEADER,
    DEADLINE_HEADER,
    PROTOCOL_HEADER,
    VERSION,
    RequestClass,
    packed,
)

M = TypeVar("M", bound=BaseModel)

# What stands between the terminal and the service may answer without a word that is ours.
_WITHOUT_A_DOCUMENT = {413: ProblemType.TOO_LARGE, 429: ProblemType.BUSY, 503: ProblemType.UNAVAILABLE}


class ProblemError(Exception):
    """The service answered with a problem. `retry_after_ms` is what it asked for, None where it asked for nothing."""

    def __init__(self, problem: Problem, retry_after_ms: int | None) -> None:
        super().__init__(f"the central service answered {problem.type}: {problem.detail or problem.title}")
        self.problem = problem
        self.retry_after_ms = retry_after_ms


class ServiceClock:
    """The service's clock, as far as its answers told it; shared by all lines of a terminal. Thread-safe."""

    def __init__(self) -> None:
        self._offset_s = 0.0

    def now_s(self) -> int:
        """Seconds since 1970 by the service's clock. The terminal's own is left alone."""
        return int(time.time() + self._offset_s)

    def learn(self, service_time: str | None) -> bool:
        """Take the time of a CLOCK problem; False where it says none."""
        try:
            told = datetime.fromisoformat(service_time or "")
        except ValueError:
            return False
        aware = told if told.tzinfo else told.replace(tzinfo=UTC)
        self._offset_s = aware.timestamp() - time.time()
        return True


class Line:
    """Asks the central service, signed by `identity`. One request at a time: each thread that asks has its own line."""

    def __init__(self, identity: Identity, clock: ServiceClock) -> None:
        self._identity = identity
        self._clock = clock
        self._exchange = Exchange(identity.url, identity.ca_pem)

    def ask(
        self,
        answer: type[M],
        method: str,
        target: str,
        body: bytes = b"",
        *,
        of: RequestClass = RequestClass.LIVE,
        within_s: float = 20.0,
        pack: bool = False,
        coding: str = "",
    ) -> M:
        """The service's answer to one request, within `within_s`. `body` is JSON; `pack` sends it as gzip, "gzip" as `coding` says that
        it is packed already.

        A wrong clock and a doubled request are set right by signing again, once. Raises ProblemError, LineError.
        """
        sent = packed(body) if pack else body
        headers = {
            PROTOCOL_HEADER: str(VERSION),
            CLASS_HEADER: of.value,
            DEADLINE_HEADER: str(int(within_s * 1_000)),
        }
        headers |= {"content-type": "application/json"} if body else {}
        coding = "gzip" if pack else coding
        headers |= {"content-encoding": coding} if coding else {}
        try:
            return _read(answer, self._once(method, target, headers, sent, within_s))
        except ProblemError as error:
            if not self._is_mended_by_signing_again(error.problem):
                raise
        return _read(answer, self._once(method, target, headers, sent, within_s))

    def close(self) -> None:
        """Ask nothing more; a request that is under way fails. Callable from any thread, more than once."""
        self._exchange.close()

    def _is_mended_by_signing_again(self, problem: Problem) -> bool:
        if problem.type == ProblemType.CLOCK:
            return self._clock.learn(problem.service_time)
        return problem.type == ProblemType.REPLAY

    def _once(self, method: str, target: str, headers: Mapping[str, str], body: bytes, within_s: float) -> Reply:
        whole = {**headers, CLOCK_HEADER: datetime.now().astimezone().isoformat(timespec="milliseconds")}
        signed = signing.sign(
            signing.Parts(method, self._exchange.authority, target, whole, body),
            self._identity.key,
            keyid=self._identity.keyid,
            created_s=self._clock.now_s(),
            nonce=secrets.token_urlsafe(18),
        )
        return self._exchange.send(method, target, whole | signed, body, within_s=within_s)


def read_problem(reply: Reply) -> Problem | None:
    """The problem that an answer of 400 and more tells, None where it is not our service's."""
    try:
        return Problem.model_validate_json(reply.body)
    except ValidationError:
        pass
    known = _WITHOUT_A_DOCUMENT.get(reply.status)
    if known is None and reply.status >= 500:
        known = ProblemType.INTERNAL
    return Problem(type=known, title="", status=reply.status) if known else None


def _read(answer: type[M], reply: Reply) -> M:
    if reply.status >= 400:
        problem = read_problem(reply)
        if problem is None:
            raise LineError("foreign", f"something that is not our service answered with status {reply.status}")
        asked_ms = problem.retry_after_ms
        raise ProblemError(problem, _retry_after_ms(reply.headers.get("retry-after")) if asked_ms is None else asked_ms)
    if reply.status != 200:
        raise LineError("foreign", f"something that is not our service answered with status {reply.status}")
    try:
        return answer.model_validate_json(reply.body)
    except ValidationError as error:
        raise LineError(
            "foreign", f"an answer of status 200 is no {answer.__name__} ({error.error_count()} errors)"
        ) from error


def _retry_after_ms(value: str | None) -> int | None:
    """What another than our service asked for, in seconds."""
    try:
        seconds = float(value or "")
    except ValueError:
        return None
    return int(seconds * 1_000) if 0 <= seconds < 86_400 else None
