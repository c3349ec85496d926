"""`kiosk run`: the whole terminal as a process, from its start to its end."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.command import KIOSK, PROJECT, clean_environment, kiosk, one_plain_line


@contextmanager
def a_terminal(
    data: Path, *arguments: str, kiosk: Sequence[str] = KIOSK, **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A terminal on a screen that nobody sees, once it has said that it is ready for a scan."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        address = str(data.parent / "notify")
        manager.bind(address)
        manager.settimeout(60)
        offscreen = {"NOTIFY_SOCKET": address, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
        with subprocess.Popen(
            [*kiosk, "run", "--no-bench", "--data", str(data), *arguments],
            cwd=PROJECT,
            stderr=subprocess.PIPE,
            env={**clean_environment(), **offscreen, **variables},
        ) as process:
            try:
                assert manager.recv(100) == b"READY=1"
                yield process
            finally:
                process.kill()


def test_a_terminal_starts_and_ends_when_asked_and_its_journal_is_whole(tmp_path: Path) -> None:
    with a_terminal(tmp_path / "data") as process:
        assert kiosk("journal", "verify", "--data", tmp_path / "data").returncode == 0
        process.terminate()
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    kinds = [
        json.loads(line)["kind"] for line in kiosk("journal", "export", "--data", tmp_path / "data").stdout.splitlines()
    ]
    assert all(kind.count(".") == 1 for kind in kinds)


def test_a_terminal_with_a_bad_configuration_goes_on_with_the_last_good_one(tmp_path: Path) -> None:
    site, data = tmp_path / "site.toml", tmp_path / "data"
    data.mkdir()
    site.write_text("[timeouts]\nidle_s = 'soon'\n", encoding="utf-8")
    assert "idle_s must be a whole number" in one_plain_line(kiosk("run", "--config", site, "--data", data))
    (data / "configuration.last-good.json").write_text('{"terminal": {"id": "lane-4"}}', encoding="utf-8")
    with a_terminal(data, "--config", str(site)) as process:
        process.terminate()
        process.wait(30)
        assert process.stderr is not None
        assert f"the last good one holds: {site}:2: timeouts.idle_s".encode() in process.stderr.read()
    found = json.loads(kiosk("journal", "verify", "--json", "--data", data).stdout)
    assert found["terminal_id"] == "lane-4"
