"""`kiosk biller demo`, and a central service that is told of billers by a file: whole processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.central.billers.configured import read_billers
from sync.central.billers.demo_biller import DemoBiller
from sync.central.billers.posting import LEASE_S
from tests.central.bill_ends import POWER, pay
from tests.central.service import Service, Terminal, sqlite_url, until
from tests.e2e.command import kiosk, one_plain_line

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def started(*words: str | Path, ends: signal.Signals = signal.SIGINT) -> Iterator[dict[str, str]]:
    """A command that says a line of JSON and goes on; ended as a person would unless told."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *map(str, words), "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr.read().decode() if process.stderr else ""
        yield json.loads(line)
    finally:
        process.send_signal(ends)
        process.communicate(timeout=30)


def posted(url: str, told: dict[str, object], **headers: str) -> tuple[int, dict[str, object]]:
    request = urllib.request.Request(url, json.dumps(told).encode(), headers, method="POST")  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - as above
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def payment(ref: str, minor: int = 500) -> dict[str, object]:
    return {
        "payment_ref": ref,
        "account": "A1",
        "reference": "R1",
        "amount_minor": minor,
        "currency": "EUR",
        "paid_at": "2026-11-22T10:00:00+01:00",
    }


def test_the_demo_biller_takes_a_payment_once_also_after_it_was_started_again(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    with started("biller", "demo", "--port", "0", "--ledger", ledger) as told:
        status, first = posted(f"{told['url']}/payments", payment("r1"), **{"idempotency-key": "r1"})
        assert status == 201
    with started("biller", "demo", "--port", "0", "--ledger", ledger) as told:
        assert posted(f"{told['url']}/payments", payment("r1"), **{"idempotency-key": "r1"}) == (200, first)
        status, refused = posted(f"{told['url']}/payments", payment("r2"), **{"idempotency-key": "r2"})
        assert (status, refused["refused"]) == (409, "already-paid")


def test_the_demo_biller_asks_for_its_key(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("s3cret\n")
    with started("biller", "demo", "--port", "0", "--key-file", key) as told:
        url = f"{told['url']}/payments"
        assert posted(url, payment("r1"), **{"idempotency-key": "r1"})[0] == 401
        good = {"idempotency-key": "r1", "authorization": "Bearer s3cret"}
        assert posted(url, payment("r1"), **good)[0] == 201


def test_a_file_of_billers_that_is_wrong_stops_the_service_with_one_line(tmp_path: Path) -> None:
    file = tmp_path / "billers.toml"
    file.write_text('[[biller]]\nname = "a"\nurl = "http://billing.example"\naccounts = ["*"]\n')
    told = one_plain_line(
        kiosk("central", "serve", "--no-tls", "--port", "0", "--data", tmp_path / "d", "--billers", file)
    )
    assert "biller a" in told
    assert "not encrypted" in told


def test_a_service_that_is_killed_after_the_biller_took_a_payment_posts_it_once(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    heard = Service(url)
    pay(Terminal(heard).known(), POWER, "r1")
    heard.project()
    heard.stop()
    biller = DemoBiller()
    biller.start()
    biller.slow_s = 2.5
    biller.fail("slow")
    file = tmp_path / "billers.toml"
    file.write_text(f'[[biller]]\nname = "power"\nurl = "{biller.url}"\naccounts = ["*"]\n')
    try:
        with started(
            "central", "serve", "--no-tls", "--port", "0", "--db", url, "--billers", file, ends=signal.SIGKILL
        ):
            until(lambda: "r1" in biller.payments)  # and his answer is under way
        again = Service(url, billers=read_billers(file))
        try:
            assert again.rows("SELECT state, attempts FROM bill_posting") == [("pending", 1)]
            again.offset_s = LEASE_S + 1
            until(lambda: again.rows("SELECT state FROM bill_posting") == [("posted",)])
        finally:
            again.stop()
        assert (biller.told["r1"], len(biller.payments)) == (2, 1)
    finally:
        biller.stop()
