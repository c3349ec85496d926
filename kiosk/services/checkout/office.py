"""What the office asks of a checkout, and what staff are to know of its books. Plain data."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.facts import Json
from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class RemoteApproval:
    """A member of staff decided from afar, for the basket whose fingerprint is `bound_to` and no other. Asks for RemoteAnswer."""

    order_id: str
    granted: bool
    bound_to: str
    staff: str
    role: str
    kind: str = "age"


@dataclass(frozen=True, slots=True)
class ProfileChosen:
    """The terminal is to serve another profile. Asks for RemoteAnswer where an order is behind it."""

    profile: str
    order_id: str = ""


@dataclass(frozen=True, slots=True)
class MessageSent:
    """The office has a word for the attendant; plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class BooksTold:
    """What became of the books that staff should know: the key of a sentence, and its parameters."""

    key: str
    params: Mapping[str, Json]
