"""A sentence to be read aloud, and a run of them: what every service's spoken words are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words at `key`, or at `otherwise` where a language has none there ("" is silence); or `text` as it is, which is data.

    `private` ones name the customer or what is theirs alone: they go to a headset, or nowhere (EN 301 549, 5.1.3.9).
    """

    key: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    otherwise: str = ""
    private: bool = False


Said = Iterator[Sentence]
