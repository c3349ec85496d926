"""A driver is built from its name and settings, and a wrong one is refused in words."""

from __future__ import annotations

import pytest

from devices.registry import DriverSettingsError, build, manifests


def test_every_driver_is_listed_with_its_settings() -> None:
    listed = {manifest.driver: manifest for manifest in manifests()}
    assert listed["serial-scanner"].kind == "scanner"
    for manifest in listed.values():
        assert all(explanation for _, explanation in manifest.settings.values())


def test_a_driver_is_built_by_name() -> None:
    device = build("scanner", "serial-scanner", "serial:/dev/ttyACM0", {"suffix": "cr"})
    assert device.manifest.driver == "serial-scanner"


@pytest.mark.parametrize(
    ("kind", "driver", "url", "settings", "said"),
    [
        ("scanner", "laser", "serial:/dev/ttyACM0", {}, "allowed: .*serial-scanner"),
        ("printer", "serial-scanner", "serial:/dev/ttyACM0", {}, "drives a scanner, not a printer"),
        ("printer", "escpos-printer", "tcp:10.0.0.5:9100", {"columns": 60}, "12 \\* columns"),
        ("printer", "escpos-printer", "tcp:10.0.0.5:9100", {"code_page": "utf-8"}, "allowed: cp437"),
        ("scanner", "serial-scanner", "usb:04b8:0202", {}, "allowed: serial:, pty:, tcp:"),
        ("scanner", "serial-scanner", "serial:ttyACM0", {}, "absolute path"),
        ("scanner", "serial-scanner", "serial:/dev/ttyACM0", {"speed": 1}, "allowed: idle_gap_ms, suffix"),
        ("scanner", "serial-scanner", "serial:/dev/ttyACM0", {"idle_gap_ms": True}, "a whole number"),
        ("card", "pcsc", "tcp:10.0.0.5:1", {}, "allowed: pcsc:"),
        ("card", "pcsc", "pcsc: ", {}, "reader's name"),
        ("card", "pcsc", "pcsc:Omnikey", {"answer_within_ms": 1}, "between 200 and 60000"),
        ("card", "serial-magstripe", "pcsc:Omnikey", {}, "allowed: serial:, pty:, tcp:"),
        ("card", "serial-magstripe", "serial:/dev/ttyACM0", {"idle_gap_ms": 1}, "between 5 and 1000"),
        ("scanner", "serial-scanner", "serial:/dev/ttyACM0", {"suffix": "tab"}, "allowed: auto, cr, lf, crlf, none"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_is_allowed(
    kind: str, driver: str, url: str, settings: dict[str, object], said: str
) -> None:
    with pytest.raises(DriverSettingsError, match=said):
        build(kind, driver, url, settings)
