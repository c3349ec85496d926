"""Tries every schedule of so many crashes and losses around one payment, and stops at the first that breaks the books.

A schedule is replayed from the start of a register's life: every question of the world is answered as told, then kindly, and each new
question is noted as schedules to try. A crash ends a life, and what is left, terminal and journal, begins another; so a crash is tried
on a copy, at every step of every schedule. After it the register comes back at once, or after any number of the things that the
terminal does by itself. A moment that was met before with no fewer faults to come is not gone into again: there (`at_turn`) the driver
holds no line and nothing of an earlier call, so that payment, journal, terminal and timers are all there is.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from devices.terminals.zvt_codec import Apdu
from devices.virtual.payment_cards import CUSTOMERS
from devices.virtual.payment_core import TerminalCore
from devices.virtual.payment_ledger import Kind
from devices.virtual.payment_settings import OnLostAck, TerminalSettings
from kiosk.domain.money import Money
from kiosk.runtime import VirtualLoop
from tests.simulation.books import Books, Page
from tests.simulation.canonical import copy_of, essence_of_payment, essence_of_terminal
from tests.simulation.register import AMOUNT, Register, driving
from tests.simulation.world import Loss, World, terminal_books

_FIRST_DAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_LONGEST_REST_MS = 600_000


class Seen(BaseException):
    """This moment was gone into before. No Exception: nothing on the way may catch it."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is the same for all schedules of a search. `disk_ms` is how long a commit takes, `customer` who comes to the terminal
    whenever it asks, `earlier` whether another customer has just paid the same amount on it. `gives_back` of that earlier payment makes
    it a search around a refund: so many minor units, all of it by a reversal; `later` whether yet another customer has paid since."""

    on_lost_ack: OnLostAck = OnLostAck.KEEP
    disk_ms: int = 0
    crashes: int = 2
    losses: int = 2
    customer: str = "good"
    earlier: bool = True
    gives_back: int = 0
    later: bool = False
    only_last_reversible: bool = True

    @property
    def reverses(self) -> bool:
        """Whether the whole earlier payment goes back."""
        return self.gives_back == AMOUNT.minor


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Where a life begins."""

    core: TerminalCore
    page: Page
    now_ms: int
    crashes: int  # still to come, as `losses`
    losses: int
    late: tuple[Apdu, ...] = ()
    is_left: bool = False
    told: frozenset[str] = frozenset()
    story: tuple[str, ...] = ()
    life: int = 0


@dataclass(slots=True)
class Found:
    """What a search did, and the first schedule that breaks the books."""

    schedules: int = 0
    cut_short: int = 0
    states: int = 0
    starts: int = 0
    histories: int = 0
    violation: str = ""
    story: tuple[str, ...] = ()
    endings: set[tuple[object, ...]] = field(
        default_factory=set
    )  # ledger, journal and what was told, where a schedule came to rest

    def __str__(self) -> str:
        told = (
            f"{self.schedules} schedules ({self.cut_short} led to a known state), {self.states} states, "
            f"{self.starts} starts after a crash, {self.histories} journals"
        )
        return told if not self.violation else f"{self.violation}:\n  " + "\n  ".join(self.story) + f"\n({told})"


def explore(scenario: Scenario, books: Books, *, going_into_known: bool = False) -> Found:
    """Try every schedule of `scenario`; `going_into_known` moments again finds the same and takes far longer."""
    search = _Search(scenario, books, going_into_known)
    search.run()
    search.found.histories = len(books)
    return search.found


def terminal(scenario: Scenario) -> TerminalCore:
    """A terminal that is set up for `scenario`."""
    core = TerminalCore(
        settings=TerminalSettings(on_lost_ack=scenario.on_lost_ack, only_last_reversible=scenario.only_last_reversible),
        books=terminal_books(),
        customer=CUSTOMERS[scenario.customer],
    )
    if scenario.earlier:
        earlier = core.books.new_entry(Kind.AUTHORISATION, AMOUNT.minor, core.settings.currency, 0)
        core.books.ledger.entries += [earlier, earlier.followed_by(Kind.CAPTURE, earlier.at)]
    if scenario.later:
        later = core.books.new_entry(Kind.AUTHORISATION, AMOUNT.minor, core.settings.currency, 0)
        core.books.ledger.entries += [later, later.followed_by(Kind.CAPTURE, later.at)]
    return core


