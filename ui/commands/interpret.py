"""Says what each line of scan data on stdin means: one JSON object a line. Never fails, whatever the bytes."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.configuration.rules import scan_rules
from kiosk.domain.bills import reading
from kiosk.domain.interpret import interpret
from ui.commands.scan_lines import lines
from ui.commands.setting import configuration


def add_arguments(parser: ArgumentParser) -> None:
    r"""None of its own; the site's rules come with --config."""
    parser.epilog = r"A line may begin with an AIM identifier; in it \n, \r, \x1d and \\ stand for line feed, return, separator, backslash."


def run(arguments: Namespace) -> int:
    """Answer every line as soon as it is there, so that another program may keep the pipe open and ask."""
    site = configuration(arguments).site
    rules = scan_rules(site, datetime.now(ZoneInfo(site.time_zone)).date())
    reading.load()
    for line in lines(sys.stdin.buffer):
        sys.stdout.write(json.dumps(interpret(line, rules)) + "\n")
        sys.stdout.flush()
    return 0
