"""Who gets at the central service by name: people of the console, tokens of back offices. Part of `kiosk central`."""

from __future__ import annotations

import getpass
import json
import os
import sys
import time
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from ui.commands import CommandError

if TYPE_CHECKING:
    from sync.central.database import Database


def add_arguments(parser: ArgumentParser) -> None:
    """What `user` and `token` take besides."""
    parser.add_argument("--role", metavar="ROLE", help="user add: attendant, supervisor, auditor or administrator")
    parser.add_argument("--scope", action="append", default=[], metavar="SCOPE", help="token add: what it is good for")


def user(arguments: Namespace, database: Database) -> None:
    """`user add NAME --role R [--store-id S]`, `user end NAME`, `user list`. Raises CommandError, CentralError."""
    from sync.central.console import people

    match arguments.terminal:
        case ["add", name]:
            roles = [role.value for role in people.Role]
            if arguments.role not in roles:
                raise CommandError(f"say --role: one of {', '.join(roles)}")
            role, password, store_id = people.Role(arguments.role), _password(), arguments.store_id or "*"
            database.write(
                lambda connection: people.add(connection, name, role, password, store_id=store_id, now_s=time.time())
            )
            _say(arguments, f"{name} may log in as {role} in {_stores(store_id)}", {"name": name, "role": role.value})
        case ["end", name]:
            database.write(lambda connection: people.end(connection, name, time.time()))
            _say(arguments, f"{name} may not log in any more", {"ended": name})
        case ["list"]:
            found = database.read(people.everyone)
            lines = "\n".join(f"{one.name:<20}{one.role:<16}{one.store_id}" for one in found) or "nobody may log in"
            _say(arguments, lines, [{"name": p.name, "role": p.role.value, "store_id": p.store_id} for p in found])
        case _:
            raise CommandError("say `user add NAME --role ROLE`, `user end NAME` or `user list`")


def token(arguments: Namespace, database: Database) -> None:
    """`token add NAME --scope S [--store-id S]`, `token revoke ID`. Raises CommandError, CentralError."""
    from sync.central.backoffice import tokens

    match arguments.terminal:
        case ["add", name]:
            known = [scope.value for scope in tokens.Scope]
            if not arguments.scope or not set(arguments.scope) <= set(known):
                raise CommandError(f"say --scope, once or more: {', '.join(known)}")
            scopes, store_id = frozenset(map(tokens.Scope, arguments.scope)), arguments.store_id or "*"
            made = database.write(
                lambda connection: tokens.add(connection, name, scopes, store_id=store_id, now_s=time.time())
            )
            _say(arguments, f"{made}   for {name}, {_stores(store_id)}; it is shown this once", {"token": made})
        case ["revoke", token_id]:
            database.write(lambda connection: tokens.revoke(connection, token_id, time.time()))
            _say(arguments, f"token {token_id} is not good any more", {"revoked": token_id})
        case _:
            raise CommandError("say `token add NAME --scope SCOPE` or `token revoke ID`")


def _password() -> str:
    """Asked for twice, or a line of stdin, or KIOSK_PASSWORD; never an argument, which everyone on the machine can read."""
    if given := os.environ.get("KIOSK_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("the two differ; nobody was added")
    return first


def _stores(store_id: str) -> str:
    return "every store" if store_id == "*" else f"store {store_id}"


def _say(arguments: Namespace, words: str, told: object) -> None:
    print(json.dumps(told) if arguments.json else words)
