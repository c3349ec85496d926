"""What the central service sets for every terminal of a store: its policy. Part of `kiosk central`."""

from __future__ import annotations

import json
import time
import tomllib
from argparse import Namespace
from getpass import getuser
from typing import TYPE_CHECKING

from ui.commands import CommandError

if TYPE_CHECKING:
    from kiosk.domain.facts import Json
    from sync.central.database import Database
    from sync.protocol.feeds import FeedRow


def policy(arguments: Namespace, database: Database) -> None:
    """`policy set KEY VALUE`, `policy end KEY`, `policy list`, each with `--store-id S` (every store unless told). Raises CommandError."""
    from sync.central.feeds import EVERY_STORE, bodies
    from sync.protocol.feed_rows import PolicyRow, feed_row
    from sync.protocol.feeds import FeedName, FeedRow

    store_id = arguments.store_id or EVERY_STORE
    match arguments.terminal:
        case ["set", key, value]:
            _publish(database, store_id, feed_row(PolicyRow.model_validate(_checked(key, value))), f"{key} = {value}")
            _say(arguments, f"{key} is {value} from the next shopper on, or the next start", {key: value})
        case ["end", key]:
            _publish(database, store_id, FeedRow(key=key, body=None), f"{key} is the site's own")
            _say(arguments, f"{key} is what the site's file says", {key: None})
        case ["list"]:
            found = {
                key: json.loads(body)["value"]
                for key, body in database.read(lambda c: bodies(c, store_id, FeedName.POLICY)).items()
            }
            words = "\n".join(f"{key:<36}{json.dumps(value)}" for key, value in sorted(found.items()))
            _say(arguments, words or "nothing is set", found)
        case _:
            raise CommandError("say `policy set KEY VALUE`, `policy end KEY` or `policy list`")


def _checked(key: str, text: str) -> dict[str, Json]:
    """As every terminal will check it, against the product's own configuration."""
    from kiosk.configuration import ConfigurationError, load
    from kiosk.configuration.policy import check_of_store

    try:
        value: Json = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    try:
        check_of_store(load(environment={}), {key: value})
    except ConfigurationError as error:
        raise CommandError(str(error.problems[0])) from None
    return {"key": key, "value": value}


def _publish(database: Database, store_id: str, row: FeedRow, words: str) -> None:
    from sqlalchemy import Connection

    from sync.central import audit
    from sync.central.feeds import publish
    from sync.protocol.feeds import FeedName

    now_s = time.time()

    def work(connection: Connection) -> None:
        publish(connection, store_id, FeedName.POLICY, [row], version=str(int(now_s)), whole=False)
        audit.write(connection, audit.Act(store_id, getuser(), "policy", row.key, words[:300]), now_s)

    database.write(work)


def _say(arguments: Namespace, words: str, told: object) -> None:
    print(json.dumps(told) if arguments.json else words)
