"""A line with a switch in it: forwards bytes between two ends on loopback, TLS and all, until it is cut, held or slowed."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

_HOST: Final = "127.0.0.1"
_CHUNK_BYTES: Final = 65_536
_CONNECT_S: Final = 5.0
_END_S: Final = 5.0


class LineProxy:
    """A line to `target` through a port of its own. Every method from any thread; `mend` undoes `cut`, `hold` and `slow`.

    Bytes are forwarded as they are, so TLS passes through: whoever connects to `url` sees the certificate of the target.
    """

    def __init__(self, target: str | int, *, port: int = 0) -> None:
        """`target` is an address such as `https://127.0.0.1:8443`, or a port of this machine for plain http.

        The port is taken at once and kept while the line is cut: `port` 0 takes a free one. Raises OSError, ValueError.
        """
        parts = urlsplit(f"http://{_HOST}:{target}" if isinstance(target, int) else target)
        if parts.hostname is None or parts.port is None:
            raise ValueError(f"{target!r} is no address with a port; one such as https://127.0.0.1:8443 is")
        self.target: tuple[str, int] = (parts.hostname, parts.port)
        self._scheme = parts.scheme
        self._state = threading.Condition()
        self._is_cut = False
        self._is_held = False
        self._delay_s = 0.0
        self._bytes_per_s = 0
        self._is_closed = False
        self._age = 0  # connections that are older say nothing more
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        # Bound and never listening: the port stays ours while nobody answers on it.
        self._place = place(port)
        self.port: int = self._place.getsockname()[1]

    @property
    def url(self) -> str:
        """The address for whoever shall use this line."""
        return f"{self._scheme}://{_HOST}:{self.port}"

    @property
    def is_cut(self) -> bool:
        """Whether there is no line now."""
        return self._is_cut

    def start(self) -> str:
        """Open the line; its `url`."""
        with self._state:
            if self._listener is None and not self._is_closed and not self._is_cut:
                self._listener = place(self.port)
                self._listener.listen(128)
                self._spawn(self._accept, self._listener)
        return self.url

    def cut(self) -> None:
        """No line: what is under way ends in the middle, and whoever calls is refused."""
        with self._state:
            self._is_cut = True
            listener, self._listener = self._listener, None
            for one in self._open:
                _end(one)
            self._state.notify_all()
        if listener is not None:
            _end(listener)
            listener.close()

    def hold(self) -> None:
        """A line that says nothing: it stays open, whoever calls is let in, and no byte moves until `mend`."""
        with self._state:
            self._is_held = True

    def forget(self) -> None:
        """As a router that was switched off and on: what is open stays open and is dead for good, what is opened from now on goes."""
        with self._state:
            self._age += 1

    def slow(self, *, delay_ms: int = 0, bytes_per_s: int = 0) -> None:
        """Every piece waits `delay_ms`, each way; at most `bytes_per_s` on a connection, each way (0: as fast as it goes)."""
        with self._state:
            self._delay_s, self._bytes_per_s = delay_ms / 1_000, bytes_per_s
            self._state.notify_all()

    def mend(self) -> None:
        """As a line should be."""
        with self._state:
            self._is_cut = self._is_held = False
            self._delay_s, self._bytes_per_s = 0.0, 0
            self._state.notify_all()
        self.start()

    def close(self) -> None:
        """End it and let the port go. Callable more than once."""
        with self._state:
            self._is_closed = True
        self.cut()
        for thread in tuple(self._threads):
            thread.join(_END_S)
        self._place.close()

    # --- for a line that reads what it forwards

    def _serve(self, client: socket.socket, age: int) -> None:
        """One connection, which is of `age`, until it ends. Runs on a thread of its own; raises OSError."""
        with self._towards_target() as service:
            back = self._spawn(self._pump, service, client, age)
            self._pump(client, service, age)
            back.join()

    @contextlib.contextmanager
    def _towards_target(self) -> Iterator[socket.socket]:
        with socket.create_connection(self.target, timeout=_CONNECT_S) as service:
            service.settimeout(None)
            with self._kept(service):
                yield service

    def _passes(self, size: int, age: int) -> bool:
        """Wait as long as `size` bytes need on this line; whether they arrive at all. Raises OSError when it is cut meanwhile."""
        with self._state:
            due_s = time.monotonic() + self._delay_s + (size / self._bytes_per_s if self._bytes_per_s else 0.0)
            while not self._is_cut and (self._is_held or time.monotonic() < due_s):
                if not self._delay_s and not self._bytes_per_s and not self._is_held:
                    break  # mended meanwhile
                self._state.wait(None if self._is_held else due_s - time.monotonic())
            if self._is_cut:
                raise ConnectionAbortedError("the line was cut")
            return age == self._age

    # --- within

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self._spawn(self._connected, client)

    def _connected(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, self._kept(client):
            self._serve(client, self._age)

    def _pump(self, source: socket.socket, sink: socket.socket, age: int) -> None:
        try:
            while chunk := source.recv(self._piece()):
                if self._passes(len(chunk), age):
                    sink.sendall(chunk)
            if age == self._age:
                sink.shutdown(socket.SHUT_WR)
            else:
                _end(sink)
        except OSError:
            _end(source)
            _end(sink)

    def _piece(self) -> int:
        return max(1, min(_CHUNK_BYTES, self._bytes_per_s // 10)) if self._bytes_per_s else _CHUNK_BYTES

    @contextlib.contextmanager
    def _kept(self, one: socket.socket) -> Iterator[None]:
        """Known to `cut` while it is open."""
        with self._state:
            if self._is_cut:
                raise ConnectionAbortedError("the line was cut")
            self._open.add(one)
        try:
            yield
        finally:
            with self._state:
                self._open.discard(one)

    def _spawn(self, work: Callable[..., None], *what: Any) -> threading.Thread:
        def run() -> None:
            try:
                work(*what)
            finally:
                self._threads.discard(thread)

        thread = threading.Thread(target=run, name=f"line on port {self.port}", daemon=True)
        self._threads.add(thread)
        thread.start()
        return thread


def place(port: int) -> socket.socket:
    """A port of loopback, kept and not listened on: whoever shall listen on it (with SO_REUSEADDR) finds it free. Raises OSError."""
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((_HOST, port))
    except OSError:
        one.close()
        raise
    return one


def _end(one: socket.socket) -> None:
    # Closing would not wake a thread that waits on it; this does.
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
