"""The serial scanner driver against the virtual scanner, over a real pseudo-terminal, with every fault."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.scanners.framing import Framing
from devices.scanners.serial_scanner import SerialScanner
from devices.supervisor import Backoff, ScannerSupervisor
from devices.virtual.scanner import VirtualScanner
from kiosk.domain.resolver import ScanRules, resolve
from kiosk.domain.scan import BillCode, Scan, Source
from kiosk.ports import HealthState
from tests.contract.wires import eventually, nothing_left_behind
from tests.unit import sample_bills

MILK = "4006381333931"


class Shop:
    """A virtual scanner, its driver under a supervisor, and what the driver heard."""

    def __init__(self, suffix: bytes = b"\r", **settings: object) -> None:
        self.scanner = VirtualScanner(suffix=suffix)
        self.heard: list[Scan] = []
        driver = SerialScanner(self.scanner.url, **settings)  # type: ignore[arg-type]  # the settings come from a test's table
        self.attended = ScannerSupervisor(driver, watch_every_ms=50, backoff=Backoff(5, 20))
        self.attended.on_scan(self.heard.append)
        self.attended.start()
        self.wait_for(HealthState.READY)

    def wait_for(self, state: HealthState) -> None:
        eventually(lambda: self.attended.health.state is state, f"the scanner is {state}")

    def hears(self, *codes: bytes) -> None:
        eventually(lambda: len(self.heard) >= len(codes), f"{len(codes)} codes heard, not {len(self.heard)}")
        assert [scan.data for scan in self.heard] == list(codes)

    def close(self) -> None:
        self.attended.stop()
        self.scanner.close()


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with nothing_left_behind():
        yield


@pytest.fixture
def shop() -> Iterator[Shop]:
    opened = Shop()
    yield opened
    opened.close()


def test_a_code_arrives_with_its_symbology(shop: Shop) -> None:
    shop.scanner.scan(MILK)
    shop.hears(MILK.encode())
    scan = shop.heard[0]
    assert (scan.symbology, scan.source) == ("E0", Source.SCANNER)
    assert scan.at_ms > 0


@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n", b""])
def test_every_usual_suffix_is_understood_without_being_told(suffix: bytes) -> None:
    shop = Shop(suffix)
    try:
        shop.scanner.scan(MILK)
        shop.hears(MILK.encode())
        shop.scanner.scan("96385074", "]E4")
        shop.hears(MILK.encode(), b"96385074")
    finally:
        shop.close()


def test_a_scanner_without_identifiers_still_serves(shop: Shop) -> None:
    shop.scanner.scan(MILK, "")
    shop.hears(MILK.encode())
    assert shop.heard[0].symbology == ""


def test_separators_inside_a_code_are_kept(shop: Shop) -> None:
    shop.scanner.scan(b"010400638133393110ABC\x1d17271231", "]C1")
    shop.hears(b"010400638133393110ABC\x1d17271231")


def test_a_bill_of_many_lines_is_one_code(shop: Shop) -> None:
    bill = b"SPC\r\n0200\r\n1\r\nCH4431999123000889012\r\nS\r\nEPD"
    shop.scanner.scan(bill, "]Q1")
    shop.scanner.scan(bill, "]Q1")
    shop.scanner.scan(MILK)
    shop.hears(bill, bill, MILK.encode())


@pytest.mark.parametrize("identifier", ["]Q1", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_whole_bill_arrives_from_any_scanner(shop: Shop, identifier: str, end: str) -> None:
    lines = {29: "x" * 140, 31: "", 32: "y" * 100, 33: "z" * 100}
    swiss = sample_bills.swiss(lines, end).encode()
    assert len(swiss) > 512
    for bill in (swiss, sample_bills.epc({}, end=end).encode()):
        shop.scanner.scan(bill, identifier)
        eventually(lambda: bool(shop.heard))
        (heard,) = shop.heard
        assert isinstance(resolve(heard, ScanRules()), BillCode)
        shop.heard.clear()


def test_slow_bytes_are_one_code(shop: Shop) -> None:
    shop.scanner.scan(MILK)
    shop.scanner.scan_slowly(MILK, byte_gap_ms=60)
    shop.hears(MILK.encode(), MILK.encode())


def test_a_thousand_codes_in_a_rush_all_arrive_in_order(shop: Shop) -> None:
    codes = [f"{number:013d}".encode() for number in range(1000)]
    for code in codes:
        shop.scanner.scan(code)
    shop.hears(*codes)


def test_a_giant_code_comes_as_too_long_and_the_next_is_whole(shop: Shop) -> None:
    shop.scanner.scan(b"9" * 1_000_000)
    shop.scanner.scan(MILK)
    shop.hears(b"9" * 998, MILK.encode())


def test_a_giant_code_of_many_lines_comes_as_too_long(shop: Shop) -> None:
    shop.scanner.scan(b"line\r" * 100_000, "]Q1")
    shop.scanner.scan(MILK)
    eventually(lambda: len(shop.heard) == 2)
    assert [len(scan.data) for scan in shop.heard] == [998, 13]


@pytest.mark.parametrize("start", [b"]E0", b"]Q1", b""])
def test_a_code_without_end_takes_no_memory(start: bytes) -> None:
    framing = Framing("cr")
    framing.feed(start)
    for _ in range(100):
        assert not framing.feed(b"\n9" * 5000)
        assert len(framing._buffer) < 2048


def test_noise_harms_nothing(shop: Shop) -> None:
    shop.scanner.garbage(5000)
    shop.scanner.send(b"\r")
    shop.scanner.scan(MILK)
    eventually(lambda: shop.heard and shop.heard[-1].data == MILK.encode())
    assert all(len(scan.data) <= 998 for scan in shop.heard)
    assert shop.attended.health.state is HealthState.READY


def test_half_a_code_is_never_a_code(shop: Shop) -> None:
    shop.scanner.scan(MILK)
    shop.scanner.half_frame(MILK)
    shop.wait_for(HealthState.DEGRADED)
    assert shop.attended.health.reason == "codes-without-suffix"
    shop.scanner.scan("96385074", "]E4")
    shop.hears(MILK.encode(), b"96385074")
    shop.wait_for(HealthState.READY)


def test_unplugging_in_the_middle_of_a_code_and_replugging(shop: Shop) -> None:
    for _ in range(5):
        shop.heard.clear()
        shop.scanner.half_frame(MILK)
        shop.scanner.unplug()
        shop.wait_for(HealthState.ABSENT)
        assert shop.attended.health.reason == "line-lost"
        shop.scanner.replug()
        shop.wait_for(HealthState.READY)
        shop.scanner.scan(MILK)
        shop.hears(MILK.encode())


def test_a_self_test_takes_its_turn_between_codes(shop: Shop) -> None:
    answers: list[object] = []
    shop.attended.submit(lambda scanner: scanner.self_test(), answers.append)
    eventually(lambda: answers)
    assert getattr(answers[0], "ok", False)


def test_stopping_wakes_a_waiting_scanner() -> None:
    scanner = VirtualScanner()
    driver = SerialScanner(scanner.url)
    driver.connect()
    ended: list[object] = []

    def wait() -> None:
        try:
            driver.read(60_000)
        except Exception as error:  # noqa: BLE001 - the test looks at what came
            ended.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    driver.close()
    thread.join(10)
    assert ended
    scanner.close()


@given(st.binary(max_size=300), st.integers(1, 7), st.sampled_from(["auto", "cr", "lf", "crlf", "none"]))
def test_however_bytes_are_cut_the_codes_are_the_same(data: bytes, step: int, suffix: str) -> None:
    whole, pieces = Framing(suffix), Framing(suffix)
    # A CR at the end of one piece and the LF at the start of the next are one end, not two, and no code is empty.
    at_once = [*whole.feed(data), *whole.pause(2000, 50)]
    cut = [code for at in range(0, len(data), step) for code in pieces.feed(data[at : at + step])]
    assert [*cut, *pieces.pause(2000, 50)] == at_once
    assert all(at_once)
