"""The drivers by name: what there is, and how to build one from a configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from devices.transport import TransportUrlError, parse_transport
from kiosk.ports import Device, Manifest

# By name, because a driver is imported when it is wanted: the terminal starts sooner.
_DRIVERS = {
    "zvt": ("devices.terminals.zvt", "ZvtTerminal"),
    "escpos-printer": ("devices.printers.escpos_printer", "EscposPrinter"),
    "serial-magstripe": ("devices.cards.magstripe", "SerialMagstripe"),
    "pcsc": ("devices.cards.pcsc", "PcscReader"),
    "evdev-jack": ("devices.headsets.evdev_jack", "EvdevJack"),
    "serial-scanner": ("devices.scanners.serial_scanner", "SerialScanner"),
}


class DriverSettingsError(ValueError):
    """A driver, transport or setting that does not exist or does not fit; the message says what is allowed."""


def build(kind: str, driver: str, transport_url: str, settings: Mapping[str, object]) -> Device:
    """The driver for one device, not yet connected.

    `kind` is "scanner", "printer", "payment", "card" or "headset". Raises DriverSettingsError.
    """
    if driver not in _DRIVERS:
        raise DriverSettingsError(f"there is no driver {driver!r}; allowed: {', '.join(sorted(_DRIVERS))}")
    made = _load(driver)
    manifest: Manifest = made.manifest
    if manifest.kind != kind:
        fitting = ", ".join(sorted(each.driver for each in manifests() if each.kind == kind)) or "none"
        raise DriverSettingsError(
            f"{driver!r} drives a {manifest.kind}, not a {kind}; for a {kind} there is: {fitting}"
        )
    _check_transport(manifest, transport_url)
    _check_settings(manifest, settings)
    try:
        device: Device = made(transport_url, **settings)
    except ValueError as error:
        raise DriverSettingsError(f"driver {driver!r}: {error}") from error
    return device


def manifests() -> Sequence[Manifest]:
    """What every driver says of itself, by name."""
    return [_load(driver).manifest for driver in sorted(_DRIVERS)]


def manifest_of(driver: str) -> Manifest | None:
    """What one driver says of itself, without loading the others; None where there is no such driver."""
    found: Manifest | None = _load(driver).manifest if driver in _DRIVERS else None
    return found


def _load(driver: str) -> Any:
    module, name = _DRIVERS[driver]
    return getattr(import_module(module), name)


def _check_transport(manifest: Manifest, url: str) -> None:
    scheme = url.partition(":")[0]
    if scheme not in manifest.transports:
        allowed = ", ".join(f"{each}:" for each in manifest.transports)
        raise DriverSettingsError(f"driver {manifest.driver!r} does not speak over {url[:120]!r}; allowed: {allowed}")
    try:
        parse_transport(url)
    except TransportUrlError as error:
        raise DriverSettingsError(f"driver {manifest.driver!r}: {error}") from error


def _check_settings(manifest: Manifest, settings: Mapping[str, object]) -> None:
    for name, value in settings.items():
        if name not in manifest.settings:
            allowed = ", ".join(sorted(manifest.settings)) or "none"
            raise DriverSettingsError(f"driver {manifest.driver!r} has no setting {name!r}; allowed: {allowed}")
        default, explanation = manifest.settings[name]
        if type(value) is not type(default):  # exactly: True is an int to isinstance
            raise DriverSettingsError(
                f"driver {manifest.driver!r}: {name} has to be {_word(default)}, not {value!r:.80} ({explanation})"
            )


def _word(example: object) -> str:
    return {bool: "true or false", int: "a whole number", str: "a text"}.get(type(example), type(example).__name__)
