"""The wires: serial, tcp, usb, pty, evdev. Bytes in and out with time-outs, and plain errors; what they mean is the driver's."""

from __future__ import annotations

from devices.transports.descriptor import Transport
from devices.transports.errors import TransportLostError, TransportUnavailableError, TransportUrlError
from devices.transports.evdev import open_evdev
from devices.transports.serial_port import open_serial
from devices.transports.tcp import open_tcp
from devices.transports.url import EvdevUrl, PcscUrl, SerialUrl, TcpUrl, TransportUrl, parse_transport
from devices.transports.usb import open_usb

__all__ = [
    "PcscUrl",
    "Transport",
    "TransportLostError",
    "TransportUnavailableError",
    "TransportUrl",
    "TransportUrlError",
    "open_transport",
    "parse_transport",
]


def open_transport(url: str) -> Transport:
    """Open the wire that `url` names. Raises TransportUrlError (never opens), TransportUnavailableError (try again later)."""
    parsed = parse_transport(url)
    if isinstance(parsed, SerialUrl):
        return open_serial(parsed)
    if isinstance(parsed, TcpUrl):
        return open_tcp(parsed)
    if isinstance(parsed, EvdevUrl):
        return open_evdev(parsed)
    if isinstance(parsed, PcscUrl):
        raise TransportUrlError(f"transport {url[:120]!r} is a reader of the PC/SC service, not a wire")
    return open_usb(parsed)
