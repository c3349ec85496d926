"""A line that fails on demand: an HTTP proxy on loopback between a terminal and the central service."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence

FAULTS = (
    "drop",  # the request never arrives
    "deafen",  # it arrives, and its answer is lost
    "delay",
    "twice",  # it arrives twice
    "late",  # it is cut, and arrives after the ones behind it
    "cut-request",  # in the middle of its body
    "cut-answer",
    "longer",  # the answer says that it is longer than it is
    "shorter",
    "500",
    "503",
    "429",
)


class Message:
    """A request or an answer, whole: its head with the blank line, and its body."""

    def __init__(self, head: bytes, body: bytes) -> None:
        self.head = head
        self.body = body

    @property
    def raw(self) -> bytes:
        return self.head + self.body

    def claiming(self, length: int) -> bytes:
        """As it is, with another content-length."""
        lines = [line for line in self.head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
        lines.insert(1, b"content-length: %d" % length)
        return b"\r\n".join(lines) + self.body


class FaultyLine:
    """Forwards to `target` (a port); of every hundred requests `percent` fall to one of `faults`. `is_cut` refuses all."""

    def __init__(self, target: int, *, seed: int = 0, percent: int = 0, faults: Sequence[str] = FAULTS) -> None:
        self.target = target
        self.percent = percent
        self.faults = faults
        self.is_cut = False
        self.happened: Counter[str] = Counter()
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._late: list[bytes] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="faulty line", daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """No line at all, also for what is under way."""
        self.is_cut = True
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.is_cut = False
        self.percent = 0

    def close(self) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._lock:
            self._open.add(client)
        try:
            client.settimeout(60)
            while not self.is_cut and (request := read_message(client)) is not None:
                if not self._handle(client, request):
                    return
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()

    def _handle(self, client: socket.socket, request: Message) -> bool:
        """Whether the connection lives on."""
        with self._lock:
            fault = self._chance.choice(self.faults) if self._chance.randrange(100) < self.percent else ""
            self.happened[fault or "well"] += 1
            late, self._late = self._late, []
        if fault in ("drop", "late", "cut-request"):
            if fault == "late":
                self._late.append(request.raw)
            if fault == "cut-request":
                self._half(request)
            return False
        if fault in ("500", "503", "429"):
            retry = b"" if fault == "500" else b"retry-after: 0.2\r\n"
            client.sendall(b"HTTP/1.1 %s Sorry\r\n%scontent-length: 5\r\n\r\nsorry" % (fault.encode(), retry))
            return True
        if fault == "delay":
            time.sleep(0.3)
        answer = self._forward(request.raw)
        if fault == "twice":
            answer = self._forward(request.raw) or answer
        for raw in late:
            self._forward(raw)
        if answer is None or fault == "deafen":
            return False
        return self._answer(client, answer, fault)

    def _answer(self, client: socket.socket, answer: Message, fault: str) -> bool:
        if fault == "cut-answer":
            client.sendall(answer.raw[: len(answer.head) + len(answer.body) // 2])
            return False
        if fault == "longer":
            client.sendall(answer.claiming(len(answer.body) + 7))
            return False
        if fault == "shorter":
            client.sendall(answer.claiming(max(1, len(answer.body) - 7)))
            return False
        client.sendall(answer.raw)
        return True

    def _forward(self, raw: bytes) -> Message | None:
        try:
            with socket.create_connection(("127.0.0.1", self.target), timeout=60) as service:
                service.sendall(raw)
                return read_message(service)
        except OSError:
            return None

    def _half(self, request: Message) -> None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.target), timeout=5) as service:
            service.sendall(request.raw[: len(request.head) + len(request.body) // 2])


def read_message(line: socket.socket) -> Message | None:
    """The next message with a content-length (or none); None at the end of the line."""
    found = b""
    while b"\r\n\r\n" not in found:
        chunk = line.recv(65_536)
        if not chunk:
            return None
        found += chunk
    head, _, body = found.partition(b"\r\n\r\n")
    length = 0
    for name, _, value in (header.partition(b":") for header in head.split(b"\r\n")[1:]):
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        chunk = line.recv(65_536)
        if not chunk:
            return None
        body += chunk
    return Message(head + b"\r\n\r\n", body)
