"""How long to wait after a failure, for whatever asks again by itself: full jitter, and never sooner than the service asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sync.line import ProblemError
from sync.protocol.problems import ProblemType

_LONGEST_ASKED_S: Final = 600.0
_TOLD_OFF_S: Final = 180.0
_TOLD_OFF: Final = frozenset(
    {
        ProblemType.REVOKED,
        ProblemType.UNKNOWN_KEY,
        ProblemType.BAD_SIGNATURE,
        ProblemType.OTHER_TERMINAL,
        ProblemType.PROTOCOL,
    }
)


class Pacing:
    """Counts failures in a row. `chance` is uniform in [0, 1)."""

    def __init__(self, chance: Callable[[], float], *, base_s: float = 0.5, cap_s: float = 15.0) -> None:
        self._chance = chance
        self._base_s = base_s
        self._cap_s = cap_s
        self._failures = 0

    def went_well(self) -> None:
        """Begin anew."""
        self._failures = 0

    def wait_s(self, error: Exception) -> float:
        """How long to wait after `error`, in seconds."""
        self._failures += 1
        if isinstance(error, ProblemError):
            if error.problem.type in _TOLD_OFF:
                return _TOLD_OFF_S * (1 + self._chance() / 2)
            if error.retry_after_ms is not None:
                return min(error.retry_after_ms / 1_000, _LONGEST_ASKED_S) + 0.25 * self._chance()
        return min(self._cap_s, self._base_s * 2.0 ** min(self._failures - 1, 16)) * self._chance()
