"""Opening a serial line or a pseudo-terminal."""

from __future__ import annotations

import os
import termios

import serial

from devices.transports.descriptor import Transport
from devices.transports.errors import TransportUnavailableError
from devices.transports.url import SerialUrl


def open_serial(url: SerialUrl) -> Transport:
    """Open and set up the line. Raises TransportUnavailableError.

    pyserial sets the line up; the descriptor is then ours (its lock stays with the open file).
    """
    name = f"serial:{url.path}"
    try:
        port = serial.Serial(
            url.path,
            baudrate=url.baud,
            bytesize=url.bits,
            parity=url.parity,
            stopbits=url.stop,
            rtscts=url.flow == "rtscts",
            xonxoff=url.flow == "xonxoff",
            exclusive=True if url.exclusive else None,
        )
    # termios.error is no OSError; ValueError is a line that refuses these settings.
    except (serial.SerialException, OSError, ValueError, termios.error) as error:
        raise TransportUnavailableError(f"{name} could not be opened ({error}); is it plugged in?") from error
    try:
        return Transport(os.dup(port.fileno()), name)
    finally:
        port.close()
