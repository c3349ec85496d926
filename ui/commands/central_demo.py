"""A central service to try things out with, on this machine alone: seeded, with a person for its console, one terminal let in, a biller.

Part of `kiosk central`. Terminals come over TLS; the console, the receipts and the back office over plain HTTP on loopback, where a browser
knows no authority of ours. Both doors stand on one database, as two processes of a fleet would.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import signal
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.configuration import PROJECT_ROOT, Configuration
from ui.commands import central_accounts, port
from ui.commands.setting import configuration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.central.accounts.demo_file import DemoAccount
    from sync.central.accounts.office import Accounts
    from sync.central.authority import TlsFiles
    from sync.central.database import Database

_HOST = "127.0.0.1"
_PERSON = "demo"
_ACCESS_NAME = "demo-access.json"


@dataclass(frozen=True, slots=True)
class Opened:
    """What `kiosk central demo` tells, as one line of JSON, when it serves.

    `url` is for terminals, `console` for a browser; `token` reads the sales of `store_id`. `code` lets the
    configured terminal in, "" where it is known already. `biller` is the demo biller, who takes every bill.
    """

    url: str
    console: str
    store_id: str
    terminal_id: str
    person: str
    password: str
    token: str
    code: str
    biller: str


def add_arguments(parser: ArgumentParser) -> None:
    """What `demo` takes besides."""
    parser.add_argument(
        "--console-port", type=port, default=0, metavar="PORT", help="demo: for the console; 0 for a free one"
    )


def serve_demo(arguments: Namespace) -> None:
    """Serve until asked to end, or until whoever started it (and holds its standard input) is gone. Raises CentralError."""
    from sync.central.app import create_app
    from sync.central.authority import tls_files
    from sync.central.billers.configured import Billers, Serves
    from sync.central.billers.demo_biller import DemoBiller
    from sync.central.billers.http_connector import HttpConnector
    from sync.central.serving import RunningService, listen
    from sync.central.settings import Settings

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    found = configuration(arguments)
    books = PROJECT_ROOT / found.data.directory
    directory = books / "central"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    tls = tls_files(directory / "tls", ["localhost", _HOST], datetime.now(UTC))
    database_url = f"sqlite:///{(directory / 'central.db').absolute()}"
    ended = _until_asked()
    biller = DemoBiller(ledger=directory / "demo-biller.jsonl")
    billers = Billers([Serves(HttpConnector("demo-biller", biller.url), ("*",))])
    accounts, holders = central_accounts.demo_accounts(found, directory)
    terminals, console = listen(_HOST, arguments.port), listen(_HOST, arguments.console_port)
    opened = _prepared(
        found,
        database_url,
        tls,
        url=f"https://{_HOST}:{terminals.getsockname()[1]}",
        console=f"http://{_HOST}:{console.getsockname()[1]}/console",
        biller=biller.url,
        accounts=accounts,
        holders=holders,
    )
    services = [
        RunningService(
            create_app(Settings(database_url, ca_pem=tls.ca.read_text("ascii"), billers=billers, accounts=accounts)),
            terminals,
            tls,
        ),
        RunningService(create_app(Settings(database_url, projects=False)), console),
    ]
    try:
        biller.start()
        for service in services:
            service.start()
        print(json.dumps(asdict(opened)), flush=True)
        ended.wait()
    finally:
        for service in services:
            service.stop()
        biller.stop()


def _prepared(
    found: Configuration,
    database_url: str,
    tls: TlsFiles,
    *,
    url: str,
    console: str,
    biller: str,
    accounts: Accounts,
    holders: Sequence[DemoAccount],
) -> Opened:
    from sync.central.database import Database
    from sync.central.enrolment import make_code
    from sync.central.feeds import EVERY_STORE
    from sync.central.migrations import migrate
    from ui.seeding import seed

    terminal_id, store_id = found.terminal.id, found.terminal.store
    database = Database(database_url)
    try:
        migrate(database)
        seed(database, PROJECT_ROOT / found.data.store, found.site.currency, EVERY_STORE)
        books = PROJECT_ROOT / found.data.directory
        central_accounts.enrol_holders(database, accounts, holders, store_id)
        password, token = _access(database, books / "central" / _ACCESS_NAME, store_id, holders)
        code = ""
        if not _is_known(database, books, terminal_id, tls):
            code = database.write(
                lambda connection: make_code(connection, terminal_id, store_id, who=_PERSON, now_s=time.time())
            )
    finally:
        database.close()
    return Opened(url, console, store_id, terminal_id, _PERSON, password, token, code, biller)


def _access(database: Database, path: Path, store_id: str, holders: Sequence[DemoAccount]) -> tuple[str, str]:
    """A password for the console and a token for the sales: made once, kept beside the database for its user alone. So are the holders."""
    from sync.central.backoffice import tokens
    from sync.central.console import people

    try:
        kept = json.loads(path.read_text("utf-8"))
        password, token = str(kept["password"]), str(kept["token"])
    except (OSError, ValueError, KeyError, TypeError):
        password, token = "", ""
    if not (database.read(lambda c: people.find(c, _PERSON)) and database.read(lambda c: tokens.caller(c, token))):
        password = secrets.token_urlsafe(9)
        role, now_s = people.Role("administrator"), time.time()
        database.write(lambda c: people.add(c, _PERSON, role, password, store_id=store_id, now_s=now_s))
        scopes = frozenset({tokens.Scope.SALES})
        token = database.write(lambda c: tokens.add(c, _PERSON, scopes, store_id=store_id, now_s=now_s))
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"password": password, "token": token, "accounts": central_accounts.told(holders)}, file)
    fresh.replace(path)
    return password, token


def _is_known(database: Database, books: Path, terminal_id: str, tls: TlsFiles) -> bool:
    """Whether the terminal whose books are there was let in by this service, and trusts it."""
    from sync.central.database import one
    from sync.identity import IdentityError, load_identity

    try:
        identity = load_identity(books)
    except IdentityError:
        return False
    if identity is None or identity.terminal_id != terminal_id or identity.ca_pem != tls.ca.read_text("ascii"):
        return False
    sql = "SELECT 1 FROM terminal_key WHERE terminal_id = :terminal AND key_id = :key AND revoked_ms IS NULL"
    return database.read(lambda c: one(c, sql, terminal=terminal_id, key=identity.key_id)) is not None


def _until_asked() -> threading.Event:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())

    def follow() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        ended.set()

    if not sys.stdin.isatty():
        threading.Thread(target=follow, name="whoever started it", daemon=True).start()
    return ended
