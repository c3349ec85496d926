"""What may hold something private of an account, and what of it is still alive."""

from __future__ import annotations

import gc
from typing import Final

from kiosk.services.account_lookup import effects, events
from kiosk.services.account_lookup.view import AccountView, Change, StatementCodes

HOLDERS = (
    AccountView,
    Change,
    StatementCodes,
    effects.VerifyHolder,
    effects.FetchOverview,
    effects.MakeStatement,
    effects.AskForChange,
    effects.StepUp,
    events.AccountPinTyped,
    events.NumberTyped,
    events.CodeTyped,
    events.ChangeTyped,
    events.HolderVerified,
    events.OverviewFound,
    events.CodesReady,
)
_EMPTY = (StatementCodes(), Change())
# The samples of the screens' tests, where these are collected beside: kept, so that nothing later has the place of one.
_THERE: Final[list[object]] = []


def leave_out_what_is_there() -> None:
    """What is alive by now is no terminal's of ours."""
    _THERE.extend(_holding())


def left_alive() -> list[str]:
    """The objects themselves, wherever they hide: in a thread's frame, in a callback that waits."""
    gc.collect()
    there = set(map(id, _THERE))
    return [type(one).__name__ for one in _holding() if id(one) not in there and one not in _EMPTY]


def _holding() -> list[object]:
    return [one for one in gc.get_objects() if isinstance(one, HOLDERS)]
