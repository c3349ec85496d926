"""A line that does to requests and answers what lines, proxies and foreign machines do. It reads what it forwards: plain http only."""

from __future__ import annotations

import contextlib
import random
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sync.faults.message import Message, read_message
from sync.faults.proxy import LineProxy

FAULTS: Final = (
    "drop",  # the request never arrives
    "deafen",  # it arrives, and its answer is lost
    "delay",
    "twice",  # it arrives twice, at once
    "late",  # it is cut, and arrives after the one behind it
    "cut-request",  # in the middle of its body
    "cut-answer",
    "longer-request",  # it says that it is longer than it is
    "shorter-request",
    "longer",  # the answer says so
    "shorter",
    "500",
    "503",
    "429",
    "garbage",  # no HTTP at all
    "portal",  # somebody's log-in page, with status 200
    "redirect",
    "stale",  # the answer to another request
    "flood",  # an answer of more bytes than any of ours has
    "trickle",
    "hang",  # nothing for a while, and then the end
)

_BODY_FAULTS: Final = {
    "cut-request": "drop",
    "longer-request": "drop",
    "shorter-request": "drop",
}  # where there is none
_RETRY_AFTER: Final = (
    *(b"0", b"1", b"0.2", b"-5", b"soon", b"nan", b"inf", b"1e400", b"9" * 400, b"99999999999", b"\xff\xfe", b""),
    b"Wed, 21 Oct 2015 07:28:00 GMT",
)
_GARBAGE: Final = (
    b"\x00" * 700,
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"HTTP/1.1 200",
    b"HTTP/9.9 99999999999 Yes\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\ncontent-length: 1e9\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZZ\r\n{}",
    b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b!!",
    b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 2_000,
    b"HTTP/1.1 200 " + b"k" * 200_000,
)
_PAGE: Final = b"<!doctype html><title>Welcome to our network</title><form action=/login></form>"
_PORTAL: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: %d\r\n\r\n%s" % (len(_PAGE), _PAGE)
_REDIRECT: Final = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/login\r\ncontent-length: 0\r\n\r\n"
_FLOOD_BYTES: Final = 17_000_000
_ANSWER_WAIT_S: Final = 60.0

Watcher = Callable[[Message, Message], None]


class FaultyLine(LineProxy):
    """Of every hundred requests `percent` meet one of `faults`, drawn from `seed`. `happened` counts them, "well" for none."""

    def __init__(
        self,
        target: str | int,
        *,
        seed: int = 0,
        percent: int = 0,
        faults: Sequence[str] = FAULTS,
        watcher: Watcher = lambda _request, _answer: None,
    ) -> None:
        """`watcher` is called with every request that arrived whole and its answer, from any thread."""
        super().__init__(target)
        self.percent = percent
        self.faults = faults
        self.happened: Counter[str] = Counter()
        self._watcher = watcher
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._late: list[Message] = []
        self._stale = Message(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n", b"{}")

    def mend(self) -> None:
        """As a line should be."""
        self.percent = 0
        super().mend()

    def _serve(self, client: socket.socket, age: int) -> None:
        client.settimeout(_ANSWER_WAIT_S)
        while (request := read_message(client)) is not None:
            if self._passes(len(request.raw), age) and not self._handle(client, request, age):
                return

    def _handle(self, client: socket.socket, request: Message, age: int) -> bool:
        """Whether the connection lives on."""
        fault, late = self._drawn(request)
        if fault == "delay":
            self._idle(0.05, 0.8)
        answer = self._answer_to(request, fault)
        for message in late:
            self._forward(message)
        if age != self._age:
            return True
        if answer is None:
            if fault == "hang":
                self._idle(0.3, 1.5)
            return False
        if fault in ("cut-answer", "longer", "trickle"):
            return self._hand_over_badly(client, answer, fault)
        client.sendall(answer.claiming(max(0, len(answer.body) - 7)) if fault == "shorter" else answer.raw)
        return fault != "garbage"

    def _drawn(self, request: Message) -> tuple[str, list[Message]]:
        with self._state:
            fault = self._chance.choice(self.faults) if self._chance.randrange(100) < self.percent else ""
            if not request.body:
                fault = _BODY_FAULTS.get(fault, fault)
            self.happened[fault or "well"] += 1
            late, self._late = self._late, []
            if fault == "late":
                self._late.append(request)
        return fault, late

    def _answer_to(self, request: Message, fault: str) -> Message | None:
        """What comes back on the line; None for nothing."""
        if fault in ("drop", "late"):
            return None
        if fault in ("cut-request", "longer-request", "shorter-request"):
            return self._spoiled(request, fault)
        if foreign := self._foreign(fault):
            return foreign
        answer = self._twice(request) if fault == "twice" else self._forward(request)
        if fault == "stale":
            return self._stale
        if answer is not None and answer.status == 200:
            self._stale = answer
        return None if fault in ("deafen", "hang") else answer

    def _foreign(self, fault: str) -> Message | None:
        """An answer that our service never gave."""
        match fault:
            case "500" | "503" | "429":
                with self._state:
                    retry = self._chance.choice(_RETRY_AFTER)
                head = b"HTTP/1.1 %s Sorry\r\nretry-after: %s\r\ncontent-length: 5\r\n\r\n" % (fault.encode(), retry)
                return Message(head, b"sorry")
            case "garbage":
                with self._state:
                    return Message(self._chance.choice(_GARBAGE), b"")
            case "portal":
                return Message(_PORTAL, b"")
            case "redirect":
                return Message(_REDIRECT, b"")
            case "flood":
                return Message(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % _FLOOD_BYTES, b" " * _FLOOD_BYTES)
        return None

    def _hand_over_badly(self, client: socket.socket, answer: Message, fault: str) -> bool:
        if fault == "cut-answer":
            client.sendall(answer.first_half())
        if fault == "longer":
            client.sendall(answer.claiming(len(answer.body) + 7))
        if fault == "trickle":
            step = max(1, len(answer.raw) // 20)
            for at in range(0, len(answer.raw), step):
                client.sendall(answer.raw[at : at + step])
                self._idle(0.01, 0.03)
        return fault == "trickle"

    def _forward(self, request: Message) -> Message | None:
        with contextlib.suppress(OSError), self._towards_target() as service:
            service.settimeout(_ANSWER_WAIT_S)
            service.sendall(request.raw)
            answer = read_message(service)
            if answer is not None:
                self._watcher(request, answer)
            return answer
        return None

    def _twice(self, request: Message) -> Message | None:
        with ThreadPoolExecutor(2) as both:
            first, second = both.map(self._forward, (request, request))
        with self._state:
            return self._chance.choice((first, second))

    def _spoiled(self, request: Message, fault: str) -> Message | None:
        size = len(request.body)
        raw = {
            "cut-request": request.first_half(),
            "longer-request": request.claiming(size + 7),
            "shorter-request": request.claiming(size // 2),
        }[fault]
        with contextlib.suppress(OSError), self._towards_target() as service:
            service.settimeout(_ANSWER_WAIT_S)
            service.sendall(raw)
            service.shutdown(socket.SHUT_WR)
            return read_message(service)
        return None

    def _idle(self, least_s: float, most_s: float) -> None:
        """Wait a drawn while, or until the line is cut. Raises OSError then."""
        with self._state:
            if self._state.wait_for(lambda: self.is_cut, self._chance.uniform(least_s, most_s)):
                raise ConnectionAbortedError("the line was cut")
