"""The register's side of ZVT: nothing is kept without a decision, and money that nobody asked for is turned back."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.terminals.zvt_codec import ACCEPTED, GOODS_REFUSED, MORE_TIME, NOT_POSSIBLE, Apdu, ZvtError, to_bcd
from devices.terminals.zvt_fields import build_fields, parse_status
from devices.terminals.zvt_session import (
    Aborted,
    Accepted,
    Approval,
    Command,
    Completed,
    Event,
    Information,
    Phase,
    Progress,
    Refused,
    Reply,
    Stray,
    ZvtSession,
)
from devices.terminals.zvt_slip import Slips

COMPLETION = Apdu(0x060F)


def status(trace: int = 7, result: int = 0, amount: int = 1200) -> Apdu:
    values = {0x27: bytes((result,)), 0x04: to_bcd(amount, 6), 0x0B: to_bcd(trace, 3), 0x87: to_bcd(trace, 2)}
    return Apdu(0x040F, build_fields(values))


def open_session() -> ZvtSession:
    return ZvtSession(password=123456, currency=978)


def authorising() -> ZvtSession:
    session = open_session()
    session.authorise(1200)
    session.receive(ACCEPTED)
    return session


def replies(events: list[Event]) -> list[Apdu]:
    return [event.apdu for event in events if isinstance(event, Reply)]


def test_the_commands_are_those_of_the_standard() -> None:
    asked = {
        "register": "06 00 10 12 34 56 9E 09 78 03 00 06 06 26 04 0A 02 06 D3",
        "ask_status": "05 01 03 12 34 56",
        "repeat_receipt": "06 20 03 12 34 56",
        "end_of_day": "06 50 03 12 34 56",
        "diagnose": "06 70 00",
        "log_off": "06 02 00",
        "abort": "06 B0 00",
    }
    for name, expected in asked.items():
        assert getattr(open_session(), name)().encode() == bytes.fromhex(expected), name
    assert open_session().authorise(1200).encode() == bytes.fromhex("06 01 0A 04 000000001200 49 0978")
    assert open_session().reverse(8).encode() == bytes.fromhex("06 30 06 123456 87 0008")
    assert open_session().refund(1200).encode() == bytes.fromhex("06 31 0D 123456 04 000000001200 49 0978")


def test_an_approval_is_kept_only_by_a_decision() -> None:
    session = authorising()
    assert replies(session.receive(Apdu(0x04FF, b"\x0a\x02"))) == [ACCEPTED]
    events = session.receive(status())
    assert replies(events) == []
    (approval,) = events
    assert isinstance(approval, Approval) and approval.status.trace == 7 and not approval.repeated
    assert session.acknowledge() == ACCEPTED
    assert session.receive(COMPLETION)[1] == Completed(Command.AUTHORISE, Slips())
    assert session.phase is Phase.IDLE


def test_the_terminal_asks_again_while_the_decision_takes_its_time() -> None:
    session = authorising()
    session.receive(status())
    for _ in range(3):
        assert session.ask_for_time() == MORE_TIME
        (again,) = session.receive(status())
        assert isinstance(again, Approval) and again.repeated
    assert session.refuse_goods() == GOODS_REFUSED
    assert session.receive(Apdu(0x061E, b"\x6c"))[1] == Aborted(Command.AUTHORISE, Slips(), 0x6C)


def test_an_approval_repeated_after_the_decision_gets_the_same_answer() -> None:
    kept, refused = authorising(), authorising()
    for session in (kept, refused):
        session.receive(status())
    kept.acknowledge()
    refused.refuse_goods()
    assert kept.receive(status()) == [Reply(ACCEPTED)]
    assert refused.receive(status()) == [Reply(GOODS_REFUSED)]


def test_another_approval_than_the_decided_one_is_turned_back() -> None:
    session = authorising()
    session.receive(status(trace=7))
    assert session.receive(status(trace=8)) == [Reply(GOODS_REFUSED), Stray(0x040F, refused=True)]
    session.acknowledge()
    assert session.receive(status(trace=9)) == [Reply(GOODS_REFUSED), Stray(0x040F, refused=True)]


def test_an_approval_with_no_transaction_of_ours_is_turned_back() -> None:
    idle, registering, asking = open_session(), open_session(), open_session()
    registering.register()
    registering.receive(ACCEPTED)
    asking.authorise(1200)  # not taken up yet: this approval is an older one's
    for session in (idle, registering, asking):
        assert session.receive(status()) == [Reply(GOODS_REFUSED), Stray(0x040F, refused=True)]


def test_a_decline_and_a_repeated_receipt_need_no_decision() -> None:
    session = authorising()
    reply, information = session.receive(status(result=0x6C))
    assert reply == Reply(ACCEPTED) and isinstance(information, Information)
    session = open_session()
    session.repeat_receipt()
    session.receive(ACCEPTED)
    reply, information = session.receive(status())
    assert reply == Reply(ACCEPTED) and isinstance(information, Information)


def test_a_refusal_ends_the_command() -> None:
    session = open_session()
    session.authorise(1200)
    assert session.receive(Apdu(0x849C)) == [Refused(Command.AUTHORISE, 0x9C)]
    assert session.phase is Phase.IDLE
    assert session.receive(Apdu(0x849C)) == [Stray(0x849C)]


def test_an_abort_is_answered_beside_the_running_command() -> None:
    session = authorising()
    session.abort()
    assert session.receive(ACCEPTED) == [Accepted(Command.ABORT)]
    assert session.phase is Phase.RUNNING
    assert isinstance(session.receive(Apdu(0x061E, b"\x6c"))[1], Aborted)


def test_what_the_terminal_shows_is_told_in_words() -> None:
    session = authorising()
    assert session.receive(Apdu(0x04FF, b"\x01\x03"))[1] == Progress("enter-pin", 3)
    assert session.receive(Apdu(0x04FF, b"\x0b"))[1] == Progress("remove-card", None)
    assert session.receive(Apdu(0x04FF, b"\x0a\x06\x02\x14\x00"))[1] == Progress("insert-card", None)


def test_what_we_cannot_do_is_not_claimed_to_be_done() -> None:
    assert open_session().receive(Apdu(0x06D8)) == [Reply(NOT_POSSIBLE), Stray(0x06D8)]


def test_out_of_turn_is_refused_before_it_reaches_the_line() -> None:
    session = authorising()
    for call in (session.register, session.acknowledge, session.refuse_goods, session.ask_for_time):
        with pytest.raises(ZvtError):
            call()
    session.receive(status())
    with pytest.raises(ZvtError, match="decision"):
        session.abort()


def test_a_copied_session_goes_its_own_way() -> None:
    session = authorising()
    other = copy.deepcopy(session)
    session.receive(status())
    assert session.phase is Phase.DECIDING and other.phase is Phase.RUNNING


commands = st.sampled_from((0x8000, 0x849C, 0x040F, 0x04FF, 0x06D1, 0x060F, 0x061E, 0x0401))


@given(st.lists(st.builds(Apdu, commands, st.one_of(st.just(b"\x27\x00"), st.binary(max_size=40)))))
@settings(max_examples=200, deadline=None)
def test_no_sequence_of_messages_acknowledges_an_approval(sent: list[Apdu]) -> None:
    session = open_session()
    session.authorise(1200)
    for apdu in sent:
        answers = replies(session.receive(apdu))
        if apdu.command == 0x040F and parse_status(apdu.data).approved:
            assert ACCEPTED not in answers
