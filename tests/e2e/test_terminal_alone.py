"""A terminal that was set up alone: nothing on its way asks for a package of the central service."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.command import PROJECT, clean_environment
from tests.e2e.test_run_command import a_terminal

BLOCKED = """
import runpy, sys

class Absent:
    names = frozenset({names!r})
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
runpy.run_module("ui.cli", run_name="__main__", alter_sys=True)
"""
HERE = {"PYTHONPATH": str(PROJECT)}
MODULES = {"psycopg[binary]": "psycopg"}


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """`kiosk` in a process that finds nothing of what requirements-central.in asks for."""
    asked = (PROJECT / "packaging" / "requirements-central.in").read_text().lower()
    names = [MODULES.get(name, name) for name in re.findall(r"^([\w.\[\]-]+)>=", asked, re.MULTILINE)]
    assert {"fastapi", "sqlalchemy", "psycopg", "jinja2"} <= set(names)
    script = tmp_path_factory.mktemp("alone") / "without.py"
    script.write_text(BLOCKED.format(names=[*names, "starlette"]))
    return [sys.executable, str(script)]


def test_the_terminal_starts_without_the_packages_of_the_central_service(kiosk: list[str], tmp_path: Path) -> None:
    with a_terminal(tmp_path / "data", kiosk=kiosk, KIOSK__SYNC__ENABLED="true", **HERE) as process:
        process.terminate()
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert b"No module named" not in process.stderr.read()


def test_the_central_service_says_in_one_line_that_it_is_not_installed(kiosk: list[str], tmp_path: Path) -> None:
    command = [*kiosk, "--data", str(tmp_path), "central", "serve"]
    environment = {**clean_environment(), **HERE}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert "packaging/set-up.sh run installs it" in done.stderr
