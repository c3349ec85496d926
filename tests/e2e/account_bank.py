"""A bank in the test's own hands: it implements the ports of an account look-up, and is away when it is told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kiosk.domain.account import Balance, Coupon, DueBill, Holder, IdentifiedBy, Movement, Overview
from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money
from kiosk.ports import AccountRefused, KeptAccount, Statement, Verified

NUMBER, PHONE, CARD, PIN, CODE = "40012345", "03012345678", "ACC-9276100000014", "2580", "424242"
TICKET = "ticket-1"


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


MOVEMENTS = tuple(Movement(date(2026, 11, 20 - at), f"Shop number {at}", euro(-1_000 - at * 37)) for at in range(12))
BILL = Bill(
    "epc", "DE89370400440532013000", "EUR", payee="Stadtwerke", reference="RF18539007547034", amount=euro(5_890)
)
OVERVIEW = Overview(
    "Kim Muster",
    (
        Balance("current", "DE02100100100006820101", euro(123_456), euro(100_000)),
        Balance("savings", "DE02100100100006820202", euro(500_000)),
    ),
    MOVEMENTS,
    (DueBill(replace(BILL, due=date(2026, 12, 1))),),
    1_234,
    (Coupon("CPN-COFFEE", "Coffee, a euro off", date(2026, 12, 24)),),
    "2026-11-22T09:30:00+01:00",
    "Weg 1, 10115 Berlin",
    "+49 30 12345678",
)


@dataclass
class Bank:
    """An `AccountOffice`. `answers` replaces the next answer to a question by name; `silent` ones are kept in `held` instead."""

    overview_now: Overview = OVERVIEW
    consent: str = "2026-11"
    steps_up: bool = True
    pin: str = PIN
    away: bool = False
    answers: dict[str, Any] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    held: list[Callable[[], None]] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def verify(self, holder: Holder, pin: str, done: Callable[[Any], None]) -> None:
        known = {IdentifiedBy.ACCOUNT: NUMBER, IdentifiedBy.PHONE: PHONE, IdentifiedBy.CARD: CARD.removeprefix("ACC-")}
        is_right = known[holder.by] == holder.number and pin == self.pin
        verified = Verified(TICKET, "mark-1", self.consent, self.steps_up)
        self._answer("verify", (str(holder.by),), verified if is_right else AccountRefused("no-match", 4), done)

    def send_code(self, ticket: str, done: Callable[[Any], None]) -> None:
        self._answer("send_code", (ticket,), "+49 30 ••••78", done)

    def step_up(self, ticket: str, code: str, done: Callable[[Any], None]) -> None:
        self._answer("step_up", (ticket,), code == CODE or AccountRefused("wrong-code"), done)

    def overview(self, ticket: str, done: Callable[[Any], None]) -> None:
        self._answer("overview", (ticket,), self.overview_now, done)

    def statement(self, ticket: str, months: int, done: Callable[[Any], None]) -> None:
        moved = tuple(reversed(self.overview_now.movements)) * months
        self._answer("statement", (ticket, str(months)), Statement(self.overview_now, moved), done)

    def request(self, ticket: str, what: str, value: str, done: Callable[[Any], None]) -> None:
        self._answer("request", (ticket, what, value), "R-1", done)

    def leave(self, ticket: str) -> None:
        self.left.append(ticket)

    def _answer(self, name: str, about: tuple[str, ...], answer: Any, done: Callable[[Any], None]) -> None:
        self.asked.append((name, *about))
        answer = AccountRefused("away") if self.away else self.answers.pop(name, answer)
        if name in self.silent:
            self.held.append(lambda: done(answer))
        else:
            done(answer)


@dataclass
class Copy:
    """An `AccountSnapshot` of one account, or of none."""

    kept: KeptAccount | None = field(default_factory=lambda: KeptAccount("mark-1", OVERVIEW, "hash", "2026-11"))
    pin: str = PIN

    def find(self, holder: Holder) -> KeptAccount | None:
        return self.kept if holder.number in (NUMBER, PHONE, CARD.removeprefix("ACC-")) else None

    def is_pin(self, kept: KeptAccount, pin: str) -> bool:
        assert kept is self.kept
        return pin == self.pin

    def mark_of(self, holder: Holder) -> str:
        return f"someone-{holder.number.encode().hex()}"
