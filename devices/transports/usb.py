"""Opening a USB printer through the kernel's usblp node, which is bidirectional and needs no library."""

from __future__ import annotations

import os
from pathlib import Path

from devices.transports.descriptor import Transport
from devices.transports.errors import TransportUnavailableError
from devices.transports.url import UsbUrl

_CLASS = Path("/sys/class/usbmisc")
_NODES = Path("/dev/usb")


def open_usb(url: UsbUrl, *, sys_class: Path = _CLASS, nodes: Path = _NODES) -> Transport:
    """Find the printer by its numbers and open it. Raises TransportUnavailableError."""
    name = f"usb:{url.vendor}:{url.product}"
    node = _find(url, sys_class)
    if node is None:
        raise TransportUnavailableError(
            f"{name}: no USB printer with these numbers is plugged in (lsusb lists them; the kernel module usblp serves them)"
        )
    try:
        descriptor = os.open(nodes / node, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise TransportUnavailableError(
            f"{name} could not be opened ({error}); is the user in the group lp, and no print service holding it?"
        ) from error
    # usblp answers an empty read to a zero-length packet; a printer that is gone shows as a hang-up or ENODEV.
    return Transport(descriptor, name, empty_read_is_loss=False)


def _find(url: UsbUrl, sys_class: Path) -> str | None:
    for entry in sorted(sys_class.glob("lp*")):
        device = (entry / "device").resolve().parent
        try:
            numbers = tuple((device / name).read_text("ascii").strip().lower() for name in ("idVendor", "idProduct"))
        except (OSError, UnicodeError):
            continue  # unplugged while we looked
        if numbers == (url.vendor, url.product):
            return entry.name
    return None
