"""The layers of a configuration, lowest first: files and the environment, joined key by key, each value with its origin."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from kiosk.configuration.toml_lines import KeyPath, key_lines
from kiosk.domain.records import dataclass

ENVIRONMENT_PREFIX = "KIOSK__"
LARGEST_FILE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: a file and its line, or an environment variable (`line` is None)."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


class UnreadableLayerError(Exception):
    """A file that cannot be read as TOML; `origin` points at the place."""

    def __init__(self, origin: Origin, message: str) -> None:
        super().__init__(message)
        self.origin = origin


@dataclass(frozen=True, slots=True)
class Layer:
    """A nested table of values, and where each came from."""

    name: str
    values: dict[str, Any]
    origins: Mapping[KeyPath, Origin] = field(default_factory=dict)


def file_layer(path: Path) -> Layer:
    """The values of a TOML file. Raises UnreadableLayerError."""
    name = str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableLayerError(Origin(name), f"cannot be read: {reason}; give a readable file") from None
    if len(raw) > LARGEST_FILE_BYTES:
        raise UnreadableLayerError(Origin(name), f"is larger than {LARGEST_FILE_BYTES} bytes; this is no configuration")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableLayerError(Origin(name, line), "is not UTF-8; save the file as UTF-8") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(name, text, error) from None
    except RecursionError:
        raise UnreadableLayerError(Origin(name), "is nested too deeply; this is no configuration") from None
    return Layer(name, values, {key: Origin(name, line) for key, line in key_lines(text).items()})


def environment_layer(environment: Mapping[str, str], model: type[BaseModel]) -> Layer:
    """The values of the `KIOSK__...` variables. Text where `model` wants text, otherwise read as a TOML value."""
    values: dict[str, Any] = {}
    origins: dict[KeyPath, Origin] = {}
    for variable in sorted(name for name in environment if name.startswith(ENVIRONMENT_PREFIX)):
        path = tuple(part.lower() for part in variable.removeprefix(ENVIRONMENT_PREFIX).split("__"))
        table = values
        for part in path[:-1]:
            inner = table.get(part)
            if not isinstance(inner, dict):
                inner = table[part] = {}
            table = inner
        table[path[-1]] = _read_value(environment[variable], model, path)
        for length in range(1, len(path) + 1):
            origins[path[:length]] = Origin(variable)
    return Layer("environment", values, origins)


def joined(layers: list[Layer]) -> dict[str, Any]:
    """The values of all layers: tables joined key by key, anything else replaced by the higher layer."""
    result: dict[str, Any] = {}
    for layer in layers:
        result = _join(result, layer.values)
    return result


def origin_of(layers: list[Layer], path: KeyPath) -> Origin:
    """Where the value at `path`, or else the nearest table around it, came from; the highest layer that has it."""
    for length in range(len(path), 0, -1):
        for layer in reversed(layers):
            if found := layer.origins.get(path[:length]):
                return found
    return Origin(layers[-1].name)


def _join(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = _join(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def _not_toml(name: str, text: str, error: tomllib.TOMLDecodeError) -> UnreadableLayerError:
    message = str(error)
    what, _, where = message.rpartition(" (at ")
    if where.startswith("line "):
        line = int(where.removeprefix("line ").split(",")[0])
    else:
        what, line = message.removesuffix(" (at end of document)"), text.count("\n") + 1
    return UnreadableLayerError(Origin(name, line), f"is not TOML: {what[:1].lower()}{what[1:]}")


def _read_value(text: str, model: type[BaseModel], path: tuple[str, ...]) -> object:
    if _wants_text(model, path):
        return text
    try:
        parsed = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return parsed["value"] if len(parsed) == 1 else text


def _wants_text(model: type[BaseModel], path: tuple[str, ...]) -> bool:
    annotation: object = model
    for part in path:
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return False
        known = annotation.model_fields.get(part)
        if known is None:
            return False
        annotation = known.annotation
    # A Literal of words is text too; every other type reads as TOML writes it.
    return annotation is str or all(isinstance(word, str) for word in get_args(annotation) or [None])
