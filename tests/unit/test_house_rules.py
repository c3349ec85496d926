"""What docs cannot enforce: files and functions stay short enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("kiosk", "devices", "sync", "ui", "tests", "packaging")
LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 70


def test_no_python_file_and_no_function_is_too_long_to_read_in_one_go() -> None:
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    assert files
    too_long = [
        words
        for path in files
        for words in what_is_too_long(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    ]
    assert not too_long, "\n".join(["split these:", *too_long])


def test_the_rule_sees_what_is_one_line_too_long() -> None:
    function = "def serve():\n" + "    scan()\n" * (LINES_OF_A_FUNCTION - 1)
    assert what_is_too_long(function, "a.py") == []
    assert what_is_too_long(function + "    pay()\n", "a.py") == ["a.py:1 serve() has 71 lines"]
    assert what_is_too_long("\n" * (LINES_OF_A_FILE + 1), "a.py") == ["a.py has 401 lines"]


def what_is_too_long(source: str, name: str) -> list[str]:
    found = []
    if (lines := len(source.splitlines())) > LINES_OF_A_FILE:
        found.append(f"{name} has {lines} lines")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LINES_OF_A_FUNCTION:
                found.append(f"{name}:{node.lineno} {node.name}() has {length} lines")
    return found
