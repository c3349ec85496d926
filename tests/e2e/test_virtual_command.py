"""`kiosk virtual`: a device on a real wire, with a driver of ours at the other end."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devices.registry import build
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, Result
from kiosk.ports import CardRefused, PrintJob, PrintOutcome, PrintText, TerminalMessage
from tests.e2e.command import KIOSK, PROJECT, clean_environment, kiosk, one_plain_line


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


def test_cards_typed_into_the_virtual_reader_are_swiped_on_its_wire() -> None:
    with serving("card") as (process, url):
        reader = build("card", "serial-magstripe", url, {})
        reader.connect()
        assert process.stdin is not None
        for line, what in (
            ("2:4111111111111111=2912", "payment-card"),
            ("2:98012345678=1", "unknown-card"),
            ("unreadable", "not-readable"),
        ):
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()
            assert reader.read(10_000) == CardRefused(what)  # type: ignore[attr-defined]
        reader.close()
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_number_typed_is_a_chip_card_in_the_virtual_reader() -> None:
    with socket.create_server(("127.0.0.1", 0)) as vpcd:
        vpcd.settimeout(10)
        with serving("chip-card", "--port", str(vpcd.getsockname()[1])) as (process, _):
            assert process.stdin is not None
            process.stdin.write(b"9276100000014\n")
            process.stdin.flush()
            with vpcd.accept()[0] as reader:
                select = bytes.fromhex("00A4040006F05445524E0100")
                reader.sendall(b"\x00\x01\x01" + len(select).to_bytes(2, "big") + select)
                assert reader.recv(64) == b"\x00\x02\x90\x00"
                process.stdin.write(b"remove\n")
                process.stdin.flush()
                assert reader.recv(64) == b""


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
