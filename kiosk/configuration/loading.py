"""Loads the configuration from its layers, whole or not at all, and keeps the last one that was good."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kiosk.configuration.layers import (
    Layer,
    Origin,
    UnreadableLayerError,
    environment_layer,
    file_layer,
    joined,
    origin_of,
)
from kiosk.configuration.refusals import explain
from kiosk.configuration.schema import Configuration, DeviceSettings
from kiosk.configuration.toml_lines import KeyPath
from kiosk.domain.records import dataclass

PROJECT_ROOT = Path(__file__).resolve().parents[2]
DEFAULT_FILE = PROJECT_ROOT / "config" / "default.toml"
LAST_GOOD_NAME = "configuration.last-good.json"

# Whether a device's driver, transport and settings are known: (kind, device) -> (key below the device, what is allowed).
# Drivers stand above this package, so whoever knows them passes their check in.
DeviceCheck = Callable[[str, DeviceSettings], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, which key ("" for a whole file), and what is allowed."""

    origin: Origin
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.key + ' ' if self.key else ''}{self.message}"


class ConfigurationError(Exception):
    """The configuration is refused; `problems` names everything that is wrong with it, a line each in the message."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid configuration; `problems` says why it is the last good one and not the present one, empty where it is."""

    configuration: Configuration
    problems: tuple[Problem, ...] = ()


def load(
    path: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    check_device: DeviceCheck | None = None,
) -> Configuration:
    """The configuration of `config/default.toml`, the site's file `path` and the environment (os.environ where None).

    Raises ConfigurationError with every problem at once.
    """
    return _validated(_layers(path, environment), check_device)


def load_or_last_good(
    path: Path | None,
    keep_dir: Path,
    *,
    environment: Mapping[str, str] | None = None,
    check_device: DeviceCheck | None = None,
) -> Loaded:
    """As `load`; a good file is kept under `keep_dir`, and a bad one gives way to the one kept there, with its problems.

    What is kept is what the file said: not the defaults, so that it survives an upgrade, and not the environment, which is that of one
    start. Where the environment is what is wrong, it is left out. Raises ConfigurationError when none was kept, or it does not fit either.
    """
    kept = keep_dir / LAST_GOOD_NAME
    try:
        layers = _layers(path, environment)
        configuration = _validated(layers, check_device)
    except ConfigurationError as refused:
        last_good = _last_good(kept, environment, check_device) if kept.exists() else None
        if last_good is None:
            raise
        return Loaded(last_good, refused.problems)
    _keep(kept, joined(layers[1:-1]))
    return Loaded(configuration)


def _last_good(
    kept: Path, environment: Mapping[str, str] | None, check_device: DeviceCheck | None
) -> Configuration | None:
    try:
        layers = [file_layer(DEFAULT_FILE), _kept_layer(kept)]
    except UnreadableLayerError:
        return None
    for attempt in ([*layers, _environment(environment)], layers):
        with contextlib.suppress(ConfigurationError):
            return _validated(attempt, check_device)
    return None


def data_directory(path: Path | None, environment: Mapping[str, str] | None = None) -> Path:
    """Where the data are, told also by a configuration that is refused: there the last good one is kept."""
    layers = [file_layer(DEFAULT_FILE)]
    with contextlib.suppress(UnreadableLayerError):
        layers += [file_layer(path)] if path else []
    for layer in reversed([*layers, _environment(environment)]):
        section = layer.values.get("data")
        if isinstance(section, dict) and isinstance(directory := section.get("directory"), str):
            return PROJECT_ROOT / directory
    raise ConfigurationError([Problem(Origin(str(DEFAULT_FILE)), "data.directory", "is missing")])


def _environment(environment: Mapping[str, str] | None) -> Layer:
    return environment_layer(os.environ if environment is None else environment, Configuration)


def _layers(path: Path | None, environment: Mapping[str, str] | None) -> list[Layer]:
    try:
        layers = [file_layer(DEFAULT_FILE)]
        if path is not None:
            layers.append(file_layer(path))
    except UnreadableLayerError as error:
        raise ConfigurationError([Problem(error.origin, "", str(error))]) from None
    return [*layers, _environment(environment)]


def _validated(layers: list[Layer], check_device: DeviceCheck | None) -> Configuration:
    # Strict, by way of JSON: "60" is no number and 1 is no truth, yet lists become tuples.
    text = json.dumps(joined(layers), default=str)
    try:
        configuration = Configuration.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise ConfigurationError(_problems(layers, error)) from None
    problems = list(_device_problems(layers, configuration, check_device)) if check_device else []
    if problems:
        raise ConfigurationError(problems)
    return configuration


def _problems(layers: list[Layer], error: ValidationError) -> list[Problem]:
    problems = []
    for detail in error.errors(include_url=False, include_context=True):
        path: KeyPath = tuple(part for part in detail["loc"] if part != "[key]")
        around = path[:-1] if detail["type"] == "missing" else path
        problems.append(Problem(origin_of(layers, around), _dotted(path), explain(Configuration, path, detail)))
    return sorted(problems, key=lambda problem: (problem.origin.source, problem.origin.line or 0, problem.key))


def _device_problems(layers: list[Layer], configuration: Configuration, check_device: DeviceCheck) -> Iterable[Problem]:
    for kind, device in configuration.devices:
        for key, message in check_device(kind, device):
            path: KeyPath = ("devices", kind, *key.split("."))
            yield Problem(origin_of(layers, path), _dotted(path), message)


def _dotted(path: KeyPath) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _kept_layer(kept: Path) -> Layer:
    try:
        values: Any = json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableLayerError(Origin(str(kept)), str(error)) from None
    return Layer(str(kept), values if isinstance(values, dict) else {})


def _keep(kept: Path, values: dict[str, Any]) -> None:
    """Replace the kept copy whole: a power cut leaves the old one or the new one."""
    text = json.dumps(values, default=str, indent=1, sort_keys=True) + "\n"
    if kept.exists() and kept.read_text("utf-8") == text:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(kept)
