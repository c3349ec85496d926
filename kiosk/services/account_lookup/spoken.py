"""What is read aloud of the account that is open, by step. What is private is said through a headset, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil

from kiosk.domain.account import Movement, Overview
from kiosk.services.checkout.sentences import Said, Sentence
from kiosk.services.checkout.session import Session

_SAID_MOVEMENTS = 10


def news(before: Session, after: Session) -> Said:
    """What changed of an account on a screen that stays."""
    was, now = before.account, after.account
    if was is None or now is None or was is now:
        return
    if now.busy and now.busy != was.busy:
        yield Sentence(f"account.busy.{now.busy}")
    if now.code_refused and not was.code_refused:
        yield Sentence("account.code-wrong")
    if now.code_went_to and now.code_went_to != was.code_went_to:
        app = now.code_went_to == "app"
        yield (
            Sentence("account.code-app")
            if app
            else Sentence("account.code-sent", {"where": now.code_went_to}, private=True)
        )
    if now.shows and not was.shows and now.overview is not None:
        whole = after.step == "account-movements"
        yield from map(_movement, now.overview.movements[:_SAID_MOVEMENTS]) if whole else _balances(now.overview)
    if now.codes.at != was.codes.at:
        yield Sentence("account.code-of", {"number": now.codes.at + 1, "count": len(now.codes.texts)})


def _plain(step: str) -> Callable[[Session], Said]:
    def said(_: Session) -> Said:
        yield Sentence(f"screen.{step}.spoken")

    return said


def _problem(session: Session) -> Said:
    view = session.account
    problem = view.problem if view else ""
    yield Sentence(f"screen.account-problem.{problem}.spoken", otherwise="screen.account-problem.spoken")
    if view is None:
        return
    if view.problem == "no-match" and view.tries_left is not None:
        yield Sentence("account.tries-left", {"count": view.tries_left})
    if view.problem == "locked" and view.locked_for_s is not None:
        yield Sentence("account.locked-for", {"count": ceil(view.locked_for_s / 60)})


def _account(session: Session) -> Said:
    yield Sentence("screen.account.spoken")
    view = session.account
    if view is None or view.overview is None:
        return
    if not view.is_live:
        yield Sentence("screen.account.spoken-copy")
    if view.shows:
        yield from _balances(view.overview)
        yield from map(_movement, view.overview.movements[:3])


def _movements(session: Session) -> Said:
    yield Sentence("screen.account-movements.spoken")
    view = session.account
    if view is not None and view.overview is not None and view.shows:
        yield from map(_movement, view.overview.movements[:_SAID_MOVEMENTS])


def _balances(overview: Overview) -> Said:
    for balance in overview.balances:
        yield Sentence("account.said", {"name": balance.name, "amount": balance.amount}, private=True)


def _movement(movement: Movement) -> Sentence:
    return Sentence("account.said", {"name": movement.text, "amount": movement.amount}, private=True)


def _checked(session: Session) -> Said:
    yield Sentence("screen.account-change-check.spoken")
    if session.account is not None:
        yield Sentence(text=session.account.change.wanted, private=True)


SPOKEN: Mapping[str, Callable[[Session], Said]] = {
    **{
        step: _plain(step)
        for step in (
            "account-start",
            "account-number",
            "account-pin",
            "account-consent",
            "account-statement",
            "account-qr",
            "account-change",
            "account-code",
            "account-change-entry",
        )
    },
    "account": _account,
    "account-movements": _movements,
    "account-change-check": _checked,
    "account-problem": _problem,
}
