"""A service with the demo core behind it, as terminals meet it: what a test of accounts needs."""

from __future__ import annotations

import json
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from service import Reply, Service, Terminal

from kiosk.configuration import PROJECT_ROOT
from sync.central.accounts.codes import code_at
from sync.central.accounts.demo_core import DemoCore
from sync.central.accounts.demo_file import read_accounts
from sync.central.accounts.marks import Marks
from sync.central.accounts.office import Accounts

HOLDERS: Final = read_accounts(PROJECT_ROOT / "assets" / "store" / "accounts.toml")
LENA, TOMASZ, AMIRA, GONE = HOLDERS
KEY: Final = bytes(range(32))


class Bank:
    """The service under test with its core. `now_s` may be moved by `service.offset_s`."""

    def __init__(self, url: str, directory: Path, **settings: Any) -> None:
        directory.mkdir(exist_ok=True)
        self.url = url
        self.core = DemoCore(directory / "core.db", HOLDERS, "EUR", self._now)
        self.offset_s = 0.0
        self.service = Service(url, accounts=Accounts(self.core, Marks(KEY)), **settings)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + getattr(self, "offset_s", 0.0), UTC)

    def pass_s(self, seconds: float) -> None:
        """Let time pass, at the service and in the core."""
        self.offset_s += seconds
        self.service.offset_s += seconds

    def app_code(self, steps: int = 0) -> str:
        """What Lena's app shows, so many steps of half a minute from now."""
        return code_at(LENA.secret, self.service.settings.now_s() + 30 * steps)


def ask(terminal: Terminal, what: str, /, **body: Any) -> Reply:
    """One question about an account."""
    asked = {"asked_id": f"q-{secrets.token_hex(8)}", **body}
    return terminal.post(f"/v1/accounts/{what}", json.dumps(asked).encode(), gzipped=False)


def verify(terminal: Terminal, number: str, pin: str, by: str = "card", **more: Any) -> dict[str, Any]:
    """The answer to a number and a PIN."""
    reply = ask(terminal, "verify", by=by, number=number, pin=pin, **more)
    assert reply.status == 200, reply.json
    found: dict[str, Any] = reply.json
    return found


def opened(terminal: Terminal, holder: Any = LENA) -> str:
    """A ticket of the holder's."""
    answer = verify(terminal, holder.cards[0], holder.pin)
    assert answer["refused"] is None, answer
    return str(answer["ticket"])


def refused(reply: Reply) -> dict[str, Any] | None:
    assert reply.status == 200, reply.json
    found: dict[str, Any] | None = reply.json["refused"]
    return found
