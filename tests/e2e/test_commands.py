"""The `kiosk` command as a person or a program uses it: real processes, real pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# The import path of a checkout comes first: an installed `kiosk` may belong to another one.
KIOSK = [sys.executable, "-m", "ui.cli"]


def kiosk(*arguments: str | Path, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KIOSK__")}
    return subprocess.run(
        [*KIOSK, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=PROJECT,
        env={**clean, **variables},
        timeout=60,
        check=False,
    )


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
