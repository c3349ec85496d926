"""The door of the central service, decided on paper: who starts, who waits, who comes again, and when."""

from __future__ import annotations

from sync.central.admission import MOST_WAIT_S, OVERBOOKED, SHED_RETRY_S, Admission, Fate, Ticket
from sync.protocol.wire import RequestClass

LIVE, BACKLOG, TELEMETRY = RequestClass.LIVE, RequestClass.BACKLOG, RequestClass.TELEMETRY


def door(workers: int = 1) -> Admission:
    return Admission(workers, lambda: 0.0)


def fates(*tickets: Ticket) -> list[Fate]:
    return [ticket.fate for ticket in tickets]


def test_whoever_comes_to_an_idle_service_starts_at_once() -> None:
    admission = door(2)
    tickets = [admission.arrive(BACKLOG, 0, 10) for _ in range(3)]
    assert fates(*tickets) == [Fate.START, Fate.START, Fate.WAIT]


def test_live_goes_before_backlog_before_telemetry() -> None:
    admission = door()
    running = admission.arrive(BACKLOG, 0, 10)
    telemetry, backlog, live = (admission.arrive(kind, 0.1, 10) for kind in (TELEMETRY, BACKLOG, LIVE))
    started = []
    while admission.waiting():
        (running,) = admission.finish(running, 0.2)
        started.append(running)
    assert started == [live, backlog, telemetry]


def test_what_has_expired_is_dropped_and_not_worked_on() -> None:
    admission = door()
    running = admission.arrive(LIVE, 0, 10)
    late, good = admission.arrive(LIVE, 0, 0.3), admission.arrive(LIVE, 0, 10)
    assert admission.finish(running, 0.4) == [late, good]
    assert fates(late, good) == [Fate.EXPIRED, Fate.START]


def test_nobody_waits_longer_than_a_second() -> None:
    admission = door()
    admission.arrive(LIVE, 0, 100)
    waiting = admission.arrive(BACKLOG, 0, 100)
    assert admission.expire(MOST_WAIT_S - 0.01) == []
    assert admission.expire(MOST_WAIT_S) == [waiting]
    assert waiting.fate is Fate.BUSY
    assert waiting.retry_after_s > 0.5


def test_those_who_are_sent_away_come_back_one_after_the_other() -> None:
    admission = door()
    for _ in range(300):
        admission.arrive(BACKLOG, 0, 100)
    assert admission.turned_away(BACKLOG)
    slots = [admission.send_away(BACKLOG, 0).retry_after_s for _ in range(3)]
    assert 0.5 < slots[0] < slots[1] < slots[2]
    assert not admission.turned_away(LIVE)
    assert admission.waiting() < 300


def test_telemetry_gives_way_first_and_for_long() -> None:
    admission = door()
    for _ in range(20):
        admission.arrive(BACKLOG, 0, 100)
    shed = admission.arrive(TELEMETRY, 0, 100)
    assert shed.fate is Fate.SHED
    assert shed.retry_after_s >= SHED_RETRY_S
    assert admission.arrive(BACKLOG, 0, 100).fate is Fate.WAIT


def test_a_slower_service_is_noticed_and_hands_out_wider_slots() -> None:
    admission = door()
    ticket, now_s = admission.arrive(LIVE, 0, 10), 0.0
    for _ in range(50):
        now_s += 0.5
        admission.finish(ticket, now_s)
        ticket = admission.arrive(LIVE, now_s, now_s + 10)
    admission.arrive(LIVE, now_s, now_s + 10)
    away = [admission.send_away(LIVE, now_s).retry_after_s for _ in range(2)]
    assert 0.4 < (away[1] - away[0]) * OVERBOOKED <= 0.5


def test_whoever_hangs_up_while_waiting_is_forgotten() -> None:
    admission = door()
    running = admission.arrive(LIVE, 0, 10)
    admission.leave(admission.arrive(LIVE, 0, 10))
    assert admission.finish(running, 0.1) == []
    assert admission.busy == admission.waiting() == 0


def test_a_minute_in_which_the_database_hung_does_not_shut_the_door() -> None:
    admission = door()
    for minute in range(30):
        hung = admission.arrive(LIVE, minute * 60.0, minute * 60.0 + 100)
        admission.finish(hung, minute * 60.0 + 59)
    running = admission.arrive(BACKLOG, 1_800, 1_900)
    assert not admission.turned_away(LIVE)
    waiting = admission.arrive(LIVE, 1_800.1, 1_900)
    assert admission.finish(running, 1_800.2) == [waiting]
    assert waiting.fate is Fate.START
