"""The virtual payment terminal, message by message in memory: its patience, its books, and that nothing sent to it breaks it."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.terminals.zvt_codec import ACCEPTED, GOODS_REFUSED, MORE_TIME, Apdu
from devices.terminals.zvt_fields import parse_status
from devices.terminals.zvt_session import Approval, Completed, Event, Phase, Reply, ZvtSession
from devices.virtual.payment_cards import CARDS, CUSTOMERS, Entry
from devices.virtual.payment_core import TerminalCore
from devices.virtual.payment_settings import Fault, OnLostAck, TerminalSettings
from devices.virtual.payment_voice import Drop, Output, Record, Send


class Pair:
    """A register's session and a terminal's core, wired in memory, with a clock that only these tests turn."""

    def __init__(self, core: TerminalCore | None = None) -> None:
        self.core = core or TerminalCore(customer=CUSTOMERS["good"])
        self.session = ZvtSession(password=0, currency=978)
        self.now_ms = 0
        self.events: list[Event] = []
        self.sent: list[Apdu] = []
        self.core.connect(0)
        self.tell(self.session.register())

    def tell(self, apdu: Apdu) -> None:
        """Say something to the terminal, and let both talk until they are silent."""
        self.perform(self.core.receive(apdu, self.now_ms))

    def perform(self, outputs: list[Output]) -> None:
        for output in outputs:
            if isinstance(output, Send):
                self.sent.append(output.apdu)
                for event in self.session.receive(output.apdu):
                    if isinstance(event, Reply):
                        self.tell(event.apdu)
                    else:
                        self.events.append(event)

    def pass_time(self) -> bool:
        """Turn the clock to what is due next; False when nothing is."""
        due = self.core.deadline_ms
        if due is None:
            return False
        self.now_ms = max(self.now_ms, due)
        self.perform(self.core.advance(self.now_ms))
        return True

    def until_approved(self) -> None:
        while self.session.phase is not Phase.DECIDING:
            assert self.pass_time()

    @property
    def kinds(self) -> list[str]:
        return [entry.kind.value for entry in self.core.books.ledger.entries]


def approved() -> Pair:
    pair = Pair()
    pair.tell(pair.session.authorise(1234))
    pair.until_approved()
    return pair


def test_a_payment_runs_on_a_virtual_clock_alone() -> None:
    pair = approved()
    assert pair.kinds == ["authorisation"]
    pair.tell(pair.session.acknowledge())
    assert pair.kinds == ["authorisation", "capture"]
    assert isinstance(pair.events[-1], Completed)
    assert not pair.core.busy and pair.core.deadline_ms is None


def test_the_ledger_is_written_before_the_answer_goes_out() -> None:
    core = TerminalCore(customer=CUSTOMERS["good"])
    pair = Pair(core)
    pair.tell(pair.session.authorise(1234))
    outputs: list[Output] = []
    while not any(isinstance(output, Record) for output in outputs):
        pair.now_ms = core.deadline_ms or 0
        outputs = core.advance(pair.now_ms)
        replies = [output for output in outputs if isinstance(output, Send) and output.apdu.command == 0x04FF]
        for _ in replies:
            outputs += core.receive(ACCEPTED, pair.now_ms)
    places = [type(output) for output in outputs]
    assert places.index(Record) < len(places) - 1 - places[::-1].index(Send)
    sent = [output.apdu.command for output in outputs if isinstance(output, Send)]
    assert sent[-1] == 0x040F
    done = core.receive(ACCEPTED, pair.now_ms)
    assert isinstance(done[0], Record) and isinstance(done[1], Send)


def test_time_is_given_ten_times_and_then_the_terminal_reverses() -> None:
    pair = approved()
    for _ in range(10):
        pair.tell(pair.session.ask_for_time())
        before = pair.now_ms
        assert pair.pass_time()
        assert pair.now_ms == before + 2000
        assert isinstance(pair.events[-1], Approval) and pair.events[-1].repeated
    pair.tell(pair.session.ask_for_time())
    assert pair.kinds == ["authorisation", "reversal"]
    assert pair.sent[-1].command == 0x061E


def test_an_approval_that_nobody_answers_is_reversed() -> None:
    pair = approved()
    while pair.core.busy:
        assert pair.pass_time()
        assert pair.now_ms < 60_000
    assert pair.kinds == ["authorisation", "reversal"]


def test_goods_that_could_not_be_given_are_reversed() -> None:
    pair = approved()
    pair.tell(pair.session.refuse_goods())
    assert pair.kinds == ["authorisation", "reversal"]
    assert pair.core.books.ledger.charged_minor() == 0


@pytest.mark.parametrize(("choice", "kind"), [(OnLostAck.KEEP, "capture"), (OnLostAck.REVERSE, "reversal")])
def test_a_line_lost_before_the_answer_is_decided_as_set_up(choice: OnLostAck, kind: str) -> None:
    for happens in ("disconnect", "power_cycle"):
        pair = approved()
        pair.core.settings = TerminalSettings(on_lost_ack=choice)
        outputs = getattr(pair.core, happens)(pair.now_ms)
        assert pair.kinds == ["authorisation", kind]
        assert any(isinstance(output, Record) for output in outputs)
        assert not pair.core.busy


def test_a_message_of_an_older_line_never_arrives() -> None:
    core = TerminalCore(customer=CUSTOMERS["good"])
    old, _ = core.connect(0)
    new, _ = core.connect(10)
    late = ZvtSession(password=0, currency=978).register()
    assert core.receive(late, 20, old) == []
    assert core.receive(late, 20, new) != []


def test_an_unregistered_register_is_refused() -> None:
    core = TerminalCore()
    core.connect(0)
    assert core.receive(ZvtSession(password=0, currency=978).authorise(100), 0) == [Send(Apdu(0x846B))]


def test_a_register_that_wants_no_status_and_no_slips_gets_none() -> None:
    pair = Pair()
    core = pair.core
    core.receive(Apdu(0x0600, bytes.fromhex("000000 10 0978")), 0)  # controls payments, nothing else
    core.receive(ACCEPTED, 0)
    pair.sent.clear()
    pair.tell(pair.session.authorise(1234))
    pair.until_approved()
    pair.tell(pair.session.acknowledge())
    assert [apdu.command for apdu in pair.sent] == [0x8000, 0x040F, 0x060F]


def test_a_bench_presents_card_and_pin_by_hand() -> None:
    pair = Pair(TerminalCore())
    pair.tell(pair.session.authorise(1234))
    pair.perform(pair.core.present_card(CARDS["girocard"], 100))
    pair.perform(pair.core.enter_pin("9999", 200))
    pair.perform(pair.core.enter_pin("1234", 300))
    pair.now_ms = 300
    pair.until_approved()
    pair.tell(pair.session.acknowledge())
    assert pair.core.busy  # the card is still in
    pair.perform(pair.core.remove_card(pair.now_ms))
    assert not pair.core.busy and pair.kinds == ["authorisation", "capture"]


def test_taking_the_card_out_early_ends_the_payment() -> None:
    pair = Pair(TerminalCore())
    pair.tell(pair.session.authorise(1234))
    pair.perform(pair.core.present_card(CARDS["girocard"], 100))
    pair.perform(pair.core.remove_card(200))
    assert not pair.core.busy and pair.kinds == []


def test_a_tap_under_the_limit_needs_no_pin_and_one_over_it_does() -> None:
    for amount, asks in ((5000, False), (5001, True)):
        pair = Pair(TerminalCore())
        pair.tell(pair.session.authorise(amount))
        pair.perform(pair.core.present_card(CARDS["visa"], 100, Entry.TAPPED))
        assert (Apdu(0x04FF, b"\x01") in pair.sent) is asks


def test_an_idle_line_is_dropped() -> None:
    core = TerminalCore(settings=TerminalSettings(idle_drop_ms=1000))
    pair = Pair(core)
    assert core.deadline_ms == 1000
    assert core.advance(1000) == [Drop()]
    assert not core.connected and pair.kinds == []


def test_copies_of_a_terminal_go_their_own_ways() -> None:
    pair = approved()
    other = copy.deepcopy(pair)
    pair.tell(pair.session.acknowledge())
    other.tell(other.session.refuse_goods())
    assert pair.kinds == ["authorisation", "capture"]
    assert other.kinds == ["authorisation", "reversal"]


def test_every_demo_card_has_a_number_that_banks_would_check() -> None:
    for card in CARDS.values():
        digits = [int(char) for char in reversed(card.pan)]
        total = sum(sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(digits))
        assert total % 10 == 0, card.name


acts = st.one_of(
    st.sampled_from((0x8000, 0x8466, 0x849C, 0x06B0, 0x0601, 0x0600, 0x0620, 0x0501, 0x0650, 0x0602)),
    st.sampled_from(("advance", "drop", "connect", "power", "tap", "insert", "pin", "cancel", "remove")),
    st.binary(max_size=24),
)
PAY, REGISTER = bytes.fromhex("04000000001234"), bytes.fromhex("0000009E0978")


def happen(core: TerminalCore, act: str, now_ms: int) -> None:
    """One thing that a person or the world does to the terminal."""
    {
        "drop": lambda: core.disconnect(now_ms),
        "connect": lambda: core.connect(now_ms)[1],
        "power": lambda: core.power_cycle(now_ms),
        "tap": lambda: core.present_card(CARDS["visa"], now_ms, Entry.TAPPED),
        "insert": lambda: core.present_card(CARDS["girocard"], now_ms),
        "pin": lambda: core.enter_pin("1234", now_ms),
        "cancel": lambda: core.cancel_key(now_ms),
        "remove": lambda: core.remove_card(now_ms),
    }[act]()


@given(st.lists(acts, max_size=60), st.sets(st.sampled_from(list(Fault))), st.sampled_from(list(OnLostAck)))
@settings(max_examples=250, deadline=None)
def test_whatever_happens_the_ledger_stays_sound(script: list[object], faults: set[Fault], choice: OnLostAck) -> None:
    core = TerminalCore(settings=TerminalSettings(on_lost_ack=choice), faults=faults)
    core.connect(0)
    now_ms = 0
    for act in script:
        now_ms += 100
        if isinstance(act, int):
            data = PAY if act == 0x0601 else REGISTER if act == 0x0600 else b"\0\0\0"
            core.receive(Apdu(act, data), now_ms)
        elif isinstance(act, bytes):
            core.receive(Apdu(int.from_bytes(act[:2], "big"), act[2:]), now_ms)
        elif act == "advance":
            now_ms = max(now_ms, core.deadline_ms or now_ms)
            core.advance(now_ms)
        else:
            happen(core, str(act), now_ms)
    ledger = core.books.ledger
    held = ledger.open_authorisations()
    assert len(held) <= 1 and (not held or core.busy)
    settled = [entry.of_trace for entry in ledger.entries if entry.kind.value == "capture"]
    assert len(settled) == len(set(settled))
    reversed_traces = [entry.of_trace for entry in ledger.entries if entry.kind.value == "reversal"]
    assert len(reversed_traces) == len(set(reversed_traces))
    assert ledger.charged_minor() >= 0


def test_a_refusal_of_the_goods_is_not_an_acknowledgement() -> None:
    assert GOODS_REFUSED != ACCEPTED != MORE_TIME
    pair = approved()
    pair.core.settings = replace(pair.core.settings, max_asks=0)
    pair.tell(MORE_TIME)
    assert pair.kinds == ["authorisation", "reversal"]
    assert parse_status(next(apdu for apdu in pair.sent if apdu.command == 0x040F).data).approved
