"""A refund on the screen, in ready words, and what hands do there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from kiosk.services.checkout.session import Session
from kiosk.services.words import Words
from ui.viewmodels.shown import Post, Shown, shown


class RefundModel(Shown):
    """`problemText` says what went wrong, and what to do."""

    changed = Signal()
    problemText = shown(str, "problemText", changed)

    def __init__(self, post: Post, parent: QObject | None = None) -> None:
        super().__init__(parent, problemText="")
        self._post = post


class RefundPresenter:
    """Shows a session's refund in `model`."""

    def __init__(self, model: RefundModel, words: Words) -> None:
        self._model = model
        self._words = words

    def show(self, session: Session) -> None:
        """Show `session`; on the thread that draws."""
        view = session.refund
        if view is None:
            self._model.forget()
            return
        key = f"problem.{view.problem}"
        self._model.show(problemText=self._words(key) if self._words.has(key) else "")
