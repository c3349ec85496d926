"""The central service: runs it (`demo`: to try things out), loads a store, lets terminals in or shuts them out, makes projections anew."""

from __future__ import annotations

import json
import logging
import re
import socket
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.commands import (
    CommandError,
    central_access,
    central_accounts,
    central_content,
    central_demo,
    central_policy,
    port,
)

if TYPE_CHECKING:
    from sync.central.authority import TlsFiles
    from sync.central.database import Database

DEFAULT_PORT = 8443
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_LATELY_S = 120


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk central`."""
    parser.add_argument("what", choices=list(_ACTS))
    parser.add_argument(
        "terminal",
        nargs="*",
        metavar="TERMINAL",
        help="enrol, revoke, rebuild: which; user, token: add NAME; account: enrol NUMBER; policy: set KEY VALUE;"
        " content: set NAME LANGUAGE TEXT",
    )
    parser.add_argument(
        "--db", metavar="URL", help="sqlite:///PATH or postgresql://USER@HOST/NAME; a file in --data unless told"
    )
    parser.add_argument("--host", default="127.0.0.1", help="serve: the address to listen on (0.0.0.0 for every one)")
    parser.add_argument(
        "--port", type=port, default=DEFAULT_PORT, help=f"serve: {DEFAULT_PORT} unless told; 0 for a free one"
    )
    parser.add_argument(
        "--name", action="append", default=[], metavar="NAME", help="serve: another name or address that terminals use"
    )
    parser.add_argument("--no-tls", action="store_true", help="serve: plain HTTP, behind a balancer that speaks TLS")
    parser.add_argument(
        "--public-url",
        default="",
        metavar="URL",
        help="serve: https: address where shoppers see receipts; told to terminals",
    )
    parser.add_argument(
        "--ca",
        type=Path,
        metavar="FILE",
        help="serve: with --no-tls, the authority (PEM) of the balancer's certificate",
    )
    parser.add_argument(
        "--workers",
        type=_workers,
        default=4,
        metavar="N",
        help="serve: requests worked on at once; rebuild: terminals, on PostgreSQL",
    )
    parser.add_argument(
        "--store-id",
        metavar="ID",
        help="enrol: its store; account: the copy's; seed, policy, content: only this store (every store unless told)",
    )
    parser.add_argument("--store", type=Path, metavar="DIR", help="seed: the store's files, instead of [data] store")
    parser.add_argument(
        "--billers",
        type=Path,
        metavar="FILE",
        help="serve: whose connectors serve which bills; docs/integrators/billers.md",
    )
    central_access.add_arguments(parser)
    central_accounts.add_arguments(parser)
    central_demo.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: Namespace) -> int:
    """Do it. Raises CommandError."""
    from kiosk.storage.errors import StorageError
    from sync.central.errors import CentralError

    try:
        _ACTS[arguments.what](arguments)
    except (CentralError, StorageError) as error:
        raise CommandError(str(error)) from None
    except ModuleNotFoundError as error:
        words = f"no central service is installed here ({error.name} is missing); packaging/set-up.sh run installs it"
        raise CommandError(words) from None
    return 0


def _serve(arguments: Namespace) -> None:
    from sync.central.app import create_app
    from sync.central.billers.configured import Billers, read_billers
    from sync.central.serving import listen, server
    from sync.central.settings import Settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    billers = read_billers(arguments.billers) if arguments.billers else Billers()
    accounts = central_accounts.accounts_of(arguments, _directory(arguments)) if arguments.accounts else None
    tls = None if arguments.no_tls else _tls(arguments)
    listener = listen(arguments.host, arguments.port)
    ca_pem = _authority(tls.ca if tls else arguments.ca)
    settings = Settings(
        _url(arguments),
        ca_pem,
        arguments.public_url,
        workers=arguments.workers,
        billers=billers,
        accounts=accounts,
    )
    app = create_app(settings)
    scheme, port = ("https" if tls else "http"), listener.getsockname()[1]
    url = f"{scheme}://{arguments.host}:{port}"
    told = {"url": url, "ca": str(tls.ca) if tls else None}
    print(json.dumps(told) if arguments.json else f"the central service is at {url}", flush=True)
    server(app, tls).run(sockets=[listener])


def _seed(arguments: Namespace) -> None:
    from kiosk.configuration import PROJECT_ROOT
    from sync.central.feeds import EVERY_STORE
    from ui.commands.setting import configuration
    from ui.seeding import seed

    found = configuration(arguments)
    directory = arguments.store or PROJECT_ROOT / found.data.store
    store_id = arguments.store_id or EVERY_STORE
    with _database(arguments) as database:
        changes = seed(database, directory, found.site.currency, store_id)
    if arguments.json:
        print(json.dumps({"store_id": store_id, "changes": changes}))
        return
    for name, count in changes.items():
        print(f"{name:<12}{count} changed")


def _enrol(arguments: Namespace) -> None:
    from sync.central.enrolment import CODE_LIFE_S, make_code

    terminal_id = _the_terminal(arguments)
    store_id = _named(arguments.store_id or _configured_store(arguments), "--store-id")
    with _database(arguments) as database:
        code = database.write(
            lambda connection: make_code(connection, terminal_id, store_id, who=getuser(), now_s=_now_s())
        )
    told = {"terminal_id": terminal_id, "store_id": store_id, "code": code, "minutes": CODE_LIFE_S // 60}
    words = f"{code}   type this at terminal {terminal_id} of store {store_id} within {CODE_LIFE_S // 60} minutes; it is good once"
    print(json.dumps(told) if arguments.json else words)


def _revoke(arguments: Namespace) -> None:
    from sync.central.keys import revoke

    terminal_id = _the_terminal(arguments)
    with _database(arguments) as database:
        if not database.write(lambda connection: revoke(connection, terminal_id, _now_s())):
            raise CommandError(f"there is no terminal {terminal_id}; `kiosk central terminals` lists them")
    print(
        json.dumps({"revoked": terminal_id}) if arguments.json else f"nothing that {terminal_id} sends is accepted now"
    )


def _terminals(arguments: Namespace) -> None:
    from sync.central.enrolment import terminals

    with _database(arguments) as database:
        found = [dict(row._mapping) for row in database.read(terminals)]
    if arguments.json:
        print(json.dumps(found))
        return
    for one in found:
        print(f"{one['store_id']:<12}{one['terminal_id']:<16}{_seen(one):<28}{one['entries']} entries")
    if not found:
        print("no terminal has enrolled; `kiosk central enrol TERMINAL` makes a pairing code")


def _rebuild(arguments: Namespace) -> None:
    from sync.central.enrolment import terminals
    from sync.central.projecting import Projector

    with _database(arguments) as database:
        known = [str(row._mapping["terminal_id"]) for row in database.read(terminals)]
        for terminal_id in arguments.terminal:
            if terminal_id not in known:
                raise CommandError(f"there is no terminal {terminal_id[:64]!r}; `kiosk central terminals` lists them")
        made = Projector(database, _now_s).rebuild_all(arguments.terminal or known, arguments.workers)
    if arguments.json:
        print(json.dumps(made))
        return
    for terminal_id, count in made.items():
        print(f"{terminal_id:<16}{count} entries projected anew")


@contextmanager
def _database(arguments: Namespace) -> Iterator[Database]:
    from sync.central.database import Database
    from sync.central.migrations import migrate

    database = Database(_url(arguments))
    try:
        migrate(database)
        yield database
    finally:
        database.close()


def _directory(arguments: Namespace) -> Path:
    from kiosk.configuration import data_directory

    directory = Path(arguments.data) if arguments.data else data_directory(arguments.config) / "central"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory.absolute()


def _url(arguments: Namespace) -> str:
    return arguments.db or f"sqlite:///{_directory(arguments) / 'central.db'}"


def _tls(arguments: Namespace) -> TlsFiles:
    from sync.central.authority import tls_files

    names = ["localhost", "127.0.0.1", socket.gethostname(), *arguments.name]
    listens = [] if arguments.host in {"0.0.0.0", "::"} else [arguments.host]  # noqa: S104 - compared, not bound
    return tls_files(_directory(arguments) / "tls", list(dict.fromkeys([*names, *listens])), datetime.now(UTC))


def _authority(path: Path | None) -> str:
    """What terminals pin when they enrol; "" where nobody can enrol with this process."""
    from sync.protocol.enrolment import ca_fingerprint

    if path is None:
        return ""
    try:
        pem = path.read_text("ascii")
        ca_fingerprint(pem)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} is no certificate authority ({error}); a PEM file of one certificate is") from None
    return pem


def _the_terminal(arguments: Namespace) -> str:
    if len(arguments.terminal) != 1:
        raise CommandError(f"say which terminal: kiosk central {arguments.what} TERMINAL")
    return _named(arguments.terminal[0], "a terminal's id")


def _named(text: str, what: str) -> str:
    if not _NAME.fullmatch(text):
        raise CommandError(f"{text[:40]!r} is not {what}: letters, digits, and . _ : - within, at most 64")
    return text


def _configured_store(arguments: Namespace) -> str:
    from ui.commands.setting import configuration

    return str(configuration(arguments).terminal.store)


def _seen(one: dict[str, Any]) -> str:
    if one["revoked_ms"] is not None:
        return "revoked"
    if one["seen_ms"] is None:
        return "never seen"
    ago_s = max(0, int(_now_s() - one["seen_ms"] / 1000))
    return f"seen {ago_s} s ago" if ago_s < _LATELY_S else f"last seen {_when(one['seen_ms'])}"


def _when(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(" ", "minutes")


def _now_s() -> float:
    return datetime.now(UTC).timestamp()


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= 256):
        raise ArgumentTypeError(f"{text[:20]!r} is not a number between 1 and 256")
    return int(text)


def _user(arguments: Namespace) -> None:
    with _database(arguments) as database:
        central_access.user(arguments, database)


def _token(arguments: Namespace) -> None:
    with _database(arguments) as database:
        central_access.token(arguments, database)


def _account(arguments: Namespace) -> None:
    with _database(arguments) as database:
        central_accounts.account(arguments, database, _directory(arguments))


def _policy(arguments: Namespace) -> None:
    with _database(arguments) as database:
        central_policy.policy(arguments, database)


def _content(arguments: Namespace) -> None:
    with _database(arguments) as database:
        central_content.content(arguments, database)


_ACTS = {
    "serve": _serve,
    "seed": _seed,
    "enrol": _enrol,
    "revoke": _revoke,
    "terminals": _terminals,
    "rebuild": _rebuild,
    "user": _user,
    "token": _token,
    "account": _account,
    "policy": _policy,
    "content": _content,
    "demo": central_demo.serve_demo,
}
