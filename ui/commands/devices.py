"""Lists the drivers and the configured devices, or tests the configured ones."""

from __future__ import annotations

import json
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devices.registry import build, manifests
from kiosk.configuration import Configuration, DeviceSettings
from kiosk.ports import DeviceError, Manifest, SelfTest
from ui.commands import CommandError
from ui.commands.setting import configuration
from ui.device_check import check_device

KINDS = ("scanner", "printer", "payment", "card", "scale", "headset")


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of `kiosk devices`."""
    parser.add_argument("what", choices=["list", "test"])
    parser.add_argument("kind", nargs="*", metavar="KIND", help=f"test only these: {', '.join(KINDS)}")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: Namespace) -> int:
    """List or test. `test` gives 1 where a device failed."""
    for kind in arguments.kind:
        if kind not in KINDS:
            raise CommandError(f"there is no kind of device {kind[:40]!r}; there are {', '.join(KINDS)}")
    found = configuration(arguments, check_device)
    return _list(found, arguments) if arguments.what == "list" else _test(found, arguments)


def _list(found: Configuration, arguments: Namespace) -> int:
    if arguments.json:
        configured = {kind: device.model_dump(mode="json") for kind, device in found.devices}
        print(json.dumps({"configured": configured, "drivers": [_described(one) for one in manifests()]}, indent=2))
        return 0
    print("configured")
    for kind, device in found.devices:
        where = "" if device.driver == "none" else f"  {device.transport}"
        print(f"  {kind:<9}{device.driver}{where}")
    print("drivers")
    for one in manifests():
        print(f"  {one.driver} ({one.kind}) over {', '.join(f'{scheme}:' for scheme in one.transports)}")
        print(f"    models: {'; '.join(one.models)}")
        for name, (default, explanation) in one.settings.items():
            print(f"    {name} = {json.dumps(default)}  # {explanation}")
    return 0


def _described(manifest: Manifest) -> dict[str, Any]:
    settings = {name: {"default": value, "help": words} for name, (value, words) in manifest.settings.items()}
    return {
        "driver": manifest.driver,
        "kind": manifest.kind,
        "models": list(manifest.models),
        "transports": list(manifest.transports),
        "settings": settings,
    }


def _test(found: Configuration, arguments: Namespace) -> int:
    wanted = {
        kind: device
        for kind, device in found.devices
        if (kind in arguments.kind or not arguments.kind) and device.driver != "none"
    }
    with _far_sides([kind for kind, device in wanted.items() if device.is_virtual]) as urls:
        results = {kind: _tested(kind, device, urls.get(kind, device.transport)) for kind, device in wanted.items()}
    if arguments.json:
        print(json.dumps({kind: {"ok": one.ok, "report": one.report} for kind, one in results.items()}))
    else:
        for kind, one in results.items():
            print(f"{kind:<9}{'good' if one.ok else 'BAD':<6}{one.report}")
    failed = [kind for kind, one in results.items() if not one.ok]
    if failed and not arguments.json:
        raise CommandError(f"{', '.join(failed)} failed; see the report above")
    return 1 if failed else 0


@contextmanager
def _far_sides(kinds: list[str]) -> Iterator[Mapping[str, str]]:
    """Where virtual devices listen for the time of the test, with a memory that is thrown away."""
    if not kinds:
        yield {}
        return
    from devices.virtual.far_sides import FarSides

    with tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        sides = FarSides(kinds, Path(folder))
        try:
            yield sides.urls
        finally:
            sides.close()


def _tested(kind: str, device: DeviceSettings, transport: str) -> SelfTest:
    driver = build(kind, device.driver, transport, device.settings)
    try:
        driver.connect()
        return driver.self_test()
    except DeviceError as error:
        return SelfTest(ok=False, report=str(error))
    finally:
        driver.close()
