"""The `kiosk` command as a person or a program uses it: real processes, real pipes."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.registry import build
from kiosk.domain.facts import Fact, Kind
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, Result
from kiosk.ports import PrintJob, PrintOutcome, PrintText, TerminalMessage
from kiosk.storage.database import Durability, open_writer
from kiosk.storage.journal import SqliteJournal
from kiosk.storage.key import load_or_create_key
from kiosk.storage.migrations import identify, migrate

PROJECT = Path(__file__).resolve().parents[2]
# The import path of a checkout comes first: an installed `kiosk` may belong to another one.
KIOSK = [sys.executable, "-m", "ui.cli"]


def kiosk(*arguments: str | Path, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*KIOSK, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=PROJECT,
        env={**clean_environment(), **variables},
        timeout=60,
        check=False,
    )


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("KIOSK__")}


def one_plain_line(result: subprocess.CompletedProcess[bytes]) -> str:
    """What is said on stderr, which must be one line and no traceback, with status 1."""
    assert result.returncode == 1
    said = result.stderr.decode()
    assert said.count("\n") == 1, said
    return said


def test_help_names_every_command() -> None:
    result = kiosk()
    assert result.returncode == 0
    assert b"commands:" in result.stdout


def test_a_word_that_is_no_command_is_refused_in_one_line() -> None:
    assert "there is no command 'sell'" in one_plain_line(kiosk("sell"))
    assert "config --help" in one_plain_line(kiosk("config", "mend"))
    assert "--bogus" in one_plain_line(kiosk("--bogus", "config", "check"))


def test_a_bad_configuration_is_named_line_by_line_and_refused(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[site]\ncurrency = "eur"\n[devices.printer]\ndriver = "star"\n', encoding="utf-8")
    for order in (("--config", site, "config", "check"), ("config", "check", "--config", site)):
        result = kiosk(*order)
        assert result.returncode == 1
        assert f"{site}:2: site.currency" in result.stderr.decode()
    assert "(and " not in one_plain_line(kiosk("--config", site, "config", "show"))


def test_a_driver_that_does_not_exist_is_refused_with_its_line(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[devices.printer]\ndriver = "star"\n', encoding="utf-8")
    result = kiosk("config", "check", "--json", "--config", site)
    found = json.loads(result.stdout)
    assert result.returncode == 1
    assert [one["line"] for one in found["problems"] if one["key"] == "devices.printer.driver"] == [2]


def test_the_shipped_configuration_is_shown_as_toml_and_as_json() -> None:
    lane = {"KIOSK__TERMINAL__ID": "lane-9"}
    shown = kiosk("config", "show", **lane)
    assert tomllib.loads(shown.stdout.decode()) == json.loads(kiosk("config", "show", "--json", **lane).stdout)
    assert tomllib.loads(shown.stdout.decode())["terminal"]["id"] == "lane-9"
    assert kiosk("config", "check", **lane).stdout == b"the configuration is good\n"


def test_devices_are_listed_with_their_drivers_and_settings() -> None:
    found = json.loads(kiosk("devices", "list", "--json").stdout)
    assert set(found["configured"]) == {"scanner", "printer", "payment", "card", "scale"}
    drivers = {one["driver"]: one for one in found["drivers"]}
    assert drivers["serial-scanner"]["settings"]["suffix"]["default"] == "auto"


def test_a_device_that_does_not_answer_is_named_with_status_1() -> None:
    away = {"KIOSK__DEVICES__SCANNER__TRANSPORT": "tcp:127.0.0.1:9"}
    result = kiosk("devices", "test", "scanner", **away)
    assert "scanner failed" in one_plain_line(result)
    assert b"127.0.0.1:9 could not be reached" in result.stdout
    assert json.loads(kiosk("devices", "test", "scanner", "--json", **away).stdout)["scanner"]["ok"] is False
    assert "no kind of device 'mouse'" in one_plain_line(kiosk("devices", "test", "mouse"))


def test_a_setting_that_the_driver_refuses_is_named_with_its_line(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        "[devices.printer.settings]\ncolumms = 48\nqr = 7\n[devices.scanner.settings]\nidle_gap_ms = 1\n",
        encoding="utf-8",
    )
    said = kiosk("config", "check", "--config", site).stderr.decode()
    assert f"{site}:2: devices.printer.settings.columms is not a setting of escpos-printer" in said
    assert f"{site}:3: devices.printer.settings.qr must be text in quotes" in said
    assert f"{site}:4: devices.scanner.settings are refused" in said


# --- interpret ---------------------------------------------------------------------------------------------------------

FIELDS = ["input", "kind", "gtin", "weight_g", "price_minor", "currency", "quantity", "batch", "expiry"]
FIELDS += ["best_before", "serial", "symbology", "error", "message"]


def test_every_line_gets_one_answer_whatever_the_bytes() -> None:
    noise = random.Random(7).randbytes(20_000)  # noqa: S311 - noise, not a secret
    lines = [b"9526001040018", b"", b"\xff\xfe", b"]C1019526001040018\\x1d10A", b"x" * 5_000_000, b"{}", noise]
    data = b"\n".join(lines)
    result = kiosk("interpret", stdin=data)
    answers = result.stdout.splitlines()
    assert result.returncode == 0
    assert result.stderr == b""
    assert len(answers) == data.count(b"\n") + (not data.endswith(b"\n"))
    for answer in map(json.loads, answers):
        assert list(answer) == FIELDS
    first = json.loads(answers[0])
    assert (first["kind"], first["gtin"], first["error"]) == ("item", "09526001040018", None)
    assert json.loads(answers[4])["error"] == "too-long"


def test_windows_line_ends_and_a_last_line_without_an_end_are_read_too() -> None:
    answers = [json.loads(one) for one in kiosk("interpret", stdin=b"STF-1\r\nCPN-2").stdout.splitlines()]
    assert [(one["input"], one["kind"]) for one in answers] == [("STF-1", "staff"), ("CPN-2", "coupon")]
    assert kiosk("interpret").stdout == b""


def test_answers_come_while_the_pipe_stays_open() -> None:
    with subprocess.Popen(
        [*KIOSK, "interpret"], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean_environment()
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in (b"9526001040018\n", b"nonsense\n"):
            process.stdin.write(line)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["input"] == line.decode().strip()
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [*KIOSK, "interpret"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"1\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(b"2\n" * 100_000)
            process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(10) == 0


def test_an_interrupted_command_ends_quietly() -> None:
    with subprocess.Popen(
        [*KIOSK, "interpret"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"1\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr.read() == b""


def test_what_needs_no_window_loads_no_window() -> None:
    program = (
        "import sys; from ui.cli import main; main(['interpret']); main(['config', 'show']);"
        "sys.exit(any(name.startswith(('PySide6', 'sqlalchemy', 'babel', 'escpos')) for name in sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, input=b"1\n", capture_output=True, check=False
    )
    assert result.returncode == 0, result.stderr


# --- the journal -------------------------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """The data directory of a terminal that has sold three times and is still running."""
    key = load_or_create_key(tmp_path / "key")
    path = tmp_path / "journal.db"
    connection = open_writer(path, key, Durability.MONEY)
    migrate(connection, path, back_up=lambda: None)
    identify(connection, path, "lane-1")
    connection.close()
    journal = SqliteJournal(path, key)
    for number in range(1, 4):
        sale = {"sale_id": f"s{number}", "total_minor": 100 * number, "currency": "EUR", "note": "a\x1b[31m\nb"}
        journal.commit([Fact(Kind.SALE_COMPLETED, f"s{number}", sale, "2026-11-21T10:00:00.000+01:00", number)])
        journal.commit(
            [Fact(Kind.RECEIPT_PRINTED, f"s{number}", {"sale_id": f"s{number}"}, "2026-11-21T10:00:01+01:00", 9)]
        )
    yield tmp_path
    journal.close()


def test_a_whole_journal_is_proven_while_the_terminal_runs(data: Path) -> None:
    result = kiosk("journal", "verify", "--data", data)
    assert result.returncode == 0
    assert b"6 entries, the chain is whole" in result.stdout
    found = json.loads(kiosk("journal", "verify", "--json", "--data", data).stdout)
    assert (found["ok"], found["entries"], found["head"]["seq"], found["first_bad"]) == (True, 6, 6, None)


@pytest.mark.parametrize(
    ("crime", "seq", "words"),
    [
        ("UPDATE entry SET body = replace(body, '200', '100') WHERE seq = 3", 3, "was changed"),
        ("DELETE FROM entry WHERE seq = 4", 4, "is missing"),
        ("DELETE FROM entry WHERE seq > 4", 5, "is missing: entries at the end were cut off"),
        (
            "UPDATE entry SET seq = 99 WHERE seq = 4; UPDATE entry SET seq = 4 WHERE seq = 6; UPDATE entry SET seq = 6 WHERE seq = 99",
            4,
            "does not follow",
        ),
    ],
)
def test_the_first_bad_entry_is_named(data: Path, crime: str, seq: int, words: str) -> None:
    connection = open_writer(data / "journal.db", load_or_create_key(data / "key"), Durability.MONEY)
    for trigger in ("entry_is_not_changed", "entry_is_not_deleted"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.executescript(crime)
    connection.close()
    said = one_plain_line(kiosk("journal", "verify", "--data", data))
    assert f"entry {seq} {words}" in said
    result = kiosk("journal", "verify", "--json", "--data", data)
    assert result.returncode == 1
    assert json.loads(result.stdout)["first_bad"]["seq"] == seq


def test_the_journal_is_shown_to_people_and_exported_to_programs(data: Path) -> None:
    shown = (
        kiosk("journal", "show", "--data", data, "--kind", "sale.completed", "--last", "2").stdout.decode().splitlines()
    )
    assert [line.split()[0] for line in shown] == ["3", "5"]
    assert "\x1b" not in shown[0]
    assert len(kiosk("journal", "show", "--data", data, "--subject", "s2").stdout.splitlines()) == 2
    exported = [
        json.loads(line) for line in kiosk("journal", "export", "--data", data, "--after", "4").stdout.splitlines()
    ]
    assert [one["seq"] for one in exported] == [5, 6]
    assert list(exported[0]) == ["journal_id", "seq", "at", "clock_ms", "kind", "subject", "body", "prev", "hash"]
    assert exported[1]["prev"] == exported[0]["hash"]
    assert exported[0]["body"]["total_minor"] == 300


def test_a_folder_without_a_journal_or_its_key_is_one_plain_line(tmp_path: Path, data: Path) -> None:
    assert "there is no journal" in one_plain_line(kiosk("journal", "show", "--data", tmp_path / "none"))
    (data / "key").rename(data / "other")
    assert "key" in one_plain_line(kiosk("journal", "verify", "--data", data))
    (data / "key").write_text("00" * 32)
    (data / "key").chmod(0o600)
    one_plain_line(kiosk("journal", "verify", "--data", data))
    assert "not a whole number" in one_plain_line(kiosk("journal", "show", "--last", "x"))


# --- virtual devices ---------------------------------------------------------------------------------------------------


@contextmanager
def serving(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A virtual device at work, and its url."""
    with subprocess.Popen(
        [*KIOSK, "virtual", *map(str, arguments), "--json"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=clean_environment(),
    ) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def test_lines_typed_into_the_virtual_scanner_are_scanned_on_its_wire() -> None:
    with serving("scanner") as (process, url):
        scanner = build("scanner", "serial-scanner", url, {})
        scanner.connect()
        assert process.stdin is not None
        process.stdin.write(b"]C1019526001040018\\x1d10A\n")
        process.stdin.flush()
        scan = scanner.read(10_000)  # type: ignore[attr-defined]
        assert (scan.symbology, scan.data) == ("C1", b"019526001040018\x1d10A")
        scanner.close()
        process.stdin.close()
        assert process.wait(10) == 0


def test_the_virtual_printer_leaves_a_picture_and_a_text_of_each_receipt(tmp_path: Path) -> None:
    with serving("printer", "--port", "0", "--out", tmp_path) as (process, url):
        printer = build("printer", "escpos-printer", url, {})
        printer.connect()
        result = printer.print(PrintJob("1", (PrintText("Hofmarkt grüßt"),)))  # type: ignore[attr-defined]
        assert result.outcome is PrintOutcome.PRINTED
        printer.close()
        process.terminate()
        assert process.wait(10) == 0
    assert "Hofmarkt grüßt" in (tmp_path / "receipt-0001.txt").read_text("utf-8")
    assert (tmp_path / "receipt-0001.png").read_bytes().startswith(b"\x89PNG")


def test_a_port_that_is_taken_is_one_plain_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "choose another port" in one_plain_line(kiosk("virtual", "printer", "--port", port, "--out", tmp_path))
    assert "not a port" in one_plain_line(kiosk("virtual", "printer", "--port", "99999", "--out", tmp_path))


def test_the_virtual_payment_terminal_keeps_a_ledger_that_outlives_it(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    with serving("payment-terminal", "--port", "0", "--ledger", ledger) as (process, url):
        assert url.startswith("tcp:127.0.0.1:")
        terminal = build("payment", "zvt", url, {})
        terminal.connect()
        outcome = terminal.authorise("ref-1", Money(1299, "EUR"), KeepsEverything(terminal))  # type: ignore[attr-defined]
        assert outcome.result is Result.APPROVED
        terminal.close()
        process.terminate()
        assert process.wait(10) == 0
    booked = [json.loads(line) for line in ledger.read_text("utf-8").splitlines()]
    assert any(1299 in one.values() for one in booked)
    assert "there is no customer 'ghost'" in one_plain_line(
        kiosk("virtual", "payment-terminal", "--port", "0", "--customer", "ghost")
    )


class KeepsEverything:
    """A register that keeps every approval."""

    def __init__(self, terminal: Any) -> None:
        self._terminal = terminal

    def progress(self, message: TerminalMessage) -> None:
        pass

    def approved(self, outcome: Outcome) -> None:
        self._terminal.decide(keep=True)
