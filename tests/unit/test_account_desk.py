"""Who verifies a holder, and how often they may be wrong: on real books, with a bank and a copy in the test's hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.facts import Entry, Kind
from kiosk.ports import (
    AccountRefused,
    Align,
    DeviceUnavailableError,
    Health,
    HealthState,
    PrintColumns,
    PrintJob,
    PrintOutcome,
    PrintResult,
    PrintText,
    Statement,
)
from kiosk.services.account_lookup import effects as ask
from kiosk.services.account_lookup import events as told
from kiosk.services.account_lookup.desk import AccountDesk
from kiosk.services.account_lookup.nobody import NobodyToAsk
from kiosk.services.account_lookup.statement import balance_name, masked, statement_codes, statement_parts
from kiosk.services.account_lookup.tries import Locking, Tries
from kiosk.services.receipt_paper import Shop
from kiosk.services.words import Words
from kiosk.storage.boot import Books, open_books
from kiosk.workers import InlineWorker
from tests.e2e.account_bank import CARD, CODE, MOVEMENTS, NUMBER, OVERVIEW, PHONE, PIN, TICKET, Bank, Copy

LANGUAGES = Path(__file__).resolve().parents[2] / "assets" / "languages"
HOLDER = Holder(IdentifiedBy.ACCOUNT, NUMBER)
NAMES = (HOLDER, Holder(IdentifiedBy.PHONE, PHONE), Holder(IdentifiedBy.CARD, CARD.removeprefix("ACC-")))
LOCKING = Locking(3, timedelta(minutes=15))


@dataclass
class Clock:
    """Time that a test sets; `now_ms` goes on by itself only with `passes`."""

    at: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    ms: int = 1_000

    def now_ms(self) -> int:
        return self.ms

    def wall(self) -> datetime:
        return self.at

    def passes(self, time: timedelta) -> None:
        self.at += time
        self.ms += int(time.total_seconds() * 1_000)


@dataclass
class Paper:
    """A printer that answers as it is told."""

    outcome: PrintResult | Exception = field(default_factory=lambda: PrintResult(PrintOutcome.PRINTED))
    jobs: list[PrintJob] = field(default_factory=list)
    columns: int = 42
    health: Health = field(default_factory=lambda: Health(HealthState.READY))

    @property
    def device(self) -> Any:
        return self

    def print(self, job: PrintJob) -> PrintResult:
        self.jobs.append(job)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def submit(self, call: Any, done: Any) -> None:
        try:
            done(call(self))
        except DeviceUnavailableError as error:
            done(error)

    def on_health(self, _: Any) -> None:
        pass


class Counter:
    """A desk at work: `ask` gives what it answers."""

    def __init__(self, books: Books, clock: Clock) -> None:
        self.books, self.clock, self.bank, self.copy, self.paper = books, clock, Bank(), Copy(), Paper()
        self.restart()

    def restart(self) -> None:
        """The terminal is started anew: what it knew besides the books is gone."""
        tries = Tries(self.books.journal, self.clock, LOCKING)
        words = Words(LANGUAGES, "en", time_zone="Europe/Berlin")
        self.desk = AccountDesk(
            self.copy, tries, worker=InlineWorker(), printer=self.paper, words=words, shop=Shop("Hofmarkt")
        )
        self.desk.office = self.bank

    def ask(self, effect: object) -> Any:
        answers: list[object] = []
        self.desk.performers()[type(effect)](effect, answers.append)
        assert len(answers) == 1, answers
        return answers[0]

    def pin(self, pin: str, holder: Holder = HOLDER) -> Any:
        return self.ask(ask.VerifyHolder("visit", holder, pin))

    def entries(self) -> list[Entry]:
        return list(self.books.journal.entries(limit=1_000))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counter(tmp_path: Path, clock: Clock) -> Iterator[Counter]:
    books = open_books(tmp_path / "books", "T1")
    yield Counter(books, clock)
    books.close()


def test_the_office_verifies_and_the_journal_knows_only_marks(counter: Counter) -> None:
    answer = counter.pin(PIN)
    assert (answer.ticket, answer.mark, answer.overview) == (TICKET, "mark-1", None)
    counter.pin("0000")
    written = "".join(str((entry.fact.subject, entry.fact.body)) for entry in counter.entries())
    assert counter.entries()[0].fact.kind is Kind.ACCOUNT_VERIFIED
    assert not [secret for secret in (NUMBER, PHONE, CARD, PIN, "0000", OVERVIEW.name, TICKET) if secret in written]


@pytest.mark.parametrize("away", [True, False])
def test_wrong_pins_lock_here_too_whoever_counts_elsewhere(counter: Counter, away: bool) -> None:
    counter.bank.away = away
    left = [counter.pin("0000").tries_left for _ in range(2)]
    assert left == [2, 1]
    assert counter.pin("0000") == told.AccountDenied("visit", "locked", locked_for_s=900)
    asked = len(counter.bank.asked)
    assert counter.pin(PIN).reason == "locked"
    assert len(counter.bank.asked) == asked, "a locked account is not asked about"


def test_the_fewer_tries_of_the_two_counts_are_told(counter: Counter) -> None:
    counter.bank.answers["verify"] = AccountRefused("no-match", 1)
    assert counter.pin("0000").tries_left == 1


def test_another_name_for_the_same_account_gives_no_more_tries(counter: Counter) -> None:
    assert [counter.pin("0000", name).reason for name in NAMES] == ["no-match", "no-match", "locked"]


def test_one_locked_account_leaves_the_others_open(counter: Counter) -> None:
    stranger = Holder(IdentifiedBy.ACCOUNT, "99999999")
    for _ in range(3):
        counter.pin("0000", stranger)
    assert counter.pin(PIN, stranger).reason == "locked"
    assert counter.pin(PIN).ticket == TICKET


def test_a_right_pin_begins_the_count_anew(counter: Counter) -> None:
    for pin in ("0000", "0000", PIN, "0000", "0000"):
        answer = counter.pin(pin)
    assert answer.tries_left == 1


def test_a_lock_outlives_a_restart_and_ends_in_its_time(counter: Counter, clock: Clock) -> None:
    for _ in range(3):
        counter.pin("0000")
    clock.ms = 0
    counter.restart()
    assert counter.pin(PIN).reason == "locked"
    clock.passes(timedelta(minutes=14, seconds=59))
    assert counter.pin(PIN) == told.AccountDenied("visit", "locked", locked_for_s=1)
    clock.passes(timedelta(seconds=1))
    assert counter.pin(PIN).ticket == TICKET


@pytest.mark.parametrize("by", [timedelta(days=-1), timedelta(days=1)], ids=["back", "forward"])
def test_a_clock_that_is_set_opens_no_lock(counter: Counter, clock: Clock, by: timedelta) -> None:
    for _ in range(3):
        counter.pin("0000")
    clock.at += by
    assert counter.pin(PIN).reason == "locked"


def test_a_clock_set_back_opens_no_lock_after_a_restart(counter: Counter, clock: Clock) -> None:
    for _ in range(3):
        counter.pin("0000")
    clock.at -= timedelta(days=1)
    counter.restart()
    assert counter.pin(PIN).reason == "locked"


def test_the_office_s_lock_shows_how_long(counter: Counter) -> None:
    counter.bank.answers["verify"] = AccountRefused("locked", 0, 3_600)
    assert counter.pin(PIN) == told.AccountDenied("visit", "locked", 0, 3_600)
    assert counter.entries() == [], "it is not this terminal's count"


def test_away_the_copy_answers_and_says_it_is_one(counter: Counter) -> None:
    counter.bank.away = True
    answer = counter.pin(PIN)
    assert (answer.ticket, answer.mark, answer.overview) == ("", "mark-1", OVERVIEW)
    assert counter.pin("0000").reason == "no-match"


def test_away_without_a_copy_nothing_is_known(counter: Counter) -> None:
    counter.bank.away, counter.copy.kept = True, None
    assert counter.pin(PIN).reason == "not-available"
    assert counter.entries() == [], "nobody said that the PIN was wrong"


def test_alone_a_terminal_says_that_it_cannot(counter: Counter) -> None:
    counter.desk.office, counter.copy.kept = NobodyToAsk(), None
    assert counter.pin(PIN).reason == "not-available"


def test_a_line_lost_after_the_pin_shows_the_copy(counter: Counter) -> None:
    counter.bank.away = True
    found = counter.ask(ask.FetchOverview("visit", TICKET, HOLDER))
    assert (found.overview, found.is_live) == (OVERVIEW, False)
    counter.copy.kept = None
    assert counter.ask(ask.FetchOverview("visit", TICKET, HOLDER)).reason == "away"


def test_an_office_that_breaks_ends_in_words(counter: Counter) -> None:
    class Broken(Bank):
        def verify(self, holder: Any, pin: Any, done: Any) -> None:
            raise RuntimeError("broken")

    counter.desk.office = Broken()
    assert counter.pin(PIN).reason == "away"
    assert counter.desk.after_failure(ask.VerifyHolder("visit", HOLDER, PIN)) == told.AccountDenied("visit", "away")
    assert counter.desk.after_failure(object()) is None


# --- the consent ---


def test_who_agreed_at_this_terminal_is_known_before_the_office_knows(counter: Counter) -> None:
    counter.bank.consent = ""
    assert counter.pin(PIN).consent == ""
    counter.desk._tries.record(Kind.CONSENT_GIVEN, "account:mark-1", {"version": "2026-11", "language": "en"})
    assert counter.pin(PIN).consent == "2026-11"


# --- statements ---


def statement(how: str, ticket: str = TICKET, months: int = 3) -> ask.MakeStatement:
    return ask.MakeStatement("visit", how, ticket, "mark-1", months, OVERVIEW, "en")


def test_a_printed_statement_is_in_the_journal_without_a_word_of_it(counter: Counter) -> None:
    answer = counter.ask(statement("paper"))
    assert (answer.outcome, answer.count) == (PrintOutcome.PRINTED, 36)
    fact = counter.entries()[-1].fact
    assert (fact.kind, fact.subject) == (Kind.STATEMENT_PRINTED, "account:mark-1")
    assert fact.body == {"months": 3, "movements": 36, "outcome": "printed", "live": True}


def test_a_statement_that_may_be_out_is_journalled_and_one_that_is_not_is_not(counter: Counter) -> None:
    counter.paper.outcome = PrintResult(PrintOutcome.UNKNOWN, "line-lost")
    assert counter.ask(statement("paper")).outcome is PrintOutcome.UNKNOWN
    counter.paper.outcome = DeviceUnavailableError("away")
    assert counter.ask(statement("paper")).outcome is PrintOutcome.NOT_PRINTED
    assert [entry.fact.body["outcome"] for entry in counter.entries()] == ["unknown"]


def test_a_statement_of_the_copy_has_its_date_and_its_movements(counter: Counter) -> None:
    counter.bank.away = True
    assert counter.ask(statement("paper")).count == len(MOVEMENTS)
    texts = [part.text for part in counter.paper.jobs[0].parts if isinstance(part, PrintText)]
    assert any("today's movements are missing" in text for text in texts)
    assert counter.ask(statement("qr", "")).codes.count == len(MOVEMENTS)


def test_a_visit_that_is_over_gives_no_statement(counter: Counter) -> None:
    counter.bank.answers["statement"] = AccountRefused("ended")
    assert counter.ask(statement("qr")).reason == "ended"


def test_numbers_are_masked_on_paper_and_hostile_texts_stay_letters() -> None:
    words = Words(LANGUAGES, "en")
    hostile = replace(MOVEMENTS[0], text="<img src=x>\x1bp\x00 " + "long" * 50)
    made = statement_parts(Statement(OVERVIEW, (hostile,)), Shop("Hofmarkt"), words, is_live=True)
    texts = [
        part.text if isinstance(part, PrintText) else part.left
        for part in made
        if isinstance(part, PrintText | PrintColumns)
    ]
    assert not [text for text in texts if "DE02100100100006820101" in text or "\x1b" in text or "\x00" in text]
    assert any("****0101" in text for text in texts)
    assert max(map(len, texts)) <= 80
    assert made[0] == PrintText("Hofmarkt", Align.CENTRE, bold=True, scale=2)


def test_codes_hold_the_newest_first_and_say_how_many() -> None:
    words = Words(LANGUAGES, "en")
    oldest_first = tuple(reversed(MOVEMENTS)) * 20
    codes = statement_codes(Statement(OVERVIEW, oldest_first), words, is_live=True)
    assert 1 < len(codes.texts) <= 6
    assert all(len(text.encode()) <= 640 for text in codes.texts)
    assert (codes.count, sum(text.count("Shop number") for text in codes.texts)) == (240, codes.shown)
    few = statement_codes(Statement(OVERVIEW, MOVEMENTS[:2]), words, is_live=True)
    assert (len(few.texts), few.shown, few.count) == (1, 2, 2)


@pytest.mark.parametrize("name", ["due", "busy.printing", "months", "Holiday savings"])
def test_a_bank_s_own_name_for_an_account_is_never_taken_for_a_word_of_ours(name: str) -> None:
    words = Words(LANGUAGES, "en")
    assert balance_name(replace(OVERVIEW.balances[0], name=name), words) == name
    assert balance_name(OVERVIEW.balances[0], words) == "Current account"


@pytest.mark.parametrize(("number", "shown"), [("DE02100100100006820101", "••••0101"), ("1234", "••••"), ("", "••••")])
def test_a_short_number_shows_nothing(number: str, shown: str) -> None:
    assert masked(number) == shown


# --- one-time codes and requests ---


def test_a_code_is_right_wrong_or_cannot_be_proven(counter: Counter) -> None:
    assert counter.ask(ask.SendCode("visit", TICKET)) == told.CodeSent("visit", "+49 30 ••••78")
    assert counter.ask(ask.StepUp("visit", TICKET, CODE)) == told.SteppedUp("visit")
    assert counter.ask(ask.StepUp("visit", TICKET, "1")).reason == "wrong-code"
    counter.bank.answers["step_up"] = False
    assert counter.ask(ask.StepUp("visit", TICKET, CODE)).reason == "wrong-code"
    counter.bank.away = True
    assert counter.ask(ask.StepUp("visit", TICKET, CODE)).reason == "away"
    assert counter.ask(ask.SendCode("visit", TICKET)).reason == "away"


def test_a_request_goes_to_the_office_and_the_journal_has_its_number_only(counter: Counter) -> None:
    assert counter.ask(ask.AskForChange("visit", TICKET, "mark-1", "address", "Weg 2")) == told.ChangeTaken("visit")
    assert counter.bank.asked[-1] == ("request", TICKET, "address", "Weg 2")
    fact = counter.entries()[-1].fact
    assert (fact.kind, dict(fact.body)) == (Kind.ACCOUNT_REQUESTED, {"what": "address", "request": "R-1"})
    counter.bank.answers["request"] = AccountRefused("not-offered")
    assert counter.ask(ask.AskForChange("visit", TICKET, "m", "phone", "1")).reason == "not-offered"
