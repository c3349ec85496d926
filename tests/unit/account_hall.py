"""A terminal that a holder of an account walks through: decided, with everything that it asks for kept to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from till import RULES

from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.scan import Scan
from kiosk.ports import CardShown, Health, HealthState
from kiosk.services.account_lookup import events as told
from kiosk.services.account_lookup.view import AccountRules
from kiosk.services.checkout.effects import Record
from kiosk.services.checkout.events import DeviceChanged, Scanned
from kiosk.services.checkout.session import Rules, Session, Turn
from kiosk.services.checkout.timing import advance
from kiosk.services.home import ServiceChosen
from tests.e2e.account_bank import OVERVIEW

PROFILES = {"bank": ("bills", "account"), "both": ("checkout", "account"), "shop": ("checkout",)}
READY = Health(HealthState.READY)
CHIP = Holder(IdentifiedBy.CARD, "9276100000014", "chip")


@dataclass
class Hall:
    """A terminal that a holder walks through; what it asks for is kept in `asked`."""

    profile: str = "bank"
    consent: str = ""
    session: Session = field(default_factory=lambda: Session("en"))
    asked: list[object] = field(default_factory=list)
    turns: int = 0

    def __post_init__(self) -> None:
        self.session = replace(self.session, profile=self.profile)
        self.tell(DeviceChanged("printer", READY))

    @property
    def rules(self) -> Rules:
        return replace(RULES, profiles=PROFILES, accounts=AccountRules(consent=self.consent))

    def tell(self, *events: object) -> Hall:
        for event in events:
            self.turns += 1
            at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC) + timedelta(seconds=self.turns)
            turn = Turn(self.rules, at, self.turns, f"id{self.turns:026d}")
            self.session, effects = advance(self.session, event, turn)
            self.asked += effects
        return self

    def scan(self, code: str) -> Hall:
        return self.tell(Scanned(Scan(code.encode(), "C0")))

    @property
    def step(self) -> str:
        return self.session.step

    @property
    def view(self) -> Any:
        assert self.session.account is not None
        return self.session.account

    def last(self, kind: type) -> Any:
        return next(effect for effect in reversed(self.asked) if isinstance(effect, kind))

    def asked_for(self, kind: type) -> bool:
        return any(isinstance(effect, kind) for effect in self.asked)

    def facts(self) -> list[Any]:
        return [fact for effect in self.asked if isinstance(effect, Record) for fact in effect.facts]


def at_pin(hall: Hall, card: Holder | None = None) -> Hall:
    if card:
        return hall.tell(told.CardSeen(CardShown(card, stays=True)))
    return hall.tell(ServiceChosen("account"), told.NumberWanted(IdentifiedBy.ACCOUNT), told.NumberTyped("4001 2345"))


def verified(hall: Hall, consent: str = "") -> Hall:
    hall.tell(told.AccountPinTyped("2580"))
    return hall.tell(told.HolderVerified(hall.view.visit, "mark-1", "ticket-1", consent, steps_up=True))


def opened(hall: Hall | None = None, card: Holder | None = None) -> Hall:
    hall = verified(at_pin(hall or Hall(), card))
    return hall.tell(told.OverviewFound(hall.view.visit, OVERVIEW, is_live=True))


def copied() -> Hall:
    hall = at_pin(Hall()).tell(told.AccountPinTyped("2580"))
    return hall.tell(told.HolderVerified(hall.view.visit, "mark-1", overview=OVERVIEW))
