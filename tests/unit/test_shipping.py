"""How the journal is shipped: decisions alone, against a service that is a few lines of rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.protocol.problems import ProblemType
from sync.protocol.wire import BATCH_MOST_ENTRIES
from sync.shipping import (
    Acknowledged,
    Effect,
    Event,
    FindPlace,
    Grown,
    Lost,
    Pace,
    Placed,
    PutAside,
    Rang,
    Refused,
    Remember,
    Send,
    Shipping,
    Wait,
    advance,
)

PACE = Pace()
FAULTS = ("ok", "lost", "answer-lost", "busy", "expired", "internal", "clock", "forgets", "garbage")


@dataclass
class Service:
    """Takes entries in order, once; some it cannot take (`unfit`), of some it holds another (`forked`)."""

    unfit: frozenset[int] = frozenset()
    names_the_entry: bool = True
    takes_rows: bool = True
    forked: frozenset[int] = frozenset()
    head: int = 0
    books: list[int] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)
    beside: list[int] = field(default_factory=list)

    def take(self, send: Send, ours: int) -> Event:
        first, last = send.after + 1, min(send.after + send.most, ours)
        if first > self.head + 1:
            return Refused(ProblemType.GAP, first, last)
        forked = [seq for seq in range(first, last + 1) if seq in self.forked]
        if forked:
            through = max(seq for seq in range(forked[0], last + 1) if seq in self.forked)
            self.books += range(max(first, self.head + 1), forked[0])
            self.beside += range(forked[0], through + 1)
            self.forked -= set(range(forked[0], through + 1))
            self.head = max(self.head, through)
            return Refused(ProblemType.FORK, first, last, seq=forked[0], kept_through=through)
        unfit = [seq for seq in range(first, last + 1) if seq in self.unfit and seq > self.head]
        if unfit:
            named = unfit[0] if self.names_the_entry else None
            return Refused(ProblemType.BAD_CHAIN, first, last, seq=named)
        self.books += range(self.head + 1, last + 1)
        self.head = max(self.head, last)
        return Acknowledged(self.head)

    def put_aside(self, effect: PutAside) -> Event:
        if effect.with_row and not self.takes_rows:
            return Refused(ProblemType.TOO_LARGE, effect.seq, effect.seq)
        if effect.seq > self.head + 1:
            return Refused(ProblemType.GAP, effect.seq, effect.seq)
        if effect.seq == self.head + 1:
            self.aside.append(effect.seq)
            self.head = effect.seq
        return Acknowledged(self.head)


@dataclass
class Run:
    """A terminal of `ours` entries that ships to `service` over a line whose next answers are `faults`."""

    service: Service
    ours: int
    faults: list[str] = field(default_factory=list)
    state: Shipping = field(default_factory=Shipping)
    attempts: int = 0
    delays_ms: list[int] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        waiting = [event]
        while waiting:
            assert self.attempts < 10_000, self.state
            self.state, effects = advance(self.state, waiting.pop(0), PACE, 0.5)
            assert sum(isinstance(effect, Send | PutAside | FindPlace) for effect in effects) <= 1
            waiting += [answer for effect in effects if (answer := self.perform(effect))]

    def perform(self, effect: Effect) -> Event | None:
        if isinstance(effect, Wait):
            self.delays_ms.append(effect.delay_ms)
        if isinstance(effect, Wait | Remember):
            return None
        self.attempts += 1
        fault = self.faults.pop(0) if self.faults else "ok"
        first = {Send: lambda: effect.after + 1, PutAside: lambda: effect.seq}.get(type(effect), lambda: 0)()
        if fault == "lost":
            return Lost("offline")
        if fault == "forgets":  # restored from its backup
            self.service.head = max(0, self.service.head - 3)
            self.service.books = [seq for seq in self.service.books if seq <= self.service.head]
            self.service.aside = [seq for seq in self.service.aside if seq <= self.service.head]
        if fault in ("busy", "expired", "internal", "clock"):
            return Refused(f"urn:tern:problem:{fault}", first, first, retry_after_ms=700 if fault == "busy" else None)
        if fault == "garbage":
            return Refused("urn:tern:problem:of-tomorrow", first, first)
        answer = self.asked(effect)
        return Lost("cut") if fault == "answer-lost" else answer

    def asked(self, effect: Effect) -> Event:
        if isinstance(effect, Send):
            return self.service.take(effect, self.ours)
        return self.service.put_aside(effect) if isinstance(effect, PutAside) else Placed(self.service.head)

    def drain(self) -> None:
        self.tell(Grown(self.ours))
        for _ in range(40 + 4 * len(self.faults) + 40 * self.ours):
            if self.state.acked >= self.ours:
                return
            self.tell(Rang())
        raise AssertionError(f"stuck: {self.state}")


@settings(deadline=None, max_examples=300)
@given(
    ours=st.integers(1, 40),
    unfit=st.frozensets(st.integers(1, 40), max_size=4),
    names=st.booleans(),
    rows=st.booleans(),
    faults=st.lists(st.sampled_from(FAULTS), max_size=25),
)
def test_every_entry_arrives_once_and_in_order_whatever_the_line_does(
    ours: int, unfit: frozenset[int], names: bool, rows: bool, faults: list[str]
) -> None:
    bad = frozenset(seq for seq in unfit if seq <= ours)
    service = Service(unfit=bad, names_the_entry=names, takes_rows=rows)
    run = Run(service, ours, list(faults))
    run.drain()
    if service.head < ours:  # it forgot again after the last answer: that shows with the next entry
        run.ours += 1
        run.drain()
    assert service.books == [seq for seq in range(1, run.ours + 1) if seq not in bad]
    assert service.aside == sorted(bad)
    assert all(delay <= PACE.told_off_ms * 1.5 for delay in run.delays_ms)


@given(ours=st.integers(2, 30), forked=st.integers(1, 30), faults=st.lists(st.sampled_from(FAULTS[:6]), max_size=6))
def test_a_fork_is_kept_beside_and_what_comes_after_it_goes_on(ours: int, forked: int, faults: list[str]) -> None:
    service = Service(forked=frozenset({min(forked, ours)}))
    run = Run(service, ours, list(faults))
    run.drain()
    assert sorted(service.books + service.beside) == list(range(1, ours + 1))


def test_one_bad_entry_costs_one_entry_not_the_queue() -> None:
    run = Run(Service(unfit=frozenset({700})), 1_200)
    run.drain()
    assert run.service.aside == [700]
    assert len(run.service.books) == 1_199
    assert run.state.set_aside == 1
    assert run.attempts < 10


def test_an_entry_too_large_to_send_is_told_of_without_its_row() -> None:
    run = Run(Service(unfit=frozenset({3}), names_the_entry=False, takes_rows=False), 5)
    run.drain()
    assert run.service.aside == [3]
    assert run.service.books == [1, 2, 4, 5]


@given(
    chance=st.floats(0, 1, exclude_max=True),
    failures=st.integers(0, 60),
    asked_ms=st.none() | st.integers(0, 2 * PACE.longest_asked_ms),
)
def test_waits_are_full_jitter_and_never_shorter_than_the_service_asked(
    chance: float, failures: int, asked_ms: int | None
) -> None:
    state = Shipping(head=9, busy=True, failures=failures)
    after, effects = advance(state, Refused(ProblemType.BUSY, 1, 9, retry_after_ms=asked_ms), PACE, chance)
    (wait,) = effects
    assert isinstance(wait, Wait)
    if asked_ms is None:
        assert 0 <= wait.delay_ms <= min(PACE.cap_ms, PACE.base_ms * 2**failures)
    else:
        assert min(asked_ms, PACE.longest_asked_ms) <= wait.delay_ms <= asked_ms + PACE.asked_jitter_ms
    assert after.waits
    assert advance(after, Grown(10), PACE, chance)[1] == ()  # a new sale does not shorten the wait


def test_a_revoked_terminal_keeps_everything_and_asks_minutes_later() -> None:
    after, effects = advance(Shipping(head=9, busy=True), Refused(ProblemType.REVOKED, 1, 9), PACE, 0.0)
    assert (after.acked, after.reason) == (0, "revoked")
    assert effects == (Wait(PACE.told_off_ms),)


def test_two_that_disagree_about_a_gap_for_ever_do_not_spin() -> None:
    state = Shipping(acked=5, head=9)
    delays = []
    for _ in range(6):
        _, effects = advance(replace(state, busy=True, failures=len(delays)), Refused(ProblemType.GAP, 6, 9), PACE, 0.5)
        delays += [effect.delay_ms for effect in effects if isinstance(effect, Wait)]
    assert delays == sorted(delays)
    assert delays[-1] >= 4_000


def test_what_is_acknowledged_beyond_our_own_journal_is_not_believed() -> None:
    after, _ = advance(Shipping(head=9, busy=True), Acknowledged(40), PACE, 0.5)
    assert after.acked == 9


def test_batches_shrink_until_the_unnamed_bad_entry_is_found_and_grow_again() -> None:
    run = Run(Service(unfit=frozenset({400}), names_the_entry=False), 2_000)
    run.drain()
    assert run.service.aside == [400]
    assert run.state.most == BATCH_MOST_ENTRIES
    assert run.attempts < 60
