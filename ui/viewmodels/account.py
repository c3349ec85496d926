"""An account on the screen, in ready words, and what hands do there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.domain.account import IdentifiedBy
from kiosk.services.account_lookup import events
from kiosk.services.account_lookup.opening import LAST
from kiosk.services.account_lookup.statement import moment
from kiosk.services.account_lookup.view import AccountView
from kiosk.services.checkout.session import Session
from kiosk.services.words import Words
from ui.viewmodels.account_lines import AccountLines
from ui.viewmodels.codes import qr_rows
from ui.viewmodels.rows import AccountRow, Row, Rows, TileRow
from ui.viewmodels.shown import Post, Shown, part, shown

# What each problem leads on to besides leaving, and besides the account where it is open: the word on the primary key, and whether a
# number can be typed. For one that is not here only leaving is left.
_WAYS_ON = {
    "no-match": ("action.account-again", True),
    "away": ("action.try-again", False),
    "not-available": ("action.try-again", False),
    "payment-card": ("action.account-other-card", True),
    "unknown-card": ("action.account-other-card", True),
    "not-readable": ("action.account-other-card", True),
    "removed-early": ("action.account-other-card", True),
}


class AccountModel(Shown):
    """`rows` are what is on the account, `movements` all that moved, `months` the lengths of a statement. `problem*`: what went wrong
    and what to do; `goesOn` is the word on the key that leads on from there, "" where only leaving is left. Nothing here holds a name or
    an amount unless the holder wants to see it."""

    changed = Signal()
    rows = part(Rows, "rows")
    movements = part(Rows, "movements")
    months = part(Rows, "months")
    open = shown(bool, "open", changed)
    cardStays = shown(bool, "cardStays", changed)
    byPhone = shown(bool, "byPhone", changed)
    busy = shown(bool, "busy", changed)
    busyText = shown(str, "busyText", changed)
    shows = shown(bool, "shows", changed)
    name = shown(str, "name", changed)
    asOf = shown(str, "asOf", changed)
    isCopy = shown(bool, "isCopy", changed)
    qrRows = shown("QStringList", "qrRows", changed)
    codeText = shown(str, "codeText", changed)
    hasNext = shown(bool, "hasNext", changed)
    hasPrevious = shown(bool, "hasPrevious", changed)
    codeHint = shown(str, "codeHint", changed)
    codeWarning = shown(str, "codeWarning", changed)
    change = shown(str, "change", changed)
    wanted = shown(str, "wanted", changed)
    problem = shown(str, "problem", changed)
    problemTitle = shown(str, "problemTitle", changed)
    problemText = shown(str, "problemText", changed)
    problemHint = shown(str, "problemHint", changed)
    goesOn = shown(str, "goesOn", changed)
    canType = shown(bool, "canType", changed)

    def __init__(self, post: Post, parent: QObject | None = None) -> None:
        super().__init__(
            parent,
            **dict.fromkeys(("open", "cardStays", "byPhone", "busy", "shows", "isCopy"), False),
            **dict.fromkeys(("hasNext", "hasPrevious", "canType"), False),
            **dict.fromkeys(("busyText", "name", "asOf", "codeText", "codeHint", "codeWarning", "change"), ""),
            **dict.fromkeys(("wanted", "problem", "problemTitle", "problemText", "problemHint", "goesOn"), ""),
            qrRows=[],
        )
        self._post = post
        self._rows = Rows(AccountRow, self)
        self._movements = Rows(AccountRow, self)
        self._months = Rows(TileRow, self)

    @Slot(bool)
    def typeNumber(self, phone: bool) -> None:  # noqa: FBT001 - a slot takes what QML gives it, by position
        """No card at hand: type the account's number, or a telephone's."""
        self._post(events.NumberWanted(IdentifiedBy.PHONE if phone else IdentifiedBy.ACCOUNT))

    @Slot(str)
    def enterNumber(self, number: str) -> None:
        """The number that was typed."""
        self._post(events.NumberTyped(number))

    @Slot(str)
    def enterPin(self, pin: str) -> None:
        """The holder's PIN."""
        self._post(events.AccountPinTyped(pin))

    @Slot()
    def agree(self) -> None:
        """To the text that is shown."""
        self._post(events.ConsentGiven())

    @Slot(bool)
    def setShown(self, on: bool) -> None:  # noqa: FBT001 - as above
        """Show names and amounts, or hide them."""
        self._post(events.AmountsShown(on))

    @Slot(str)
    def openPart(self, name: str) -> None:
        """Open "movements", "statement" or "change"."""
        self._post(events.PartOpened(name))

    @Slot(str, int)
    def choose(self, kind: str, at: int) -> None:
        """Pay the "bill" in place `at`, or put the "coupon" there into the basket."""
        self._post(events.DueBillChosen(at) if kind == "bill" else events.CouponChosen(at))

    @Slot(str)
    def chooseMonths(self, months: str) -> None:
        """The statement is of so many months."""
        self._post(events.MonthsChosen(int(months)))

    @Slot(str)
    def makeStatement(self, how: str) -> None:
        """On "paper", or as codes ("qr")."""
        self._post(events.StatementWanted(how))

    @Slot(int)
    def turnCode(self, by: int) -> None:
        """The next code, or the one before (-1)."""
        self._post(events.CodeTurned(by))

    @Slot(str)
    def chooseChange(self, what: str) -> None:
        """The "address" or the "phone" is to be another."""
        self._post(events.ChangeChosen(what))

    @Slot(str)
    def enterCode(self, code: str) -> None:
        """The one-time code."""
        self._post(events.CodeTyped(code))

    @Slot()
    def sendCode(self) -> None:
        """Another one-time code."""
        self._post(events.CodeWanted())

    @Slot(str)
    def enterChange(self, text: str) -> None:
        """What it is to be changed to."""
        self._post(events.ChangeTyped(text))

    @Slot()
    def leave(self) -> None:
        """The holder is done."""
        self._post(events.AccountLeft())

    def forget(self) -> None:
        """Show nothing of the holder's any more."""
        super().forget()
        for rows in (self._rows, self._movements, self._months):
            rows.replace([])