class _Search:
    def __init__(self, scenario: Scenario, books: Books, going_into_known: bool) -> None:
        self.scenario, self.books, self.found = scenario, books, Found()
        self._going_into_known = going_into_known
        self._order = itertools.count()
        self._waiting: list[tuple[int, int, Start, tuple[str, ...]]] = []
        self._met: dict[object, list[tuple[int, int]]] = {}

    def run(self) -> None:
        """Until nothing waits, or the books are broken."""
        # Whose money goes back makes no difference by staying.
        is_left = bool(self.scenario.gives_back)
        first = Start(
            terminal(self.scenario),
            self.books.empty,
            0,
            self.scenario.crashes,
            self.scenario.losses,
            is_left=is_left,
        )
        self.put(first, ())
        while self._waiting and not self.found.violation:
            _, _, start, answers = heapq.heappop(self._waiting)
            self.found.schedules += 1
            _Schedule(self, start, answers).play()
        self.found.states = sum(map(len, self._met.values()))

    def put(self, start: Start, answers: tuple[str, ...], losses: int = 0) -> None:
        """Have a schedule tried, those with the fewest faults first: they make the most of what is met later."""
        used = self.scenario.crashes - start.crashes + self.scenario.losses - start.losses + losses
        heapq.heappush(self._waiting, (used, next(self._order), start, answers))

    def is_new(self, moment: object, crashes: int, losses: int) -> bool:
        """Whether `moment` was never met with at least so many faults to come."""
        known = self._met.setdefault(moment, [])
        if any(had_crashes >= crashes and had_losses >= losses for had_crashes, had_losses in known):
            return self._going_into_known
        known.append((crashes, losses))
        return True


class _Schedule:
    """One schedule, played; the `Fate` of its world."""

    def __init__(self, search: _Search, start: Start, answers: tuple[str, ...]) -> None:
        self._search, self._start = search, start
        self._told_answers, self._answers = answers, list[str]()
        self._losses = start.losses
        self._story: list[str] = []
        begun = _FIRST_DAY + timedelta(days=start.life)  # so that an intent is never younger than now
        self._world = World(copy_of(start.core), self, VirtualLoop(begun), start.now_ms, start.late)
        self._register = Register(
            self._world,
            search.books,
            start.page,
            disk_ms=search.scenario.disk_ms,
            is_left=start.is_left,
            told=start.told,
        )

    def play(self) -> None:
        """Until rest, or a moment that is known."""
        with driving(self._world):
            try:
                gives_back = self._search.scenario.gives_back
                if self._start.life:
                    self._register.boot()
                elif gives_back:
                    self._register.give_back(Money(gives_back, "EUR"), by_reversal=self._search.scenario.reverses)
                else:
                    self._register.pay()
                rests = self._register.live(self._at_turn)
            except Seen:
                self._search.found.cut_short += 1
                return
        ledger, register = self._world.core.books.ledger, self._register
        kinds = tuple(entry.kind for entry in ledger.entries)
        self._search.found.endings.add((kinds, register.disk.page.essence, register.told, register.is_left))
        violation = "" if rests else "the payment is never resolved"
        broken = _broken_refund if self._search.scenario.gives_back else _broken
        violation = violation or broken(self._world.core, self._register, self._search.scenario)
        if violation:
            self._search.found.violation = violation
            self._search.found.story = (*self._start.story, *self._story, "then everything works")

    # --- Fate ---

    def choose(self, about: str, options: tuple[str, ...]) -> str:
        """As told; then the kind answer, with the others noted."""
        asked = len(self._answers)
        if asked < len(self._told_answers):
            answer = self._told_answers[asked]
        else:
            answer = options[0]
            for other in options[1:]:
                cost = int(other in _COSTING)
                if cost <= self._losses:
                    self._search.put(
                        self._start,
                        (*self._answers, other),
                        self._start.losses - self._losses + cost,
                    )
        if answer in _COSTING:
            self._losses -= 1
        if answer != options[0]:
            self._story.append(f"{about}: {answer}")
        self._answers.append(answer)
        return answer

    def may_crash(self, about: str) -> None:
        """Try a crash here, on a copy."""
        if self._is_replaying or self._start.crashes == 0:
            return
        world, register = self._world, self._register
        is_connected = world.core.connected and world.wire is not None and world.wire.passes
        moment = (
            "crash",
            essence_of_terminal(world.core, world.now_ms),
            is_connected,
            register.disk.page.essence,
            world.late,
            register.is_left,
            register.told,
        )
        if not self._search.is_new(moment, self._start.crashes, self._losses):
            return
        for is_seen in (False, True) if is_connected else (False,):
            word = "the terminal sees the line break" if is_seen else "the terminal sees nothing"
            for core, now_ms, waited in _comes_back(copy_of(world.core), world.now_ms, is_seen=is_seen):
                self._put_start(core, now_ms, f"crash after {about}: {word}, {waited} things happen there")

    def _put_start(self, core: TerminalCore, now_ms: int, what: str) -> None:
        register, start = self._register, self._start
        for is_left in (True,) if register.is_left else (False, True):
            moment = (
                "start",
                essence_of_terminal(core, now_ms),
                register.disk.page.essence,
                self._world.late,
                is_left,
                register.told,
            )
            if not self._search.is_new(moment, start.crashes - 1, self._losses):
                continue
            self._search.found.starts += 1
            who = "nobody waits any more" if is_left else "the customer still waits"
            begun = replace(
                start,
                core=core,
                page=register.disk.page,
                now_ms=now_ms,
                crashes=start.crashes - 1,
                losses=self._losses,
                late=self._world.late,
                is_left=is_left,
                told=register.told,
                story=(*start.story, *self._story, f"{what}; the register comes back, {who}"),
                life=start.life + 1,
            )
            self._search.put(begun, ())

    # --- pruning ---

    @property
    def _is_replaying(self) -> bool:
        return len(self._answers) < len(self._told_answers)

    def _at_turn(self) -> None:
        world, register = self._world, self._register
        attendant, pending = register.attendant, world.pending_ms()
        commits = tuple((due_ms - world.now_ms, facts[0].kind) for due_ms, facts in register.disk.pending)
        # An event on its way could be any; of calls to come there are but commits, which are known, and the next try.
        if self._is_replaying or pending.count(0) > sum(due_ms == 0 for due_ms, _ in commits):
            return
        # Every call begins with a connection, which ends the one before: whatever that leads to may as well happen now.
        world.from_terminal(world.core.disconnect(world.now_ms))
        moment = (
            "turn",
            essence_of_terminal(world.core, world.now_ms),
            essence_of_payment(register.payments.payment),
            register.disk.page.essence,
            commits,
            attendant.connected,
            len(attendant.calls),
            pending,
            world.late,
            register.is_left,
            register.told,
        )
        if not self._search.is_new(moment, self._start.crashes, self._losses):
            raise Seen


