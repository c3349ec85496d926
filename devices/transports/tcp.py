"""Opening a TCP connection."""

from __future__ import annotations

import socket

from devices.transports.descriptor import Transport
from devices.transports.errors import TransportUnavailableError
from devices.transports.url import TcpUrl

CONNECT_TIMEOUT_S = 3.0
# A peer without power sends no reset: without these a lost one is noticed after two hours.
_KEEPALIVE = ((socket.TCP_KEEPIDLE, 5), (socket.TCP_KEEPINTVL, 3), (socket.TCP_KEEPCNT, 3))
_USER_TIMEOUT_MS = 15_000


def open_tcp(url: TcpUrl) -> Transport:
    """Connect within `CONNECT_TIMEOUT_S` (an address; a name takes what the resolver takes). Raises TransportUnavailableError."""
    name = f"tcp:{url.host}:{url.port}"
    try:
        peer = socket.create_connection((url.host, url.port), timeout=CONNECT_TIMEOUT_S)
    except (OSError, UnicodeError) as error:
        raise TransportUnavailableError(
            f"{name} could not be reached ({error}); is it on, is the address right?"
        ) from error
    with peer:
        try:
            # Connecting again and again to a dead local port sooner or later connects to itself (simultaneous open).
            if peer.getsockname() == peer.getpeername():
                raise TransportUnavailableError(f"{name} could not be reached (nobody listens there); is it on?")
            _set_up(peer)
        except OSError as error:
            raise TransportUnavailableError(f"{name} hung up at once ({error}); is it busy with another?") from error
        return Transport(peer.detach(), name)


def _set_up(peer: socket.socket) -> None:
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEPALIVE:
        peer.setsockopt(socket.IPPROTO_TCP, option, value)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT_MS)
