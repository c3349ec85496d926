"""Transport URLs: what a configuration may name, read and checked before anything is opened."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from devices.transports.errors import TransportUrlError
from kiosk.domain.records import dataclass

_FORMS = (
    "serial:/dev/serial/by-id/NAME?baud=9600&bits=8&parity=N&stop=1, pty:/dev/pts/N, "
    "tcp:HOST:PORT, usb:VID:PID (four hexadecimal digits each), evdev:/dev/input/by-path/NAME, pcsc:READER"
)
_SERIAL_OPTIONS = ("baud", "bits", "parity", "stop", "flow")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]{1,15})?\]")


@dataclass(frozen=True, slots=True)
class SerialUrl:
    """A serial line or a pseudo-terminal. `exclusive` asks for a lock that other openers of ours respect."""

    path: str
    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop: float = 1
    flow: str = "none"
    exclusive: bool = True


@dataclass(frozen=True, slots=True)
class TcpUrl:
    """A TCP peer; an IPv6 address stands here without its brackets."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class UsbUrl:
    """A USB printer by its vendor and product number, lower-case hexadecimal, four digits each."""

    vendor: str
    product: str


@dataclass(frozen=True, slots=True)
class EvdevUrl:
    """An input device of the kernel."""

    path: str


@dataclass(frozen=True, slots=True)
class PcscUrl:
    """A reader that the PC/SC service knows, by its name or a part of it; no wire of ours, so `open_transport` refuses it."""

    reader: str


TransportUrl = SerialUrl | TcpUrl | UsbUrl | EvdevUrl | PcscUrl


def parse_transport(url: str) -> TransportUrl:
    """Read a transport URL. Raises TransportUrlError with what is allowed."""
    scheme, colon, rest = url.partition(":")
    if not colon or len(url) > 1024 or not url.isprintable():
        raise _refused(url, "is not a transport URL")
    if scheme in {"serial", "pty"}:
        return _parse_serial(url, rest, exclusive=scheme == "serial")
    if scheme == "tcp":
        return _parse_tcp(url, rest)
    if scheme == "usb":
        return _parse_usb(url, rest)
    if scheme == "evdev":
        if not rest.startswith("/") or rest.endswith("/"):
            raise _refused(url, "needs the absolute path of a device")
        return EvdevUrl(rest)
    if scheme == "pcsc":
        if not 0 < len(rest.strip()) <= 120:
            raise _refused(url, "needs the reader's name, or a part of it")
        return PcscUrl(rest.strip())
    raise _refused(url, f"names an unknown kind of wire, {scheme!r}")


def _parse_serial(url: str, rest: str, *, exclusive: bool) -> SerialUrl:
    path, _, query = rest.partition("?")
    if not path.startswith("/") or path.endswith("/"):
        raise _refused(url, "needs the absolute path of a device")
    try:
        options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=8))
    except ValueError:
        raise _refused(url, "has options that cannot be read") from None
    for name in options:
        if name not in _SERIAL_OPTIONS:
            raise _refused(url, f"has an unknown option {name!r} (allowed: {', '.join(_SERIAL_OPTIONS)})")
    baud = options.get("baud", "9600")
    if not (baud.isascii() and baud.isdigit() and 50 <= int(baud) <= 4_000_000):
        raise _refused(url, "needs baud between 50 and 4000000")
    return SerialUrl(
        path=path,
        baud=int(baud),
        bits=int(_one_of(url, options, "bits", ("8", "7", "6", "5"))),
        parity=_one_of(url, options, "parity", ("N", "E", "O", "M", "S")),
        stop=float(_one_of(url, options, "stop", ("1", "1.5", "2"))),
        flow=_one_of(url, options, "flow", ("none", "rtscts", "xonxoff")),
        exclusive=exclusive,
    )


def _one_of(url: str, options: dict[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = options.get(name, allowed[0])
    if value not in allowed:
        raise _refused(url, f"needs {name} to be one of {', '.join(allowed)}")
    return value


def _parse_tcp(url: str, rest: str) -> TcpUrl:
    host, colon, port = rest.rpartition(":")
    if not colon or not _HOST.fullmatch(host):
        raise _refused(url, "needs a host name or address and a port")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535):
        raise _refused(url, "needs a port between 1 and 65535")
    return TcpUrl(host=host.strip("[]"), port=int(port))


def _parse_usb(url: str, rest: str) -> UsbUrl:
    found = re.fullmatch(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})", rest)
    if found is None:
        raise _refused(url, "needs the vendor and product number")
    return UsbUrl(vendor=found[1].lower(), product=found[2].lower())


def _refused(url: str, what: str) -> TransportUrlError:
    return TransportUrlError(f"transport {url[:120]!r} {what}; write one of: {_FORMS}")
