"""A listener on a wire: keeps what a terminal sends to a device, and may change what the device answers."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType


class Wiretap:
    """Stands before the device at `url` (tcp:host:port); the terminal is sent to `url` of this."""

    def __init__(self, url: str, change: Callable[[bytes], bytes] = lambda data: data) -> None:
        _, host, port = url.split(":")
        self._device = (host, int(port))
        self._change = change
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp:127.0.0.1:{self._listener.getsockname()[1]}"
        self.sent = bytearray()  # by the terminal
        self.told = bytearray()  # to the terminal, as changed
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                terminal, _ = self._listener.accept()
                device = socket.create_connection(self._device)
                for source, sink, kept, change in (
                    (terminal, device, self.sent, bytes),
                    (device, terminal, self.told, self._change),
                ):
                    threading.Thread(target=_carry, args=(source, sink, kept, change), daemon=True).start()

    def __enter__(self) -> Wiretap:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


def _carry(source: socket.socket, sink: socket.socket, kept: bytearray, change: Callable[[bytes], bytes]) -> None:
    with source, sink, contextlib.suppress(OSError):
        while data := source.recv(65_536):
            changed = change(data)
            kept += changed
            sink.sendall(changed)
        for end in (source, sink):
            end.shutdown(socket.SHUT_RDWR)
