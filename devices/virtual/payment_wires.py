"""The wires of the virtual payment terminal: a TCP port, or a pseudo-terminal with serial framing. Bytes in and out; no meaning."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import socket
import tempfile
import tty
from pathlib import Path
from typing import Protocol

from devices.terminals.zvt_codec import Line, SerialLine, TcpLine

_WRITE_TIMEOUT_MS = 2000
LINK_REPLY_MS = 1000  # how long a serial line waits for the other side's acknowledgement


class Wire(Protocol):
    """Where registers connect."""

    url: str
    line: Line

    def descriptors(self) -> list[int]:
        """What to poll for reading."""

    def take(self, ready: set[int]) -> tuple[bool, bytes | None]:
        """Whether a register newly connected, and what it sent; None when it hung up."""

    def write(self, data: bytes) -> None:
        """Send; bytes that nobody takes are lost, as on a real line."""

    def drop(self) -> None:
        """Break the line; a register may connect again at once."""

    def close(self) -> None:
        """Close for good."""


class TcpWire:
    """One register at a time; the newest connection ends the one before. Port 0 takes a free one."""

    def __init__(self, host: str, port: int) -> None:
        self._listener = socket.create_server((host, port))
        self._listener.setblocking(False)
        self._register: socket.socket | None = None
        self.port: int = self._listener.getsockname()[1]
        self.url = f"tcp:{host}:{self.port}"
        self.line: Line = TcpLine()

    def descriptors(self) -> list[int]:
        """See Wire."""
        return [self._listener.fileno()] + ([self._register.fileno()] if self._register else [])

    def take(self, ready: set[int]) -> tuple[bool, bytes | None]:
        """See Wire."""
        if self._listener.fileno() in ready:
            with contextlib.suppress(OSError):
                register, _ = self._listener.accept()
                self.drop()
                register.setblocking(False)
                register.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._register = register
                return True, b""
        if self._register is None or self._register.fileno() not in ready:
            return False, b""
        try:
            data = self._register.recv(4096)
        except BlockingIOError:
            return False, b""
        except OSError:
            data = b""
        return False, data or None

    def write(self, data: bytes) -> None:
        """See Wire."""
        if self._register is not None:
            _write_all(self._register.fileno(), data)

    def drop(self) -> None:
        """See Wire."""
        if self._register is not None:
            self._register.close()
        self._register, self.line = None, TcpLine()

    def close(self) -> None:
        """See Wire."""
        self.drop()
        self._listener.close()


class PtyWire:
    """A pseudo-terminal under a name that stays when the line is dropped and plugged in again."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="payment-terminal-")
        self._link = Path(self._folder.name) / "line"
        self.url = f"pty:{self._link}"
        self._open()

    def descriptors(self) -> list[int]:
        """See Wire."""
        return [self._master]

    def take(self, ready: set[int]) -> tuple[bool, bytes | None]:
        """See Wire. A serial line cannot tell that somebody came or went."""
        if self._master not in ready:
            return False, b""
        with contextlib.suppress(OSError):
            return False, os.read(self._master, 4096)
        return False, b""

    def write(self, data: bytes) -> None:
        """See Wire."""
        _write_all(self._master, data)

    def drop(self) -> None:
        """See Wire. The new line is there before the old one goes, as its name always leads somewhere."""
        old = (self._master, self._held)
        self._open()
        for descriptor in old:
            os.close(descriptor)

    def close(self) -> None:
        """See Wire."""
        os.close(self._master)
        os.close(self._held)
        self._folder.cleanup()

    def _open(self) -> None:
        # The far end is held open here too: else the near end reports a hang-up whenever no register has it open.
        self._master, self._held = pty.openpty()
        tty.setraw(self._held)
        os.set_blocking(self._master, False)
        fresh = self._link.with_suffix(".new")
        fresh.symlink_to(os.ttyname(self._held))
        fresh.replace(self._link)
        self.line: Line = SerialLine()


def _write_all(descriptor: int, data: bytes) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    with contextlib.suppress(OSError):
        while data and poll.poll(_WRITE_TIMEOUT_MS):
            data = data[os.write(descriptor, data) :]
