"""What goes wrong at the service: a request that is refused, and a database that is away."""

from __future__ import annotations

from typing import Any

from sync.protocol.problems import Problem, ProblemType

_TITLES = {
    ProblemType.MALFORMED: (400, "The request is not what it should be"),
    ProblemType.PROTOCOL: (400, "This version of the protocol is not spoken here"),
    ProblemType.TOO_LARGE: (413, "The request is too large"),
    ProblemType.UNSIGNED: (401, "The request is not signed as it must be"),
    ProblemType.BAD_SIGNATURE: (401, "The signature does not hold"),
    ProblemType.BAD_DIGEST: (400, "The body is not the one that was signed"),
    ProblemType.CLOCK: (401, "The request was signed at another time"),
    ProblemType.REPLAY: (409, "This request was made before"),
    ProblemType.UNKNOWN_KEY: (401, "The key is not known"),
    ProblemType.REVOKED: (403, "The key has been revoked"),
    ProblemType.OTHER_TERMINAL: (403, "The request speaks of another terminal"),
    ProblemType.GAP: (409, "Entries before these are missing"),
    ProblemType.FORK: (409, "Another entry is held under this number"),
    ProblemType.BAD_CHAIN: (422, "The chain does not hold"),
    ProblemType.UNKNOWN: (404, "There is no such thing"),
    ProblemType.METHOD: (405, "This cannot be done here"),
    ProblemType.PAIRING: (403, "The pairing code is not good"),
    ProblemType.TAKEN: (409, "It has been used before"),
    ProblemType.ANSWERED: (409, "The command has been answered otherwise"),
    ProblemType.EXPIRED: (504, "The deadline passed while the request waited"),
    ProblemType.BUSY: (503, "Too many at once"),
    ProblemType.SHED: (503, "Telemetry gives way"),
    ProblemType.UNAVAILABLE: (503, "The database is away"),
    ProblemType.INTERNAL: (500, "A mistake of the service"),
}


class CentralError(Exception):
    """Something a person at the centre did wrong or cannot have; the message says what to do."""


class DatabaseAwayError(CentralError):
    """The database cannot be reached, or not now. Nothing was acknowledged."""


class Refusal(Exception):  # noqa: N818 - it is an answer, and no error of the service
    """A request is refused, and nothing of it is stored. `retry_after_s` becomes Retry-After."""

    def __init__(self, kind: ProblemType, detail: str = "", *, retry_after_s: float | None = None, **more: Any) -> None:
        super().__init__(detail or kind.value)
        self.problem = problem(kind, detail, **more)
        self.kind = kind
        self.retry_after_s = retry_after_s


def problem(kind: ProblemType, detail: str = "", **more: Any) -> Problem:
    """The problem document of a type; `more` are its further members. A `status` in `more` stands in place of the usual one."""
    status, title = _TITLES[kind]
    return Problem(type=kind.value, title=title, status=more.pop("status", status), detail=detail, **more)
