"""The core that the central service asks about accounts, and which store keeps a copy of which account. Part of `kiosk central`."""

from __future__ import annotations

import getpass
import importlib
import json
import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.configuration import PROJECT_ROOT, Configuration
from ui.commands import CommandError

if TYPE_CHECKING:
    from kiosk.domain.account import Holder
    from sync.central.accounts.connector import AccountsConnector
    from sync.central.accounts.demo_file import DemoAccount
    from sync.central.accounts.office import Accounts
    from sync.central.database import Database

DEMO = "demo"
_KEY_NAME = "accounts.key"
_WAYS = ("card", "account", "phone")


def add_arguments(parser: ArgumentParser) -> None:
    """What `serve` and `account` take besides."""
    parser.add_argument(
        "--accounts",
        default="",
        metavar="CORE",
        help='serve, account: who keeps accounts: "demo", or MODULE:FUNCTION that makes a connector; docs/integrators/accounts.md',
    )
    parser.add_argument(
        "--accounts-key",
        type=Path,
        metavar="FILE",
        help=f"serve, account: the company's key for marks and copies; {_KEY_NAME} beside the database's directory unless told",
    )
    parser.add_argument(
        "--by", choices=_WAYS, default="account", help="account: what the number is; account unless told"
    )


def accounts_of(arguments: Namespace, directory: Path) -> Accounts | None:
    """The core that --accounts names, None for none. Raises CommandError, CentralError, StorageError."""
    if not arguments.accounts:
        return None
    if arguments.accounts == DEMO:
        from ui.commands.setting import configuration

        return demo_accounts(configuration(arguments), directory)[0]
    return _with_key(_made(arguments.accounts), arguments.accounts_key or directory / _KEY_NAME)


def demo_accounts(found: Configuration, directory: Path) -> tuple[Accounts, Sequence[DemoAccount]]:
    """The demo core over the store's accounts.toml, and its holders; none without the file. Raises CentralError, StorageError."""
    from sync.central.accounts.demo_core import opened
    from sync.central.accounts.demo_file import read_accounts

    path = PROJECT_ROOT / found.data.store / "accounts.toml"
    holders = read_accounts(path) if path.exists() else ()
    core = opened(directory / "demo-core.db", holders, found.site.currency)
    return _with_key(core, directory / _KEY_NAME), holders


def enrol_holders(database: Database, accounts: Accounts, holders: Sequence[DemoAccount], store_id: str) -> None:
    """Let a store keep copies of all demo holders, unless it has them with their PINs of now."""
    from kiosk.domain.account import Holder, IdentifiedBy
    from sync.central.accounts import enrolments

    known = {(one.store_id, one.account_id, one.pin_mark) for one in database.read(enrolments.everyone)}
    for one in holders:
        mark = accounts.connector.pin_mark(one.id)
        if mark and (store_id, one.id, mark) not in known:
            holder = Holder(IdentifiedBy.ACCOUNT, one.number)
            enrolments.enrol(database, accounts, store_id, holder, one.pin, who=DEMO, now_s=time.time())


def told(holders: Sequence[DemoAccount]) -> list[dict[str, Any]]:
    """What a person at the demo needs to know of each holder: what to show or type, PIN, and how codes come."""
    return [
        {
            "name": one.name,
            "cards": list(one.cards),
            "number": one.number,
            "phone": one.phone,
            "pin": one.pin,
            "totp": one.totp,
            "codes": "app" if one.totp else "sent" if one.sms else "none",
        }
        for one in holders
        if not one.is_closed
    ]


def account(arguments: Namespace, database: Database, directory: Path) -> None:
    """`account enrol|withdraw|unlock|code NUMBER [--by card]`, `account list`. Raises CommandError, CentralError."""
    from sync.central.accounts import enrolments

    match arguments.terminal:
        case ["list"]:
            _list(arguments, database.read(enrolments.everyone))
        case ["enrol", number]:
            accounts, store_id = _core(arguments, directory), _store(arguments)
            with _reaching_the_core():
                holder = _holder(arguments, number)
                mark = enrolments.enrol(
                    database, accounts, store_id, holder, _pin(), who=getpass.getuser(), now_s=time.time()
                )
            _say(arguments, f"store {store_id} keeps a copy of account {mark[:12]} from now on", {"mark": mark})
        case ["withdraw", number]:
            mark, store_id = _mark(arguments, directory, number), _store(arguments)
            if not database.write(
                lambda c: enrolments.withdraw(c, store_id, mark, who=getpass.getuser(), now_s=time.time())
            ):
                raise CommandError(
                    f"store {store_id} keeps no copy of that account; `account list` shows what there is"
                )
            _say(arguments, f"store {store_id} keeps no copy of account {mark[:12]} any more", {"mark": mark})
        case ["code", number]:
            _code(arguments, directory, number)
        case ["unlock", number]:
            _unlock(arguments, database, _mark(arguments, directory, number))
        case _:
            words = "say `account enrol NUMBER`, or withdraw, unlock or code in its place; or `account list`"
            raise CommandError(words)


