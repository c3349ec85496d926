"""One HTTP request after another to one address: TLS against a pinned authority, everything bounded in time and size, no redirects."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, InsecureRequestWarning, NewConnectionError, SSLError, TimeoutError

CONNECT_S: Final = 5.0
ANSWER_MOST_BYTES: Final = 16_000_000  # a page of a feed: 5,000 rows
_CHUNK_BYTES: Final = 65_536


class LineError(Exception):
    """Nothing came back that is our service's answer. `reason` is a stable code: "offline", "timeout", "cut", "tls", "foreign",
    "closed"."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whole. Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Exchange:
    """A connection to `url`, opened when needed. One request at a time; `close` from any thread ends one that is under way."""

    def __init__(self, url: str, ca_pem: str | None) -> None:
        """`ca_pem` is the only authority that is trusted; None trusts anyone (for the one request that asks who is there).

        Raises ValueError for an address that is no https: one, or plain http: beyond this machine.
        """
        self.authority, self._make_pool = _address(url, ca_pem)
        self._is_closed = threading.Event()
        self._reply: urllib3.BaseHTTPResponse | None = None
        self._connection: HTTPConnection | None = None
        self._pool = self._new_pool()

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes, *, within_s: float) -> Reply:
        """Send a request and read the whole answer within `within_s`. Raises LineError."""
        if self._is_closed.is_set():
            raise LineError("closed", "the terminal is ending")
        until_s = time.monotonic() + within_s
        try:
            reply = self._reply = self._pool.urlopen(
                method,
                target,
                body=body or None,
                headers={**headers, "host": self.authority},
                timeout=urllib3.Timeout(total=within_s, connect=min(CONNECT_S, within_s), read=within_s),
                retries=False,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
            )
            found = _whole(reply, until_s)
            return Reply(reply.status, {name.lower(): value for name, value in reply.headers.items()}, found)
        except (HTTPError, OSError, ValueError) as error:
            self._drop()
            raise self._told(error) from error
        except LineError:
            self._drop()
            raise

    def close(self) -> None:
        """End it. Callable more than once."""
        self._is_closed.set()
        connection = self._connection
        sock = connection.sock if connection is not None else None
        if sock is not None:
            # Closing would not wake a thread that waits for an answer; this does.
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._pool.close()

    def _new_pool(self) -> urllib3.HTTPConnectionPool:
        pool = self._make_pool()
        make: Callable[..., Any] = pool.ConnectionCls

        def followed(*args: Any, **kwargs: Any) -> Any:
            self._connection = made = make(*args, **kwargs)
            return made

        setattr(pool, "ConnectionCls", followed)  # noqa: B010 - the way urllib3 offers; its type knows classes only
        return pool

    def _drop(self) -> None:
        # What is left of an answer must not be taken for the next one; a pool that was closed opens nothing more.
        reply, self._reply = self._reply, None
        pool, self._pool = self._pool, self._new_pool()
        if reply is not None:
            reply.close()
        pool.close()

    def _told(self, error: Exception) -> LineError:
        where = self.authority
        if self._is_closed.is_set():
            return LineError("closed", "the terminal is ending")
        if isinstance(error, SSLError):
            return LineError("tls", f"{where} is not the service this terminal was enrolled with ({error})")
        if isinstance(error, NewConnectionError):
            return LineError("offline", f"{where} cannot be reached ({error})")
        if isinstance(error, TimeoutError):
            return LineError("timeout", f"{where} did not answer in time")
        return LineError("cut", f"the line to {where} was cut ({error})")


def _whole(reply: urllib3.BaseHTTPResponse, until_s: float) -> bytes:
    """The body, however slowly it comes: a line that trickles must not hold anything up for longer than was said."""
    found = bytearray()
    while chunk := reply.read1(_CHUNK_BYTES):
        found += chunk
        if len(found) > ANSWER_MOST_BYTES:
            raise LineError("foreign", f"an answer of more than {ANSWER_MOST_BYTES} bytes is none of ours")
        if time.monotonic() > until_s:
            raise LineError("timeout", "the answer took too long to come")
    declared = reply.headers.get("content-length")
    if declared is not None and declared.isdigit() and len(found) < int(declared):
        raise LineError("cut", f"the answer ended after {len(found)} of {declared} bytes")
    reply.release_conn()
    return bytes(found)


def _address(url: str, ca_pem: str | None) -> tuple[str, Callable[[], urllib3.HTTPConnectionPool]]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.path not in ("", "/") or parts.query or parts.username or not host:
        raise ValueError(f"{url!r} is no address of a central service; one such as https://central.example:8443 is")
    if parts.scheme == "http" and _is_this_machine(host):
        authority = parts.netloc if parts.port not in (None, 80) else host
        return authority, lambda: urllib3.HTTPConnectionPool(host, parts.port or 80, maxsize=1)
    if parts.scheme != "https":
        raise ValueError(f"{url!r} is not encrypted; use https: (plain http: is for this machine alone)")
    authority = parts.netloc if parts.port not in (None, 443) else host
    context = _context(ca_pem)
    if ca_pem is None:  # nothing but the public offer is asked, and what it offers has to be proven afterwards
        warnings.filterwarnings("ignore", category=InsecureRequestWarning)
    return authority, lambda: urllib3.HTTPSConnectionPool(host, parts.port or 443, maxsize=1, ssl_context=context)


def _context(ca_pem: str | None) -> ssl.SSLContext:
    if ca_pem is None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context = ssl.create_default_context(cadata=ca_pem)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
