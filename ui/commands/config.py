"""Checks the configuration, or shows what holds in the end."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from kiosk.configuration import PROJECT_ROOT, ConfigurationError, Policy, load
from kiosk.configuration.forms import read_forms
from ui.commands import CommandError
from ui.commands.setting import configuration
from ui.device_check import check_device


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk config`."""
    parser.add_argument("what", choices=["check", "show"])
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: Namespace) -> int:
    """Check or show. `check` names everything that is wrong, a line each, and gives 1."""
    return _check(arguments) if arguments.what == "check" else _show(arguments)


def _check(arguments: Namespace) -> int:
    try:
        problems_of_forms = read_forms(load(arguments.config, check_device=check_device)).problems
        if problems_of_forms:
            raise ConfigurationError(problems_of_forms)
    except ConfigurationError as error:
        if not arguments.json:
            raise CommandError(f"the configuration is refused\n{error}") from None
        problems = [
            {"source": one.origin.source, "line": one.origin.line, "key": one.key, "message": one.message}
            for one in error.problems
        ]
        print(json.dumps({"ok": False, "problems": problems}, ensure_ascii=False))
        return 1
    print(json.dumps({"ok": True, "problems": []}) if arguments.json else "the configuration is good")
    return 0


def _show(arguments: Namespace) -> int:
    found = configuration(arguments, check_device)
    if found.sync.enabled:
        found = Policy(found, PROJECT_ROOT / found.data.directory).effective()
    values = found.model_dump(mode="json")
    if arguments.json:
        print(json.dumps(values, ensure_ascii=False, indent=2))
        return 0
    for line in _toml(values, ()):
        print(line)
    return 0


def _toml(table: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    plain = {
        key: value for key, value in table.items() if not isinstance(value, dict) or not value or key == "settings"
    }
    if path and plain:
        yield f"[{'.'.join(path)}]"
    for key, value in plain.items():
        yield f"{key} = {_value(value)}"
    if plain:
        yield ""
    for key, value in table.items():
        if key not in plain:
            yield from _toml(value, (*path, key))


def _value(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    # JSON's text, numbers and truths are TOML's.
    return json.dumps(value, ensure_ascii=False)
