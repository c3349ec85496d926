"""How long a checkout waits for its customer: one idle timer, kept by the step's own word, started anew with every act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.domain.journey import Idle
from kiosk.services.account_lookup import leaving
from kiosk.services.account_lookup.journey import STEP_NAMES
from kiosk.services.checkout.effects import StartTimer, StopTimer
from kiosk.services.checkout.events import CustomerAct
from kiosk.services.checkout.keeping import COUNTDOWN, IDLE, NOTICE
from kiosk.services.checkout.session import Easier, Session, Turn
from kiosk.services.visit import VISIT


def advance(session: Session, event: object, turn: Turn) -> tuple[Session, Sequence[object]]:
    """The journey's decision, with the timers that follow from it."""
    acted = isinstance(event, CustomerAct)
    if acted and session.countdown_s is not None:
        session = replace(session, countdown_s=None)
    after, effects = VISIT.advance(session, event, turn)
    after, gone = leaving.apart(session, after, STEP_NAMES)
    effects = (*effects, *gone)
    if after.step != session.step:
        # What lay over the old screen has nothing to say on the new one.
        after = replace(after, countdown_s=None, overlay="")
    timers: list[object] = []
    if acted or after.step != session.step:
        timers += (StopTimer(COUNTDOWN), _idle_timer(after, turn))
    if after.notice is not None and after.notice is not session.notice:
        timers.append(StartTimer(NOTICE, turn.rules.timeouts.notice_s * 1_000))
    return after, (*effects, *timers)


def _idle_timer(session: Session, turn: Turn) -> StartTimer | StopTimer:
    seconds = _wait_s(session, turn)
    return StopTimer(IDLE) if seconds is None else StartTimer(IDLE, seconds * 1_000)


def _wait_s(session: Session, turn: Turn) -> int | None:
    timeouts = turn.rules.timeouts
    idle = VISIT.step(session.step).idle
    if idle is Idle.RESET:
        as_at_first = session.language == turn.rules.languages[0] and session.easier == Easier() and not session.overlay
        return None if as_at_first else timeouts.idle_s
    return {
        Idle.STAY: None,
        Idle.CLEAR: timeouts.idle_s,
        Idle.PRIVATE: turn.rules.accounts.idle_s,
        Idle.WAIT: timeouts.staff_s,
        Idle.FINISH: timeouts.finish_s,
        Idle.LEAVE: timeouts.leave_s,
    }[idle]