_COSTING = frozenset(str(loss) for loss in Loss if loss is not Loss.DELIVERED)


def _comes_back(core: TerminalCore, now_ms: int, *, is_seen: bool) -> Iterator[tuple[TerminalCore, int, int]]:
    """The terminals that a register may come back to: at once, or after each thing that one does by itself."""
    if is_seen:
        core.disconnect(now_ms)
    until_ms = now_ms + _LONGEST_REST_MS
    for waited in itertools.count():
        found = copy_of(core)
        found.disconnect(now_ms)  # as the first connection does at once
        yield found, now_ms, waited
        due_ms = core.deadline_ms
        if due_ms is None or due_ms > until_ms:
            return
        now_ms = max(now_ms, due_ms)
        core.advance(now_ms)


def _broken(core: TerminalCore, register: Register, scenario: Scenario) -> str:
    """How the journal contradicts the terminal's ledger, or what the customer was told; "" if it does not."""
    charges, sales = len(core.books.ledger.charges()) - scenario.earlier, len(register.disk.page.sold)
    wrong = {
        f"charged {charges} times": charges > 1,
        f"{sales} sales for {charges} charges": sales > 1,
        "charged without a sale": charges > sales,
        "sold without a charge": sales > charges,
        "told paid, and never charged": "paid" in register.told and not charges,
        "told not paid, and charged": "not paid" in register.told and charges,
        "the journal still holds an unresolved payment": register.disk.page.unresolved,
        register.disk.page.fault: register.disk.page.fault,
    }
    return next((what for what, is_so in wrong.items() if is_so), "")


def _broken_refund(core: TerminalCore, register: Register, scenario: Scenario) -> str:
    """How the journal contradicts the terminal's ledger about a refund, or what the customer was told; "" if it does not."""
    ledger, told, page = core.books.ledger, register.told, register.disk.page
    before = AMOUNT.minor * (1 + scenario.later)
    given, completed = before - ledger.charged_minor(), len(page.given_back)
    wrong = {
        f"given back {given}": given not in (0, scenario.gives_back),
        f"{completed} refunds completed": completed > 1,
        "given back, and not in the books": bool(given) and not completed,
        "in the books, and not given back": bool(completed) and not given,
        "told given back, and it is not": "given back" in told and not given,
        "told not given back, and it is": "not given back" in told and bool(given),
        "the journal still holds an unresolved refund": bool(page.unresolved_refunds),
        page.fault: bool(page.fault),
    }
    return next((what for what, is_so in wrong.items() if is_so), "")
