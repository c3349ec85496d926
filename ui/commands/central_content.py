"""The words on the attract screen of a store's terminals, in place of the product's own. Part of `kiosk central`."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from typing import TYPE_CHECKING

from ui.commands import CommandError

if TYPE_CHECKING:
    from sync.central.database import Database


def content(arguments: Namespace, database: Database) -> None:
    """`content set NAME LANGUAGE TEXT`, `content end NAME`, `content list`, each with `--store-id S` (every store unless told).

    Raises CommandError.
    """
    from pydantic import ValidationError

    from sync.central.feeds import EVERY_STORE, bodies, publish
    from sync.protocol.feed_rows import ContentRow, feed_row
    from sync.protocol.feeds import FeedName, FeedRow

    store_id = arguments.store_id or EVERY_STORE
    there = database.read(lambda connection: bodies(connection, store_id, FeedName.CONTENT))
    found = {name: json.loads(body)["values"] for name, body in there.items()}
    match arguments.terminal:
        case ["set", name, language, text]:
            found[name] = {**found.get(name, {}), language: text}
            try:
                row = feed_row(ContentRow(key=name, values=found[name]))
            except ValidationError as error:
                raise CommandError(f"{name[:40]}: {error.errors()[0]['msg']}") from None
        case ["end", name]:
            found.pop(name, None)
            row = FeedRow(key=name, body=None)
        case ["list"]:
            words = "\n".join(f"{name}  {language}  {text}" for name in found for language, text in found[name].items())
            print(json.dumps(found) if arguments.json else words or "the product's own words")
            return
        case _:
            raise CommandError("say `content set NAME LANGUAGE TEXT`, `content end NAME` or `content list`")
    version = str(int(time.time()))
    database.write(lambda c: publish(c, store_id, FeedName.CONTENT, [row], version=version, whole=False))
    print(json.dumps(found) if arguments.json else f"{row.key} is shown within a minute")
