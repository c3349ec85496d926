"""What every request and answer has in common: version, headers, classes, limits, and how a model is read."""

from __future__ import annotations

import gzip
import io
import zlib
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

VERSION: Final = 1

# Request headers. All of them that are sent are covered by the signature.
PROTOCOL_HEADER: Final = "tern-protocol"  # VERSION
CLASS_HEADER: Final = "tern-class"  # a RequestClass
DEADLINE_HEADER: Final = "tern-deadline-ms"  # how long the terminal will wait from now; relative, for clocks differ
CLOCK_HEADER: Final = (
    "tern-clock"  # the terminal's own wall clock, ISO 8601 with offset: skew is recorded, never refused
)

BATCH_MOST_ENTRIES: Final = 500
BATCH_TARGET_BYTES: Final = 1_000_000  # JSON before compression; one entry alone may be larger, up to BODY_MOST_BYTES
BODY_MOST_BYTES: Final = 8_000_000  # JSON before compression
SENT_MOST_BYTES: Final = 2_000_000  # as sent, compressed
FEED_PAGE_MOST_ROWS: Final = 5_000
TELEMETRY_MOST_EVENTS: Final = 1_000
LONG_POLL_MOST_S: Final = 30

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=500)]
WallTime = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{5,32}$")]


class RequestClass(StrEnum):
    """In what order the service admits: live before backlog before telemetry, which may be shed."""

    LIVE = "live"  # entries younger than a minute, commands, the terminal's state, claims
    BACKLOG = "backlog"  # what gathered while the line was down; feeds
    TELEMETRY = "telemetry"


class Request(BaseModel):
    """What a terminal sends. A key that this version does not know is refused, so that nothing is lost without a word."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Answer(BaseModel):
    """What the service answers. Keys of a newer service are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class TooLargeError(ValueError):
    """What was sent is, or unpacks to, more than the limit."""


class NotGzipError(ValueError):
    """What was sent as gzip is none, is cut short, or has something behind its end."""


def packed(data: bytes) -> bytes:
    """`data` as one gzip member (RFC 1952), the same bytes for the same data. Level 3: a batch of 900 kB takes 2.4 ms instead of 5.6
    and comes to 47 kB instead of 40."""
    return gzip.compress(data, compresslevel=3, mtime=0)


def unpacked(data: bytes, most_bytes: int = BODY_MOST_BYTES) -> bytes:
    """What one gzip member holds, never making more than `most_bytes` + 1 of it. Raises TooLargeError, NotGzipError."""
    unpacker = zlib.decompressobj(wbits=31)
    found = io.BytesIO()
    try:
        found.write(unpacker.decompress(data, most_bytes + 1))
    except zlib.error as error:
        raise NotGzipError(f"the body is no gzip: {error}") from error
    if found.tell() > most_bytes:
        raise TooLargeError(f"the body unpacks to more than {most_bytes} bytes; send it in smaller parts")
    if not unpacker.eof or unpacker.unused_data:
        raise NotGzipError("the body is cut short, or more than one gzip member")
    return found.getvalue()
