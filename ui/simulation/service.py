"""The central service as a process: `python -m ui.simulation.service DIRECTORY PORT TLS`. "order" issues one, "open" counts them."""

from __future__ import annotations

import logging
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import uvicorn

from sync.central.app import create_app
from sync.central.authority import tls_files
from sync.central.commands import NewCommand, issue
from sync.central.database import Database, one
from sync.central.serving import listen, server
from sync.central.settings import Settings
from sync.protocol.commands import CommandKind
from ui.simulation.words import STORE, TERMINAL, hear, say

_ORDER_LIFE_S: Final = 600.0


def serve(directory: Path, port: int, *, is_secret: bool) -> None:
    """Until "end" is heard."""
    url = f"sqlite:///{directory}/central.db"
    tls = tls_files(directory / "tls", ["127.0.0.1"], datetime.now(UTC))
    running = server(create_app(Settings(url, ca_pem=tls.ca.read_text("ascii"))), tls if is_secret else None)
    listener = listen("127.0.0.1", port)
    desk = Database(url, connections=1)
    threading.Thread(target=_open, args=(running, desk), daemon=True).start()
    running.run(sockets=[listener])
    listener.close()
    desk.close()


def _open(running: uvicorn.Server, desk: Database) -> None:
    def heard(word: str) -> None:
        if word == "end":
            running.should_exit = True
        elif word == "order":
            new = NewCommand(TERMINAL, STORE, CommandKind.MESSAGE, {"text": "hello"}, "simulation", _ORDER_LIFE_S)
            say(f"ordered {desk.write(lambda connection: issue(connection, new, time.time()))}")
        elif word == "open":
            sql = "SELECT count(*) AS n FROM command WHERE status = 'open'"
            row = desk.read(lambda connection: one(connection, sql))
            say(f"open {row.n if row else 0}")

    hear(heard)  # first of all: nobody may be left to whom it could be said that it serves
    while not running.started:
        time.sleep(0.01)
    say("ready")


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    serve(Path(sys.argv[1]), int(sys.argv[2]), is_secret=sys.argv[3] == "1")
