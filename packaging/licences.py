"""Writes docs/licences.md: each package that ships (requirements.txt, -central.txt, -pcsc.txt), with its version and licence.

Run it in the virtual environment after renewing the pins: `.venv/bin/python packaging/licences.py`.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"

# What a package says of itself unclearly or not at all, read from the licence text it brings.
READ_FROM_TEXT = {
    "pyscard": "LGPL-2.1-or-later",
    "pyserial": "BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
}

INTRODUCTION = """\
# Licences of what ships

Written by `packaging/licences.py` from the installed packages; a test keeps it current and free of licences that would bind
Tern itself. Where a package offers a choice with OR, Tern takes the one that is not the GPL.

PySide6-Essentials and shiboken6 are used under LGPL-3.0: unchanged, as shared libraries that anyone may replace in `.venv`.
Its wheel also carries Qt modules that are offered under the GPL or a commercial licence only (Qt Lottie, Qt Quick Timeline, Qt Wayland
Compositor). Tern imports none of them (`tests/unit/test_qml_lint.py`); an image handed to a customer should leave them out.
pyscard, which only a terminal with a chip card reader is given, is used under the LGPL-2.1 in the same way: unchanged, as its own package.
The sqlcipher3 wheel holds SQLCipher (BSD-3-Clause), SQLite (public domain) and OpenSSL (Apache-2.0).
"""

# Scripts of others, as released on npm: htmx.org, htmx-ext-sse, idiomorph.
SCRIPTS = {
    "htmx-2.0.11.min.js": "0BSD",
    "htmx-ext-sse-2.2.4.min.js": "0BSD",
    "idiomorph-ext-0.7.4.min.js": "0BSD",
}

PARTS = {
    "The terminal": "requirements.txt",
    "The central service besides": "requirements-central.txt",
    "A terminal with a chip card reader besides": "requirements-pcsc.txt",
}


def page() -> str:
    """The whole page, from the metadata of the installed packages. Raises PackageNotFoundError if one is not installed."""
    written, told = INTRODUCTION, set[str]()
    for title, file in PARTS.items():
        rows = [row for row in pinned(file) if row[0] not in told]
        told |= {name for name, _, _ in rows}
        written += f"\n## {title}\n\n| package | version | licence |\n|---|---|---|\n"
        written += "".join(f"| {name} | {version} | {licence} |\n" for name, version, licence in rows)
    written += "\n## In the console's pages\n\n| file in `assets/console/static` | licence |\n|---|---|\n"
    return written + "".join(f"| {file} | {licence} |\n" for file, licence in SCRIPTS.items())


def shipped() -> list[tuple[str, str, str]]:
    """Name, version and licence of each package that a terminal or a central service is given."""
    return sorted({row for file in PARTS.values() for row in pinned(file)})


def pinned(file: str) -> list[tuple[str, str, str]]:
    """Those pinned for Linux in `file`, in its order."""
    pins = (ROOT / "packaging" / file).read_text(encoding="utf-8")
    names = re.findall(r"^([\w.-]+)==(?!.*win32)", pins, re.MULTILINE)
    return [(name, metadata.version(name), licence(name)) for name in names]


def licence(name: str) -> str:
    """The licence as an SPDX expression where the package gives one, else in the package's own words."""
    if name in READ_FROM_TEXT:
        return READ_FROM_TEXT[name]
    about = metadata.metadata(name)
    for field in ("License-Expression", "License"):
        if words := about.get(field, ""):
            return words.splitlines()[0]
    classifiers = [line for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    return ", ".join(line.rsplit(" :: ", 1)[1] for line in classifiers) or "unknown"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
