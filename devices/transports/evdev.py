"""Opening an input device of the kernel, to listen only."""

from __future__ import annotations

import os

from devices.transports.descriptor import Transport
from devices.transports.errors import TransportUnavailableError
from devices.transports.url import EvdevUrl


def open_evdev(url: EvdevUrl) -> Transport:
    """Open the device for reading. Raises TransportUnavailableError."""
    name = f"evdev:{url.path}"
    try:
        descriptor = os.open(url.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        raise TransportUnavailableError(
            f"{name} could not be opened ({error.strerror}); is it there, and may the terminal's user read it?"
        ) from error
    return Transport(descriptor, name)