def _list(arguments: Namespace, found: Sequence[Any]) -> None:
    lines = "\n".join(f"{one.store_id:<12}{one.mark[:12]:<16}{_made_at(one.refreshed_ms)}" for one in found)
    shown = [{"store_id": one.store_id, "mark": one.mark, "refreshed_ms": one.refreshed_ms} for one in found]
    _say(arguments, lines or "no store keeps a copy of an account", shown)


def _code(arguments: Namespace, directory: Path, number: str) -> None:
    """What a demo holder would find in their app or on their telephone."""
    from sync.central.accounts.demo_core import DemoCore

    core = _core(arguments, directory).connector
    if not isinstance(core, DemoCore):
        raise CommandError("only the demo core shows codes: --accounts demo; a real one sends them to their holder")
    with _reaching_the_core():
        account_id = core.find(_holder(arguments, number))
        code = core.present_code(account_id) if account_id is not None else ""
    if not code:
        raise CommandError("there is no one-time code for that number now")
    _say(arguments, code, {"code": code})


def _unlock(arguments: Namespace, database: Database, mark: str) -> None:
    from sync.central.accounts import tries

    done = database.write(lambda c: tries.unlock(c, mark, who=getpass.getuser(), now_s=time.time()))
    words = f"account {mark[:12]} may try again" if done else f"nothing was counted at account {mark[:12]}"
    _say(arguments, words, {"mark": mark, "unlocked": done})


def _made(named: str) -> AccountsConnector:
    module, colon, function = named.partition(":")
    try:
        make = getattr(importlib.import_module(module), function) if colon else None
    except (ImportError, AttributeError) as error:
        raise CommandError(f"--accounts {named}: {error}; say MODULE:FUNCTION as Python imports it") from None
    if make is None:
        raise CommandError(f'--accounts {named}: say "demo", or MODULE:FUNCTION as Python imports it')
    connector: AccountsConnector = make()
    return connector


def _with_key(connector: AccountsConnector, path: Path) -> Accounts:
    from kiosk.storage.key import load_or_create_key
    from sync.central.accounts.marks import Marks
    from sync.central.accounts.office import Accounts

    return Accounts(connector, Marks(load_or_create_key(path)))


def _core(arguments: Namespace, directory: Path) -> Accounts:
    found = accounts_of(arguments, directory)
    if found is None:
        raise CommandError("say which core knows the account: --accounts demo, or --accounts MODULE:FUNCTION")
    return found


def _mark(arguments: Namespace, directory: Path, number: str) -> str:
    accounts = _core(arguments, directory)
    with _reaching_the_core():
        account_id = accounts.connector.find(_holder(arguments, number))
    if account_id is None:
        raise CommandError(f"the core knows no {arguments.by} of that number; say --by card, account or phone")
    return accounts.marks.of_account(account_id)


def _holder(arguments: Namespace, number: str) -> Holder:
    from kiosk.domain.account import Holder, IdentifiedBy

    return Holder(IdentifiedBy(arguments.by), number)


@contextmanager
def _reaching_the_core() -> Iterator[None]:
    from sync.central.accounts.connector import CoreAwayError

    try:
        yield
    except CoreAwayError as error:
        raise CommandError(f"the core cannot be asked: {error}") from None


def _store(arguments: Namespace) -> str:
    if not arguments.store_id:
        raise CommandError("say which store keeps the copy: --store-id ID")
    return str(arguments.store_id)


def _pin() -> str:
    """Typed by its holder, or a line of stdin, or KIOSK_PIN; never an argument, which everyone on the machine can read."""
    if given := os.environ.get("KIOSK_PIN"):
        return given
    return getpass.getpass("PIN: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _made_at(refreshed_ms: int) -> str:
    if not refreshed_ms:
        return "not made yet"
    return time.strftime("made %Y-%m-%d %H:%M UTC", time.gmtime(refreshed_ms / 1000))


def _say(arguments: Namespace, words: str, shown: object) -> None:
    print(json.dumps(shown) if arguments.json else words)
