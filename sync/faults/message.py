"""HTTP/1.1 messages as a line sees them: a head, and a body as long as the head says. No more of HTTP than both our ends send."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Final

_MOST_HEAD_BYTES: Final = 65_536
_MOST_BODY_BYTES: Final = 64_000_000
_CHUNK_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer, whole: its head with the blank line, and its body."""

    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        """As it goes on the line."""
        return self.head + self.body

    @property
    def method(self) -> str:
        """Of a request."""
        return self.head.split(b" ", 1)[0].decode("latin-1")

    @property
    def path(self) -> str:
        """Of a request, without its query."""
        return self.head.split(b" ", 2)[1].partition(b"?")[0].decode("latin-1")

    @property
    def status(self) -> int:
        """Of an answer; 0 where it has none."""
        word = self.head.split(b" ", 2)[1]
        return int(word) if word.isdigit() else 0

    def header(self, name: str) -> str:
        """What the head says under `name` (lower case), "" for nothing."""
        for line in self.head.split(b"\r\n")[1:]:
            found, _, value = line.partition(b":")
            if found.lower() == name.encode():
                return value.strip().decode("latin-1")
        return ""

    def claiming(self, length: int) -> bytes:
        """As it is, with another content-length."""
        lines = [line for line in self.head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
        lines.insert(1, b"content-length: %d" % length)
        return b"\r\n".join(lines) + self.body

    def first_half(self) -> bytes:
        """The head and half of the body."""
        return self.head + self.body[: len(self.body) // 2]


def read_message(line: socket.socket) -> Message | None:
    """The next message with a content-length (or none); None at the end of the line. Raises OSError for what is none."""
    found = b""
    while b"\r\n\r\n" not in found:
        chunk = line.recv(_CHUNK_BYTES)
        if not chunk:
            return None
        found += chunk
        if len(found) > _MOST_HEAD_BYTES + _CHUNK_BYTES:
            raise ConnectionAbortedError("a head without an end")
    head, _, begun = found.partition(b"\r\n\r\n")
    length = Message(head, b"").header("content-length") or "0"
    if not length.isdigit() or int(length) > _MOST_BODY_BYTES:
        raise ConnectionAbortedError(f"a body of {length[:20]} bytes")
    body = bytearray(begun)
    while len(body) < int(length):
        chunk = line.recv(_CHUNK_BYTES)
        if not chunk:
            return None
        body += chunk
    return Message(head + b"\r\n\r\n", bytes(body))
