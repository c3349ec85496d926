"""What a newcomer's first minute rests on: the requirement files, and set-up.sh run for real in a small project of its own."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
PRODUCT = {"kiosk", "devices", "sync", "ui"}

# Builds an editable wheel with one command, without setuptools and without a network.
BUILD_BACKEND = """\
import zipfile

FILES = {
    "tiny.py": "def main():\\n    print('tiny')\\n",
    "tiny-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n",
    "tiny-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: tiny\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "tiny-1.dist-info/entry_points.txt": "[console_scripts]\\nkiosk = tiny:main\\n",
    "tiny-1.dist-info/RECORD": "",
}


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as wheel:
        for path, text in FILES.items():
            wheel.writestr(path, text)
    return name
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the real set-up script and nothing to install but its own command."""
    root = tmp_path_factory.mktemp("project")
    (root / "packaging").mkdir()
    script = root / "packaging" / "set-up.sh"
    script.write_bytes((PACKAGING / "set-up.sh").read_bytes())
    script.chmod(0o755)
    pins = ("requirements.txt", "requirements-central.txt", "requirements-dev.txt", "requirements-pcsc.txt")
    for name in (*pins, "system-packages.txt", "system-packages-test.txt", "system-packages-pcsc.txt"):
        (root / "packaging" / name).write_text("# none\n")
    (root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n[project]\nname = "tiny"\nversion = "1"\n'
    )
    (root / "backend.py").write_text(BUILD_BACKEND)
    return root


@pytest.fixture
def ready(project: Path) -> Iterator[Path]:
    done = set_up(project, "run")
    assert done.returncode == 0, done.stderr
    yield project


def set_up(project: Path, *words: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": path or os.environ["PATH"]}
    return subprocess.run(
        [project / "packaging" / "set-up.sh", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def kiosk(project: Path) -> str:
    return subprocess.run([project / ".venv/bin/kiosk"], capture_output=True, text=True, timeout=30, check=True).stdout


def test_a_second_start_does_nothing(ready: Path) -> None:
    stamp = ready / ".venv" / "set-up.stamp"
    before = stamp.stat().st_mtime_ns
    again = set_up(ready, "run")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert stamp.stat().st_mtime_ns == before
    assert kiosk(ready) == "tiny\n"


def test_an_environment_that_lost_a_part_is_made_anew(ready: Path) -> None:
    shutil.rmtree(ready / ".venv" / "lib")
    repaired = set_up(ready, "run")
    assert repaired.returncode == 0, repaired.stderr
    assert kiosk(ready) == "tiny\n"


def test_new_pins_for_the_tests_leave_the_terminal_alone(ready: Path) -> None:
    assert set_up(ready, "test").returncode == 0
    with (ready / "packaging" / "requirements-dev.txt").open("a") as pins:
        pins.write("# renewed\n")
    assert set_up(ready, "run").stderr == ""
    assert "for the tests" in set_up(ready, "test").stderr


def test_a_terminal_alone_takes_no_central_service_until_it_is_asked_for(project: Path) -> None:
    shutil.rmtree(project / ".venv", ignore_errors=True)
    central = project / "packaging" / "requirements-central.txt"
    sound = central.read_text()
    central.write_text("no-such-package-as-this-one==1\n")
    try:
        assert set_up(project, "terminal").returncode == 0
        assert kiosk(project) == "tiny\n"
        assert set_up(project, "run").returncode == 1
    finally:
        central.write_text(sound)
    assert set_up(project, "terminal").returncode == 0
    added = set_up(project, "run")
    assert (added.returncode, "a virtual environment" in added.stderr) == (0, False), added.stderr
    assert set_up(project, "terminal").stderr == ""


def test_chip_card_readers_are_set_up_when_asked_for_and_kept_from_then_on(project: Path) -> None:
    shutil.rmtree(project / ".venv", ignore_errors=True)
    pins = project / "packaging" / "requirements-pcsc.txt"
    sound = pins.read_text()
    pins.write_text("no-such-package-as-this-one==1\n")
    try:
        assert set_up(project, "terminal").returncode == 0
        assert set_up(project, "pcsc").returncode == 1
    finally:
        pins.write_text(sound)
    added = set_up(project, "pcsc")
    assert (added.returncode, "for chip card readers" in added.stderr) == (0, True), added.stderr
    assert kiosk(project) == "tiny\n"
    assert set_up(project, "pcsc").stderr == ""
    grown = set_up(project, "run")
    assert (grown.returncode, "for chip card readers" in grown.stderr) == (0, True), grown.stderr
    assert set_up(project, "pcsc").stderr == ""
    shutil.rmtree(project / ".venv" / "lib")
    assert "for chip card readers" in set_up(project, "run").stderr
    assert set_up(project, "pcsc").stderr == ""


def test_two_starts_at_once_end_with_one_sound_environment(ready: Path) -> None:
    (ready / ".venv" / "set-up.stamp").unlink()
    command = [ready / "packaging" / "set-up.sh", "run"]
    starts = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [start.communicate(timeout=100)[1] for start in starts]
    assert [start.returncode for start in starts] == [0, 0], said
    assert ["a virtual environment" in words for words in said].count(True) == 1, said
    assert kiosk(ready) == "tiny\n"


def test_new_pins_are_installed_and_one_without_its_hash_stops_the_set_up(ready: Path) -> None:
    pins = ready / "packaging" / "requirements.txt"
    sound = pins.read_text()
    pins.write_text("pyserial==3.5\n")
    failed = set_up(ready, "run")
    pins.write_text(sound)
    assert failed.returncode == 1
    assert "hash" in failed.stderr.lower()
    assert "pip could not install" in failed.stderr
    assert not (ready / ".venv" / "set-up.stamp").exists(), "a stamp would speak for an unfinished environment"


def test_a_linked_environment_is_left_alone(project: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    (linked / "packaging").mkdir(parents=True)
    (linked / "packaging" / "set-up.sh").write_bytes((PACKAGING / "set-up.sh").read_bytes())
    (linked / "packaging" / "set-up.sh").chmod(0o755)
    (tmp_path / "elsewhere").mkdir()
    (linked / ".venv").symlink_to(tmp_path / "elsewhere")
    assert set_up(linked, "test").returncode == 0
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.skipif(
    not Path("/usr/bin/apt-get").exists(), reason="system packages are set up on Debian and Ubuntu only"
)
def test_without_the_right_to_install_the_one_command_is_printed(project: Path, tmp_path: Path) -> None:
    listed = project / "packaging" / "system-packages.txt"
    sound = listed.read_text()
    listed.write_text("libtern-0a|libtern-0b # no such library\n")
    for command, answer in {"id": "echo 1000", "sudo": "exit 1"}.items():
        (tmp_path / command).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / command).chmod(0o755)
    refused = set_up(project, "run", path=f"{tmp_path}:{os.environ['PATH']}")
    listed.write_text(sound)
    assert refused.returncode == 1
    assert "apt-get update && apt-get install -y --no-install-recommends libtern-0b" in refused.stderr


def test_set_up_says_what_words_it_knows(project: Path) -> None:
    wrong = set_up(project, "everything")
    assert wrong.returncode == 1
    assert "packaging/set-up.sh run" in wrong.stderr


def test_run_help_needs_no_set_up_and_works_through_a_link_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "tern").symlink_to(ROOT / "run")
    told = subprocess.run(
        [tmp_path / "tern", "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True
    )
    assert "--tour DIR" in told.stdout


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-central.txt", "requirements-dev.txt", "requirements-pcsc.txt"]
)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    text = (PACKAGING / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line), line[:80]


@pytest.mark.parametrize("kind", ["requirements", "requirements-central", "requirements-dev", "requirements-pcsc"])
def test_everything_asked_for_is_pinned_with_a_reason(kind: str) -> None:
    pinned = set(re.findall(r"^([\w.-]+)==", (PACKAGING / f"{kind}.txt").read_text().lower(), re.MULTILINE))
    asked = [line for line in (PACKAGING / f"{kind}.in").read_text().splitlines() if line and line[0] not in "#-"]
    for line in asked:
        name, _, reason = line.partition("#")
        assert re.split(r"[><=[]", name)[0].strip().lower() in pinned, (
            f"{line}: pin it as docs/developers/set-up.md says"
        )
        assert reason.strip(), f"{line}: say why"


def test_what_the_product_imports_ships_and_what_ships_is_imported() -> None:
    """What only the tests import must not reach a terminal; what nobody imports must not reach anyone."""
    by_module = {
        module: {name.lower().replace("_", "-") for name in names}
        for module, names in metadata.packages_distributions().items()
    }
    pinned = {name for name, _, _ in runpy.run_path(str(PACKAGING / "licences.py"))["shipped"]()}
    imported = {
        name
        for module in sorted(modules_imported_by_the_product() - sys.stdlib_module_names - PRODUCT)
        for name in by_module.get(module, {module})
    }
    assert imported <= pinned, f"not in requirements.txt: {imported - pinned}"
    asked = "".join((PACKAGING / f"{kind}.in").read_text().lower() for kind in ("requirements", "requirements-central"))
    direct = set(re.findall(r"^([\w.-]+)(?:\[\w+\])?>=", asked, re.MULTILINE)) - {
        "setuptools"
    }  # builds, is never imported
    direct -= {"psycopg"}  # named in a database URL, and imported by SQLAlchemy
    assert direct <= imported, f"asked for, and imported by nothing: {direct - imported}"


def test_every_package_is_pinned_to_one_version_whatever_it_is_for() -> None:
    pins: dict[str, set[str]] = {}
    for kind in ("requirements", "requirements-central", "requirements-dev", "requirements-pcsc"):
        for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", (PACKAGING / f"{kind}.txt").read_text(), re.MULTILINE):
            pins.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


def modules_imported_by_the_product() -> set[str]:
    found = set[str]()
    for path in (path for package in PRODUCT for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module).partition(".")[0])
    return found


def test_no_file_of_the_set_up_names_a_registry_or_a_place_on_one_machine() -> None:
    packaging = [path for path in PACKAGING.iterdir() if path.suffix != ".service"]  # says where a shop installs it
    files = [*packaging, ROOT / "pyproject.toml", ROOT / "run", ROOT / "test", ROOT / ".ci" / "run"]
    for path in filter(Path.is_file, files):
        found = re.search(
            r"https?://|file://|--(extra-)?index-url|--find-links|--trusted-host|/(?:opt|home|root)/", path.read_text()
        )
        assert not found, f"{path.name} names {found.group()}"


def test_the_page_of_licences_is_current() -> None:
    page = runpy.run_path(str(PACKAGING / "licences.py"))["page"]()
    assert (ROOT / "docs" / "licences.md").read_text() == page, "run packaging/licences.py in the virtual environment"


def test_every_script_of_others_in_the_console_is_as_released_and_its_licence_named() -> None:
    here = ROOT / "assets" / "console" / "static"
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in here.glob("*.js")}
    del found["console.js"]
    assert set(found) == set(runpy.run_path(str(PACKAGING / "licences.py"))["SCRIPTS"])
    assert found == {
        "htmx-2.0.11.min.js": "d6fdc75f204e6bde",
        "htmx-ext-sse-2.2.4.min.js": "98a46496de0c3605",
        "idiomorph-ext-0.7.4.min.js": "a6437e55b1b6a07b",
    }


def test_nothing_that_ships_is_under_the_gpl_alone() -> None:
    for name, _, licence in runpy.run_path(str(PACKAGING / "licences.py"))["shipped"]():
        choices = licence.split(" OR ")
        assert licence != "unknown", f"{name} names no licence: read its text and add it to packaging/licences.py"
        assert any(not re.search(r"(?<!L)GPL|General Public|Proprietary", choice) for choice in choices), (
            f"{name}: {licence}"
        )
