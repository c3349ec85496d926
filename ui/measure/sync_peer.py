"""The peer of `sync`: PouchDB replicating to express-pouchdb, each in a node process of its own, installed where npm can be asked."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from kiosk.ports import StoredEntry
from ui.measure import MeasureError
from ui.measure.children import last_line, running

FILES: Final = Path(__file__).with_name("pouchdb")
_INSTALL_S: Final = 300.0
_START_S: Final = 60.0
_ROUND_S: Final = 300.0


class PeerMissingError(Exception):
    """The peer cannot run here; the message says what is missing."""


class Peer:
    """Both ends of the peer, running. `directory` is what they share."""

    def __init__(self, directory: Path, port: str) -> None:
        self._directory = directory
        self._port = port

    def replicated(self, name: str, entries: Sequence[StoredEntry]) -> float:
        """The seconds in which `entries` were replicated into a new database called `name`. Raises MeasureError."""
        (self._directory / f"{name}.json").write_text(json.dumps([document(entry) for entry in entries]), "ascii")
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/{name}", timeout=_ROUND_S) as answer:
            told: dict[str, Any] = json.load(answer)
        if told.get("written") != len(entries):
            raise MeasureError(
                f"PouchDB replicated {told.get('written')} of {len(entries)} entries ({told.get('error', '')})"
            )
        return float(told["seconds"])


def document(entry: StoredEntry) -> dict[str, Any]:
    """An entry as PouchDB keeps it: the same fields, its body as a document's part."""
    return {
        "_id": f"{entry.seq:012d}",
        "journal_id": entry.journal_id,
        "seq": entry.seq,
        "at": entry.at,
        "clock_ms": entry.clock_ms,
        "kind": entry.kind,
        "subject": entry.subject,
        "body": json.loads(entry.body),
        "prev": entry.prev,
        "hash": entry.digest,
    }


@contextmanager
def peer(directory: Path, *, may_install: bool) -> Iterator[Peer]:
    """Both ends, on loopback, with their databases in `directory`. Raises PeerMissingError, MeasureError."""
    node = shutil.which("node")
    if node is None:
        raise PeerMissingError("node is not installed")
    installed = _installed(may_install=may_install)
    directory.mkdir()
    script, quiet = str(installed / "peer.js"), {**os.environ, "NODE_ENV": "production"}
    with running([node, script, "serve", str(directory)], quiet, directory / "serve.log") as far:
        url = f"http://127.0.0.1:{far.line(_START_S)}"
        with running([node, script, "send", str(directory), url], quiet, directory / "send.log") as near:
            yield Peer(directory, near.line(_START_S))


def _installed(*, may_install: bool) -> Path:
    """The folder with the peer's packages, of exactly the versions that are written down."""
    written = (FILES / "package.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = cache / "tern" / f"pouchdb-{hashlib.sha256(written).hexdigest()[:12]}"
    if not (place / "done").exists():
        _install(place, may_install=may_install)
    shutil.copy(FILES / "peer.js", place)
    return place


def _install(place: Path, *, may_install: bool) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise PeerMissingError("npm is not installed, which would fetch PouchDB")
    if not may_install:
        raise PeerMissingError("PouchDB is not installed yet; the whole run, without --quick, fetches it with npm")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    shutil.copy(FILES / "package.json", place)
    # No script of a package is run: leveldown brings its library ready made.
    command = [npm, "install", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--no-package-lock"]
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=_INSTALL_S, check=False)  # noqa: S603 - our own words
    except subprocess.TimeoutExpired:
        raise PeerMissingError(f"npm did not fetch PouchDB within {_INSTALL_S:.0f} s") from None
    if done.returncode:
        raise PeerMissingError(f"npm could not fetch PouchDB: {last_line(done.stderr)}")
    (place / "done").touch()
