"""The disk fills up under a whole terminal: it stops selling, loses nothing, and sells again when there is room."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from devices.virtual.payment_cards import CARDS, Entry
from tests.e2e.lane import Lane, Terminal, wait_until

MILK = "9526001040018"
SMALL_DISK = "mount -t tmpfs -o size=64m none {place} || exit 99; exec {command}"


def can_mount(place: Path) -> bool:
    """Whether this machine gives a namespace to mount a small disk in."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    place.mkdir()
    script = SMALL_DISK.format(place=place, command="true")
    return subprocess.run(["unshare", "-rm", "sh", "-c", script], check=False, capture_output=True).returncode == 0


def test_a_full_disk_stops_the_selling_and_nothing_else(tmp_path: Path) -> None:
    if not can_mount(tmp_path / "try"):
        pytest.skip("this machine gives no namespace to mount a small disk in")
    with Lane(tmp_path) as lane:
        lane.data.mkdir()
        command = f"{sys.executable} -m tests.e2e.kiosk_on_a_string"
        with lane.terminal_by(
            ["unshare", "-rm", "sh", "-c", SMALL_DISK.format(place=lane.data, command=command)]
        ) as terminal:
            terminal.is_ready()
            # The small disk is the terminal's own; from here it is reached through the process.
            disk = Path(f"/proc/{terminal.pid}/root{lane.data}")
            sell(lane, terminal)
            fill(disk / "ballast")
            terminal.wait_for_step("out-of-service")
            assert terminal.now["problem"] == "books"
            lane.scanner.scan(MILK)
            assert terminal.wait(lambda now: now["notice"], "a word to who scans")["items"] == 0
            (disk / "ballast").unlink()
            terminal.wait_for_step("attract")
            sell(lane, terminal)
            copy = tmp_path / "copy"
            shutil.copytree(disk, copy, ignore=shutil.ignore_patterns("reserve", "lock"))
            assert terminal.end() == 0
        lane.data = copy
        assert lane.kinds().count("sale.completed") == 2
        assert len(lane.charges()) == 2


def fill(ballast: Path) -> None:
    """Until not a byte goes on the disk any more."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"x" * 65_536):
            pass


def sell(lane: Lane, terminal: Terminal) -> None:
    """A carton of milk, paid by card, no receipt."""
    lane.scanner.scan(MILK)
    terminal.wait(lambda now: now["items"] == 1, "the milk")
    terminal.do("action.pay")
    terminal.wait(lambda now: now["message"] == "insert-card", "a card to be asked for")
    lane.payment.present_card(CARDS["visa"], Entry.TAPPED)
    terminal.wait_for_step("receipt-choice")
    terminal.do("action.no-receipt")
    terminal.wait_for_step("thanks")
    terminal.do("action.done")
    terminal.wait_for_step("attract")
    wait_until(lambda: not lane.payment.busy, lambda: "the payment terminal to rest")
