"""An account on the screen, in ready words, and what hands do there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from kiosk.services.checkout.session import Session
from kiosk.services.words import Words
from ui.viewmodels.shown import Post, Shown, shown


class AccountModel(Shown):
    """`problemText` says what went wrong, and what to do."""

    changed = Signal()
    problemText = shown(str, "problemText", changed)

    def __init__(self, post: Post, parent: QObject | None = None) -> None:
        super().__init__(parent, problemText="")
        self._post = post


class AccountPresenter:
    """Shows a session's account in `model`."""

    def __init__(self, model: AccountModel, words: Words) -> None:
        self._model = model
        self._words = words

    def show(self, session: Session) -> None:
        """Show `session`; on the thread that draws."""
        view = session.account
        if view is None:
            self._model.forget()
            return
        key = f"problem.{view.problem}"
        self._model.show(problemText=self._words(key) if self._words.has(key) else "")
