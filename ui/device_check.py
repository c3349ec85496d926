"""Whether the drivers know what a configuration says of a device: driver, transport, settings; everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Iterable

from devices.registry import DriverSettingsError, build, manifest_of, manifests
from devices.transport import TransportUrlError, parse_transport
from kiosk.configuration import DeviceSettings
from kiosk.ports import Manifest

# A place that the driver takes; a virtual device's own is not known before it runs.
_SOMEWHERE = {"headset": "pty:/dev/tty"}
_ELSEWHERE = "tcp:127.0.0.1:1"
_WORDS = {bool: "true or false", int: "a whole number", str: "text in quotes"}


def check_device(kind: str, device: DeviceSettings) -> Iterable[tuple[str, str]]:
    """For each thing that is wrong: the key below the device, and what is allowed."""
    if device.driver == "none":
        return
    manifest = manifest_of(device.driver)
    if manifest is None or manifest.kind != kind:
        fitting = sorted(each.driver for each in manifests() if each.kind == kind)
        allowed = ", ".join(f'"{driver}"' for driver in (*fitting, "none"))
        yield "driver", f'must be one of {allowed}; found "{device.driver}"'
        return
    problems = [*_check_transport(manifest, device), *_check_settings(manifest, device)]
    yield from problems or _check_values(kind, device)


def _check_values(kind: str, device: DeviceSettings) -> Iterable[tuple[str, str]]:
    """What only the driver itself knows, such as the range of a number. Making one opens nothing."""
    try:
        build(
            kind,
            device.driver,
            _SOMEWHERE.get(kind, _ELSEWHERE) if device.is_virtual else device.transport,
            device.settings,
        )
    except DriverSettingsError as error:
        yield "settings", f"are refused: {error}"


def _check_transport(manifest: Manifest, device: DeviceSettings) -> Iterable[tuple[str, str]]:
    url = device.transport
    if device.is_virtual:
        if manifest.transports == ("pcsc",):
            yield "transport", "must be pcsc:READER; a virtual reader is vsmartcard's (docs/operators/card-readers.md)"
        return
    if url.partition(":")[0] not in manifest.transports:
        allowed = ", ".join(f"{scheme}:" for scheme in (*manifest.transports, "virtual"))
        yield "transport", f'must begin with one of {allowed}; found "{url[:80]}"'
        return
    try:
        parse_transport(url)
    except TransportUrlError as error:
        yield "transport", str(error)


def _check_settings(manifest: Manifest, device: DeviceSettings) -> Iterable[tuple[str, str]]:
    for name, value in device.settings.items():
        if name not in manifest.settings:
            allowed = ", ".join(sorted(manifest.settings)) or "none"
            yield f"settings.{name}", f"is not a setting of {manifest.driver}; allowed: {allowed}"
            continue
        default, explanation = manifest.settings[name]
        if type(value) is not type(default):  # exactly: true is an int to isinstance
            wanted = _WORDS.get(type(default), type(default).__name__)
            yield f"settings.{name}", f"must be {wanted} ({explanation}); found {str(value)[:80]!r}"
