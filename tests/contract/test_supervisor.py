"""A supervisor keeps its device connected, tells how it is, and survives whatever its driver does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from devices.supervisor import Backoff, Supervisor
from kiosk.ports import DeviceRefusedError, DeviceUnavailableError, Health, HealthState, Manifest, SelfTest
from tests.contract.wires import eventually, nothing_left_behind

READY = Health(HealthState.READY)
QUICK = Backoff(first_ms=5, longest_ms=20)


class Kettle:
    """A device whose every answer the test sets: a value, or an exception."""

    manifest = Manifest("kettle", "kettle", (), ())

    def __init__(self) -> None:
        self.on_connect: Health | Exception = READY
        self.on_watch: Health | Exception = READY
        self.connects = 0
        self.watches = 0
        self.closed = threading.Event()

    def connect(self) -> Health:
        self.connects += 1
        self.closed.clear()
        return _answer(self.on_connect)

    def watch(self) -> Health:
        self.watches += 1
        return _answer(self.on_watch)

    def self_test(self) -> SelfTest:
        return SelfTest(True, "boils")

    def close(self) -> None:
        self.closed.set()


def _answer(answer: Health | Exception) -> Health:
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with nothing_left_behind():
        yield


@pytest.fixture
def kettle() -> Kettle:
    return Kettle()


@pytest.fixture
def attended(kettle: Kettle) -> Iterator[Supervisor[Kettle]]:
    supervisor = Supervisor(kettle, "kettle", watch_every_ms=10, backoff=QUICK)
    yield supervisor
    supervisor.stop()
    assert kettle.closed.is_set()


def health_is(supervisor: Supervisor[Kettle], state: HealthState, reason: str = "") -> Callable[[], bool]:
    return lambda: supervisor.health == Health(state, reason)


def test_calls_run_in_order_on_one_thread_and_answer(attended: Supervisor[Kettle]) -> None:
    attended.start()
    eventually(health_is(attended, HealthState.READY))
    answers: list[object] = []
    for number in range(50):
        attended.submit(lambda _, n=number: (n, threading.current_thread().name), answers.append)
    eventually(lambda: len(answers) == 50)
    assert answers == [(n, "device-kettle") for n in range(50)]


def test_a_call_to_a_device_that_is_not_there_is_refused_at_once(kettle: Kettle, attended: Supervisor[Kettle]) -> None:
    kettle.on_connect = DeviceUnavailableError("no kettle")
    attended.start()
    eventually(health_is(attended, HealthState.ABSENT, "not-found"))
    answers: list[object] = []
    attended.submit(lambda device: device.self_test(), answers.append)
    assert isinstance(answers[0], DeviceUnavailableError)


def test_an_outage_is_told_and_logged_once_and_so_is_its_end(
    kettle: Kettle, attended: Supervisor[Kettle], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "devices")
    changes: list[Health] = []
    attended.on_health(changes.append)
    attended.start()
    eventually(health_is(attended, HealthState.READY))
    kettle.on_connect = kettle.on_watch = DeviceUnavailableError("cable pulled")
    tries = kettle.connects
    eventually(lambda: kettle.connects >= tries + 5, "several attempts")
    kettle.on_connect = kettle.on_watch = READY
    eventually(health_is(attended, HealthState.READY))
    assert changes == [READY, Health(HealthState.ABSENT, "line-lost"), READY]
    messages = [record.getMessage() for record in caplog.records]
    assert sum("out of reach" in message for message in messages) == 1
    assert sum("is back" in message for message in messages) == 1


def test_health_is_published_only_when_it_changes(kettle: Kettle, attended: Supervisor[Kettle]) -> None:
    changes: list[Health] = []
    attended.on_health(changes.append)
    attended.start()
    eventually(lambda: kettle.watches > 5)
    kettle.on_watch = Health(HealthState.DEGRADED, "paper-low")
    eventually(health_is(attended, HealthState.DEGRADED, "paper-low"))
    eventually(lambda: kettle.watches > 10)
    assert changes == [READY, Health(HealthState.DEGRADED, "paper-low")]


@pytest.mark.parametrize("where", ["on_connect", "on_watch"])
def test_a_bug_in_a_driver_is_a_fault_that_is_tried_again(
    kettle: Kettle, attended: Supervisor[Kettle], where: str
) -> None:
    setattr(kettle, where, ZeroDivisionError("bug"))
    attended.start()
    eventually(health_is(attended, HealthState.FAULT, "driver-error"))
    setattr(kettle, where, READY)
    eventually(health_is(attended, HealthState.READY))


def test_a_failing_call_answers_its_error_and_reconnects(kettle: Kettle, attended: Supervisor[Kettle]) -> None:
    attended.start()
    eventually(health_is(attended, HealthState.READY))
    answers: list[object] = []

    def lost(_: Kettle) -> None:
        raise DeviceUnavailableError("cut in the middle")

    def bug(_: Kettle) -> None:
        raise KeyError("bug")

    for call in (lost, bug):
        before = kettle.connects
        eventually(health_is(attended, HealthState.READY))
        attended.submit(call, answers.append)
        eventually(lambda before=before: kettle.connects > before)
        eventually(health_is(attended, HealthState.READY))
    assert [type(answer) for answer in answers] == [DeviceUnavailableError, KeyError]


def test_a_refusal_is_an_answer_not_an_outage(kettle: Kettle, attended: Supervisor[Kettle]) -> None:
    attended.start()
    eventually(health_is(attended, HealthState.READY))
    answers: list[object] = []

    def refused(_: Kettle) -> None:
        raise DeviceRefusedError("busy", "busy")

    attended.submit(refused, answers.append)
    attended.submit(lambda device: device.self_test(), answers.append)
    eventually(lambda: len(answers) == 2)
    assert isinstance(answers[0], DeviceRefusedError)
    assert answers[1] == SelfTest(True, "boils")
    assert kettle.connects == 1


def test_calls_waiting_behind_a_lost_device_are_told(kettle: Kettle, attended: Supervisor[Kettle]) -> None:
    attended.start()
    eventually(health_is(attended, HealthState.READY))
    answers: list[object] = []
    holding, let_go = threading.Event(), threading.Event()

    def hold(_: Kettle) -> None:
        holding.set()
        let_go.wait(10)
        raise DeviceUnavailableError("cut")

    attended.submit(hold, answers.append)
    assert holding.wait(10)
    attended.submit(lambda device: device.self_test(), answers.append)
    let_go.set()
    eventually(lambda: len(answers) == 2)
    assert all(isinstance(answer, DeviceUnavailableError) for answer in answers)


def test_a_listener_that_fails_harms_nobody(kettle: Kettle, attended: Supervisor[Kettle]) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("listener")

    attended.on_health(fail)
    attended.start()
    eventually(health_is(attended, HealthState.READY))
    attended.submit(lambda device: device.self_test(), fail)
    answers: list[object] = []
    attended.submit(lambda device: device.self_test(), answers.append)
    eventually(lambda: answers)


def test_stopping_answers_whatever_was_waiting(kettle: Kettle) -> None:
    supervisor = Supervisor(kettle, "kettle", watch_every_ms=10, backoff=QUICK)
    supervisor.start()
    eventually(health_is(supervisor, HealthState.READY))
    answers: list[object] = []
    holding = threading.Event()

    def hold(device: Kettle) -> bool:
        holding.set()
        return device.closed.wait(10)

    supervisor.submit(hold, answers.append)
    supervisor.submit(lambda device: device.self_test(), answers.append)
    assert holding.wait(10)
    supervisor.stop()
    assert answers[0] is True  # the blocked call was woken by closing
    assert isinstance(answers[1], DeviceUnavailableError)
    supervisor.submit(lambda device: device.self_test(), answers.append)
    assert isinstance(answers[2], DeviceUnavailableError)


def test_waiting_grows_to_a_bound_and_is_spread() -> None:
    backoff = Backoff(first_ms=100, longest_ms=1000)
    assert [backoff.delay_ms(n, 0.5) for n in (1, 2, 3, 4, 5, 60)] == [100, 200, 400, 800, 1000, 1000]
    assert backoff.delay_ms(1, 0.0) == 75
    assert backoff.delay_ms(60, 0.999) < 1250
