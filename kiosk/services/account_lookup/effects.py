"""What looking up an account asks for: plain data, which `kiosk.services.account_lookup.desk` has performed."""

from __future__ import annotations

from kiosk.domain.account import Holder, Overview
from kiosk.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class VerifyHolder:
    """Answered by HolderVerified or AccountDenied."""

    visit: str
    holder: Holder
    pin: str

    def __repr__(self) -> str:
        return f"VerifyHolder(visit={self.visit!r}, holder={self.holder!r}, pin=...)"


@dataclass(frozen=True, slots=True)
class FetchOverview:
    """Answered by OverviewFound or AccountDenied."""

    visit: str
    ticket: str
    holder: Holder

    def __repr__(self) -> str:
        return f"FetchOverview(visit={self.visit!r}, ...)"


@dataclass(frozen=True, slots=True)
class MakeStatement:
    """A statement of the last `months` on "paper", answered by StatementPrinted, or as codes ("qr"), answered by CodesReady; either by
    AccountDenied. Without a `ticket`, or where nobody can be asked any more, it is of the movements in `overview`."""

    visit: str
    how: str
    ticket: str
    mark: str
    months: int
    overview: Overview
    language: str

    def __repr__(self) -> str:
        return f"MakeStatement(visit={self.visit!r}, how={self.how!r}, ...)"


@dataclass(frozen=True, slots=True)
class SendCode:
    """Answered by CodeSent or AccountDenied."""

    visit: str
    ticket: str

    def __repr__(self) -> str:
        return f"SendCode(visit={self.visit!r}, ...)"


@dataclass(frozen=True, slots=True)
class StepUp:
    """Answered by SteppedUp or AccountDenied."""

    visit: str
    ticket: str
    code: str

    def __repr__(self) -> str:
        return f"StepUp(visit={self.visit!r}, ...)"


@dataclass(frozen=True, slots=True)
class AskForChange:
    """Answered by ChangeTaken or AccountDenied."""

    visit: str
    ticket: str
    mark: str
    what: str
    wanted: str

    def __repr__(self) -> str:
        return f"AskForChange(visit={self.visit!r}, what={self.what!r}, ...)"


@dataclass(frozen=True, slots=True)
class LeaveAccount:
    """The ticket is to open nothing any more; nothing answers."""

    ticket: str

    def __repr__(self) -> str:
        return "LeaveAccount(...)"


Effect = VerifyHolder | FetchOverview | MakeStatement | SendCode | StepUp | AskForChange
