"""One open wire: a non-blocking descriptor with time-outs, that any thread may cancel or close.

Serial lines, pseudo-terminals, sockets and usblp nodes differ only in how they are opened. Reading and writing is done here on
the descriptor itself, because pyserial 3.5 raises four different exceptions for an unplugged device, TypeError for a close during
a read, and blocks for ever in a write without a time-out (all measured).
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from devices.transports.errors import TransportLostError

_AGAIN = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR, errno.EINPROGRESS}
_DRAIN_AT_MOST = 64 * 1024  # bytes; a babbling device must not hold its driver for ever


class Transport:
    """Bytes in and out of an open descriptor, which it owns.

    One thread reads and writes; `cancel_read` and `close` may be called from any thread, at any time, more than once.
    """

    def __init__(self, descriptor: int, name: str, *, empty_read_is_loss: bool = True) -> None:
        os.set_blocking(descriptor, False)
        self.name = name
        self._descriptor = descriptor
        self._empty_read_is_loss = empty_read_is_loss
        self._cancelled = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._closing = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._lock = threading.Lock()
        self._users = 0
        self._closed = False
        self._released = False

    def read(self, max_bytes: int, timeout_ms: int) -> bytes:
        """What has arrived, at least one byte and at most `max_bytes`; b"" when `timeout_ms` passed or the read was cancelled.

        Raises TransportLostError when the line is gone or closed.
        """
        deadline = time.monotonic() + timeout_ms / 1000
        with self._in_use():
            while True:
                if not self._wait(select.POLLIN, deadline):
                    return b""
                try:
                    data = os.read(self._descriptor, max_bytes)
                except OSError as error:
                    if error.errno not in _AGAIN:
                        raise self._lost(f"reading failed: {error.strerror}") from error
                    data = b""
                else:
                    if not data and self._empty_read_is_loss:
                        raise self._lost("the other end has closed")
                if data:
                    return data

    def write(self, data: bytes, timeout_ms: int) -> None:
        """Hand all of `data` to the line. Raises TransportLostError, with `sent`, when it is gone or does not take it in time."""
        deadline = time.monotonic() + timeout_ms / 1000
        rest = memoryview(data)
        with self._in_use():
            while rest:
                sent = len(data) - len(rest)
                try:
                    if not self._wait(select.POLLOUT, deadline):
                        raise self._lost(f"took {sent} of {len(data)} bytes in {timeout_ms} ms")
                    rest = rest[os.write(self._descriptor, rest) :]
                except TransportLostError as error:
                    error.sent = sent
                    raise
                except OSError as error:
                    if error.errno not in _AGAIN:
                        raise self._lost(f"writing failed: {error.strerror}", sent=sent) from error

    def drain(self) -> bytes:
        """Take off the line what is waiting there, without waiting. Raises TransportLostError."""
        waiting = b""
        while len(waiting) < _DRAIN_AT_MOST and (more := self.read(4096, 0)):
            waiting += more
        return waiting

    def control(self, request: int, size: int) -> bytes | None:
        """What the device answers, in `size` bytes, to an ioctl that only asks; None where it does not know the request.

        Raises TransportLostError when the line is closed.
        """
        with self._in_use():
            try:
                return fcntl.ioctl(self._descriptor, request, bytes(size))
            except OSError:
                return None

    def cancel_read(self) -> None:
        """Make the read in hand, or else the next one, return b"" at once."""
        with self._lock:
            if not self._closed:
                os.eventfd_write(self._cancelled, 1)

    def close(self) -> None:
        """Close the line; a blocked read or write raises TransportLostError."""
        with self._lock:
            if not self._closed:
                self._closed = True
                os.eventfd_write(self._closing, 1)
            self._release_if_unused()

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        # A descriptor number is reused as soon as it is closed: the last user closes it, so that no thread polls a stranger's.
        with self._lock:
            if self._closed:
                raise self._lost("it was closed")
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                self._release_if_unused()

    def _release_if_unused(self) -> None:
        if self._closed and self._users == 0 and not self._released:
            self._released = True
            for descriptor in (self._descriptor, self._cancelled, self._closing):
                os.close(descriptor)

    def _wait(self, event: int, deadline: float) -> bool:
        """Wait until the descriptor is ready for `event`: True; False at the deadline, or when a read was cancelled."""
        poll = select.poll()  # not select(): it refuses descriptors above 1023
        poll.register(self._descriptor, event)
        poll.register(self._closing, select.POLLIN)
        if event == select.POLLIN:
            poll.register(self._cancelled, select.POLLIN)
        ready = dict(poll.poll(max(0.0, (deadline - time.monotonic()) * 1000)))
        if self._closing in ready:
            raise self._lost("it was closed")
        if self._cancelled in ready:
            os.eventfd_read(self._cancelled)
            return False
        # A hang-up with bytes still waiting is read first; without any, it is the end. An error shows itself in the read.
        if self._descriptor in ready and ready[self._descriptor] & event == 0 and not self._empty_read_is_loss:
            raise self._lost("the device is gone")
        return self._descriptor in ready

    def _lost(self, what: str, *, sent: int = 0) -> TransportLostError:
        return TransportLostError(f"{self.name}: {what}; check the cable and that the device is on", sent=sent)
