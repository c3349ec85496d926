"""Whether the drivers know what a configuration says of a device: driver, transport, settings; everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Iterable

from devices.registry import manifests
from devices.transport import TransportUrlError, parse_transport
from kiosk.configuration import DeviceSettings
from kiosk.ports import Manifest

_WORDS = {bool: "true or false", int: "a whole number", str: "text in quotes"}


def check_device(kind: str, device: DeviceSettings) -> Iterable[tuple[str, str]]:
    """For each thing that is wrong: the key below the device, and what is allowed."""
    if device.driver == "none":
        return
    known = {manifest.driver: manifest for manifest in manifests() if manifest.kind == kind}
    manifest = known.get(device.driver)
    if manifest is None:
        allowed = ", ".join(f'"{driver}"' for driver in (*sorted(known), "none"))
        yield "driver", f'must be one of {allowed}; found "{device.driver}"'
        return
    if not device.is_virtual:
        yield from _check_transport(manifest, device.transport)
    yield from _check_settings(manifest, device)


def _check_transport(manifest: Manifest, url: str) -> Iterable[tuple[str, str]]:
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