class AccountPresenter:
    """Shows a session's account in `model`."""

    def __init__(self, model: AccountModel, words: Words) -> None:
        self._model = model
        self._words = words
        self._lines = AccountLines(words)

    def show(self, session: Session) -> None:
        """Show `session`; on the thread that draws."""
        view, model = session.account, self._model
        if view is None:
            model.forget()
            return
        model.show(**self._standing(view), **self._problem(view), **self._asked(view))
        seen = view.overview if session.step == "account" else None
        model.rows.replace(list(self._lines.overview(seen, view, session.basket.coupons)) if seen else [])
        moved = view.overview.movements if view.overview and session.step == "account-movements" else ()
        model.movements.replace(list(self._lines.movements(moved, view)))
        model.months.replace(list(self._months(view)) if session.step == "account-statement" else [])

    def _standing(self, view: AccountView) -> Mapping[str, Any]:
        overview, words = view.overview, self._words
        at = moment(overview.as_of, words) if overview else ""
        return {
            "open": True,
            "cardStays": view.card_stays,
            "byPhone": view.typing is IdentifiedBy.PHONE,
            "busy": bool(view.busy),
            "busyText": words(f"account.busy.{view.busy}") if view.busy else "",
            "shows": view.shows,
            "name": overview.name if overview and view.shows else "",
            "asOf": words("account.as-of" if view.is_live else "account.as-of-copy", at=at) if at else "",
            "isCopy": overview is not None and not view.is_live,
        }

    def _problem(self, view: AccountView) -> Mapping[str, Any]:
        if not view.problem:
            return dict.fromkeys(("problem", "problemTitle", "problemText", "problemHint", "goesOn"), "") | {
                "canType": False
            }
        key, words = f"screen.account-problem.{view.problem}", self._words
        way_on, can_type = _WAYS_ON.get(view.problem, ("", False))
        if view.overview is not None and view.problem not in LAST:
            way_on, can_type = "action.account-overview", False
        return {
            "problem": view.problem,
            "problemTitle": words(f"{key}.title"),
            "problemText": words(f"{key}.hint"),
            "problemHint": self._tries(view),
            "goesOn": words(way_on) if way_on else "",
            "canType": can_type,
        }

    def _tries(self, view: AccountView) -> str:
        if view.problem == "no-match" and view.tries_left is not None:
            return self._words("account.tries-left", count=view.tries_left)
        if view.problem != "locked":
            return ""
        if view.locked_for_s is None:
            return self._words("account.locked-by-people")
        return self._words("account.locked-for", count=ceil(view.locked_for_s / 60))

    def _asked(self, view: AccountView) -> Mapping[str, Any]:
        words, codes = self._words, view.codes
        text = codes.texts[codes.at] if codes.texts else ""
        went_to = view.code_went_to
        hint = words("account.code-app") if went_to == "app" else words("account.code-sent", where=went_to)
        return {
            "qrRows": list(qr_rows(text)),
            "codeText": self._code_words(view),
            "hasNext": codes.at + 1 < len(codes.texts),
            "hasPrevious": codes.at > 0,
            "codeHint": hint if went_to else "",
            "codeWarning": words("account.code-wrong") if view.code_refused else "",
            "change": view.change.what,
            "wanted": view.change.wanted,
        }

    def _code_words(self, view: AccountView) -> str:
        codes, words = view.codes, self._words
        if not codes.texts:
            return ""
        parts = [words("account.movements-in-codes", shown=codes.shown, count=codes.count)]
        if len(codes.texts) > 1:
            parts.append(words("account.code-of", number=codes.at + 1, count=len(codes.texts)))
        return "\n".join(parts)

    def _months(self, view: AccountView) -> Iterator[Row]:
        for months in view.lengths:
            yield TileRow(str(months), self._words("account.months", count=months), chosen=months == view.months)
