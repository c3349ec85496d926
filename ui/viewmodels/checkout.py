"""A checkout's view-models, put together over its register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kiosk.services.checkout.session import Session
from kiosk.services.words import Words
from ui.viewmodels.presenting import Presenter
from ui.viewmodels.till import Till
from ui.viewmodels.words import WordsBridge


class Watched(Protocol):
    """What the view-models need of `kiosk.services.checkout.register.Register`."""

    @property
    def state(self) -> Session:
        """The session as it is now."""

    def post(self, event: object) -> None:
        """Let `event` happen soon."""

    def watch(self, watcher: Callable[[Session, Any], None]) -> None:
        """Call `watcher(session, event)` after every event, on the thread that draws."""


def checkout_view(
    register: Watched, words: Words, *, terminal: str, currency: str, unclear_wait_s: int = 120
) -> tuple[Till, WordsBridge]:
    """The till and the words for `KioskWindow`, showing `register` from now on. `words` must be the screen's own: they are switched."""
    till = Till(register.post)
    bridge = WordsBridge(words, register.state.language, currency)
    presenter = Presenter(till, bridge, terminal=terminal, currency=currency, unclear_wait_s=unclear_wait_s)
    presenter.show(register.state)
    register.watch(lambda session, _: presenter.show(session))
    return till, bridge
