"""The process that brings the feeds down, beside the terminal's own: nothing that it does can hold up a scan, nor take the till along.

Its standard input says what to follow (one line of JSON, see `asked`), then answers each name that it says on standard output, and ends it.
It alone writes cache.db meanwhile; the terminal's process reads.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.configuration import Configuration
    from kiosk.domain.facts import Json
    from sync.feeds import Feeds

log = logging.getLogger(__name__)


def main() -> int:
    """Follow the feeds until standard input ends, as it does when the terminal's process does, however that comes."""
    give_way()
    from kiosk.storage.catalogue import SqliteCatalogue  # noqa: PLC0415 - read at the priority that is right for it

    asked = json.loads(sys.stdin.readline() or "{}")
    if not asked:
        return 0
    logging.basicConfig(level=asked["log_level"], format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    answers = Answers()
    with closing(SqliteCatalogue(Path(asked["cache"]), bytes.fromhex(asked.pop("key")))) as catalogue:
        feeds = _feeds(asked, catalogue, answers)
        feeds.start()
        answers.read()
        feeds.stop()
    return 0


def asked(directory: Path, key: bytes, url: str, configuration: Configuration) -> str:
    """What the process is told: whose feeds, where they go, and what they must fit."""
    told: dict[str, Any] = {
        "directory": str(directory),
        "cache": str(directory / "cache.db"),
        "key": key.hex(),
        "url": url,
    }
    told["log_level"] = (
        logging.getLogger().getEffectiveLevel()
    )  # it says as much as the process that starts it: a tour says nothing
    return json.dumps({**told, "configuration": configuration.model_dump(mode="json")})


def give_way() -> None:
    """Run only while nothing else wants the processor: whoever scans is served first, down to the millisecond."""
    os.nice(19)
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


class Answers:
    """What the terminal's process says on standard input: a line for each feed that it has looked at since it was shown."""

    def __init__(self) -> None:
        self._heard = threading.Semaphore(0)
        self._is_over = False

    def tell(self, name: str) -> None:
        """Say that a feed is in use, and come back when the terminal uses it: only then may what was in use before be overwritten."""
        print(name, flush=True)  # noqa: T201 - standard output is the way to the terminal
        self._heard.acquire()

    def read(self) -> None:
        """Until the end of standard input."""
        for _ in sys.stdin:
            self._heard.release()
        self._is_over = True
        self._heard.release()


def _feeds(asked: Mapping[str, Any], catalogue: Any, answers: Answers) -> Feeds:
    from dataclasses import replace  # noqa: PLC0415 - as in `main`, and so are those below

    from kiosk.configuration import Configuration  # noqa: PLC0415
    from kiosk.storage.feeds import SqliteFeeds  # noqa: PLC0415
    from sync.feeds import Feeds, FeedSite  # noqa: PLC0415
    from sync.identity import IdentityError, load_identity  # noqa: PLC0415
    from sync.line import Line, ServiceClock  # noqa: PLC0415

    identity = load_identity(Path(asked["directory"]))
    if identity is None:
        raise IdentityError("this terminal is not enrolled any more; run: kiosk enrol CODE --central URL")
    if asked["url"]:
        identity = replace(identity, url=asked["url"])
    configuration = Configuration.model_validate_json(json.dumps(asked["configuration"]), strict=True)
    site = configuration.site
    return Feeds(
        Line(identity, ServiceClock()),
        SqliteFeeds(catalogue),
        FeedSite(identity.store_id, site.currency, frozenset(site.tax), partial(check_setting, configuration)),
        watcher=answers.tell,
        every_s=configuration.sync.feeds_every_s,
    )


def check_setting(configuration: Configuration, key: str, value: Json) -> None:
    """Raise ValueError unless the store's policy may set `key` to `value`."""
    from kiosk.configuration import ConfigurationError  # noqa: PLC0415 - as above
    from kiosk.configuration.policy import check_of_store  # noqa: PLC0415

    try:
        check_of_store(configuration, {key: value})
    except ConfigurationError as error:
        raise ValueError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
