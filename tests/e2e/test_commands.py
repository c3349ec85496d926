"""The `kiosk` command as a person or a program uses it: real processes, real pipes."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.e2e.command import KIOSK, PROJECT, clean_environment, kiosk, one_plain_line


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


def test_a_chip_card_reader_cannot_be_virtual_by_itself(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[devices.card]\ndriver = "pcsc"\n', encoding="utf-8")
    assert "must be pcsc:READER" in kiosk("--config", site, "config", "check").stderr.decode()
    site.write_text('[devices.card]\ndriver = "pcsc"\ntransport = "pcsc:Omnikey"\n', encoding="utf-8")
    assert kiosk("--config", site, "config", "check").returncode == 0


def test_devices_are_listed_with_their_drivers_and_settings() -> None:
    found = json.loads(kiosk("devices", "list", "--json").stdout)
    assert set(found["configured"]) == {"scanner", "printer", "payment", "card", "scale", "headset"}
    drivers = {one["driver"]: one for one in found["drivers"]}
    assert drivers["serial-scanner"]["settings"]["suffix"]["default"] == "auto"


def test_every_shipped_device_passes_its_own_test_over_its_wire() -> None:
    found = json.loads(kiosk("devices", "test", "--json").stdout)
    assert set(found) == {"scanner", "printer", "payment", "card"}
    assert all(one["ok"] for one in found.values()), found


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
FIELDS += ["best_before", "serial", "symbology", "bill", "error", "message"]


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
    # Tests that a shell started in the background ignore SIGINT, and so would what they start.
    with subprocess.Popen(
        ["env", "--default-signal=INT", *KIOSK, "interpret"],
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
