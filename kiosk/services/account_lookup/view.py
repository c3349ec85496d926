"""What a session knows of the account that is open: a part of the one session, gone with it."""

from __future__ import annotations

from dataclasses import field

from kiosk.domain.account import Holder, IdentifiedBy, Overview
from kiosk.domain.records import dataclass

ADDRESS, PHONE = "address", "phone"


@dataclass(frozen=True, slots=True)
class AccountRules:
    """What a site decides about looking up accounts. `idle_s`: how long private things may stand there without a touch. `consent` is
    the version of the text that a holder agrees to at first use, "" for none. `months` are the lengths of a statement on offer."""

    idle_s: int = 30
    consent: str = ""
    months: tuple[int, ...] = (1, 3, 6)


@dataclass(frozen=True, slots=True)
class StatementCodes:
    """A statement as texts for a telephone, a code each: the newest `shown` of `count` movements."""

    texts: tuple[str, ...] = ()
    shown: int = 0
    count: int = 0
    at: int = 0

    def __repr__(self) -> str:
        return f"StatementCodes({len(self.texts)} texts, ...)"


@dataclass(frozen=True, slots=True)
class Change:
    """A change that the holder asks for: of what ("address" or "phone"), and to what."""

    what: str = ""
    wanted: str = ""

    def __repr__(self) -> str:
        return f"Change(what={self.what!r}, wanted=...)"


@dataclass(frozen=True, slots=True)
class AccountView:
    """The account in hand, from the first touch on. `visit` tells the answers to this look-up from those to another.

    `card_stays`: a card is in the reader, and to take it out ends the visit. `busy` is what is waited for ("" for nothing). `ticket`
    opens the account where it was verified live, "" where the store's own copy answered. `mark` is by what the journal knows the
    holder. `shows`: the holder wants names and amounts to be seen. `months` is the statement's length, one of the `lengths` on offer.
    `may_shop`: a coupon can go into a basket here; `may_pay`: bills are taken here. `problem` is the stable code of what went wrong.
    """

    visit: str = ""
    holder: Holder | None = None
    typing: IdentifiedBy = IdentifiedBy.ACCOUNT
    card_stays: bool = False
    busy: str = ""
    ticket: str = ""
    mark: str = ""
    is_live: bool = False
    steps_up: bool = False
    stepped_up: bool = False
    overview: Overview | None = None
    shows: bool = False
    months: int = 1
    lengths: tuple[int, ...] = ()
    may_shop: bool = False
    may_pay: bool = False
    codes: StatementCodes = field(default_factory=StatementCodes)
    change: Change = field(default_factory=Change)
    code_went_to: str = ""
    code_refused: bool = False
    problem: str = ""
    tries_left: int | None = None
    locked_for_s: int | None = None

    def __repr__(self) -> str:
        return f"AccountView(visit={self.visit!r}, busy={self.busy!r}, problem={self.problem!r}, ...)"
