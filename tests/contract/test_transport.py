"""The wires themselves, over real sockets and pseudo-terminals."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.transport import (
    Transport,
    TransportLostError,
    TransportUnavailableError,
    TransportUrlError,
    open_transport,
    parse_transport,
)
from devices.transports.url import SerialUrl, UsbUrl
from devices.transports.usb import open_usb
from kiosk.ports import DeviceUnavailableError

FarSide = tuple[Transport, Callable[[bytes], object], Callable[[int], bytes], Callable[[], None]]


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    before, threads = descriptors(), threading.active_count()
    yield
    assert descriptors() == before
    assert threading.active_count() == threads


def tcp_pair() -> FarSide:
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = open_transport(f"tcp:127.0.0.1:{server.getsockname()[1]}")
        far, _ = server.accept()
    far.settimeout(5)
    return near, far.sendall, far.recv, far.close


def pty_pair(scheme: str = "pty") -> FarSide:
    master, slave = os.openpty()
    near = open_transport(f"{scheme}:{os.ttyname(slave)}?baud=115200")
    os.close(slave)
    return near, lambda data: os.write(master, data), lambda size: os.read(master, size), lambda: os.close(master)


@pytest.fixture(params=["tcp", "pty", "serial"])
def wire(request: pytest.FixtureRequest) -> Iterator[FarSide]:
    pair = tcp_pair() if request.param == "tcp" else pty_pair(request.param)
    closed = []

    def unplug() -> None:
        if not closed:
            closed.append(True)
            pair[3]()

    yield (*pair[:3], unplug)
    pair[0].close()
    unplug()


def test_bytes_pass_unchanged_both_ways(wire: FarSide) -> None:
    near, send, receive, _ = wire
    every_byte = bytes(range(256))
    send(every_byte)
    got = b""
    while len(got) < 256:
        got += near.read(100, 5000)
    assert got == every_byte
    near.write(every_byte, 1000)
    back = b""
    while len(back) < 256:
        back += receive(256)
    assert back == every_byte


def test_silence_reads_as_nothing(wire: FarSide) -> None:
    assert wire[0].read(10, 20) == b""
    assert wire[0].drain() == b""


def test_unplugging_while_waiting_is_one_plain_error(wire: FarSide) -> None:
    near, _, _, unplug = wire
    timer = threading.Timer(0.05, unplug)
    timer.start()
    with pytest.raises(TransportLostError, match="check the cable") as caught:
        near.read(10, 10_000)
    timer.join()
    assert isinstance(caught.value, DeviceUnavailableError)


def test_writing_to_an_unplugged_device_is_the_same_error(wire: FarSide) -> None:
    near, _, _, unplug = wire
    unplug()
    with pytest.raises(TransportLostError):
        for _ in range(100):
            near.write(b"x" * 1000, 200)


def test_a_device_that_takes_nothing_does_not_block_for_ever(wire: FarSide) -> None:
    near = wire[0]
    with pytest.raises(TransportLostError, match="bytes in 50 ms") as caught:
        near.write(b"x" * 50_000_000, 50)
    assert 0 < caught.value.sent < 50_000_000


@pytest.mark.parametrize("how", ["close", "cancel_read"])
def test_another_thread_wakes_a_blocked_read(wire: FarSide, how: str) -> None:
    near = wire[0]
    ended: list[object] = []

    def reading() -> None:
        try:
            ended.append(near.read(10, 60_000))
        except TransportLostError as error:
            ended.append(error)

    thread = threading.Thread(target=reading)
    thread.start()
    time.sleep(0.02)
    getattr(near, how)()
    thread.join(5)
    assert not thread.is_alive()
    assert (ended == [b""]) if how == "cancel_read" else isinstance(ended[0], TransportLostError)


def test_a_closed_line_keeps_its_number_until_its_last_user_is_gone(wire: FarSide) -> None:
    near = wire[0]
    number = near._descriptor
    with near._in_use():
        near.close()
        os.fstat(number)  # a number given away here would let a late read take a stranger's bytes
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(number)


def test_after_closing_everything_says_closed(wire: FarSide) -> None:
    near = wire[0]
    near.close()
    near.close()
    near.cancel_read()
    with pytest.raises(TransportLostError, match="it was closed"):
        near.read(1, 0)
    with pytest.raises(TransportLostError, match="it was closed"):
        near.write(b"x", 0)


def test_two_of_ours_cannot_hold_one_serial_line() -> None:
    master, slave = os.openpty()
    with (
        open_transport(f"serial:{os.ttyname(slave)}"),
        pytest.raises(TransportUnavailableError, match="could not be opened"),
    ):
        open_transport(f"serial:{os.ttyname(slave)}")
    os.close(slave)
    os.close(master)


def test_fifty_unplugs_leak_nothing() -> None:
    for _ in range(50):
        near, _, _, unplug = pty_pair("serial")
        unplug()
        with pytest.raises(TransportLostError):
            near.read(1, 1000)
        near.close()


def test_what_is_not_there_is_unavailable_not_a_crash(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    plain_file = tmp_path / "file"
    plain_file.write_bytes(b"")
    for url in (f"serial:{tmp_path}/none", f"serial:{plain_file}", f"tcp:127.0.0.1:{port}", "usb:dead:beef"):
        with pytest.raises(TransportUnavailableError):
            open_transport(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "serial",
        "serial:",
        "serial:ttyS0",
        "serial:/dev/",
        "serial:/dev/ttyS0?baud=fast",
        "serial:/dev/ttyS0?baud=²",
        "serial:/dev/ttyS0?speed=9600",
        "serial:/dev/ttyS0?parity=X",
        "serial:/dev/tty\0S0",
        "tcp:localhost",
        "tcp::1",
        "tcp:host:0",
        "tcp:host:65536",
        "tcp:ho st:1",
        "tcp:$(reboot):1",
        "usb:4b8:202",
        "ftp:host:21",
    ],
)
def test_a_wrong_url_is_refused_with_what_is_allowed(url: str) -> None:
    with pytest.raises(TransportUrlError, match="tcp:HOST:PORT"):
        open_transport(url)


def test_urls_carry_their_settings() -> None:
    assert parse_transport("serial:/dev/ttyUSB0?baud=19200&bits=7&parity=E&stop=2") == SerialUrl(
        "/dev/ttyUSB0", 19200, 7, "E", 2, "none", True
    )
    assert parse_transport("usb:04B8:0202") == UsbUrl("04b8", "0202")
    assert getattr(parse_transport("tcp:[::1]:20007"), "host", "") == "::1"


def test_a_usb_printer_is_found_by_its_numbers(tmp_path: Path) -> None:
    interface = tmp_path / "devices" / "1-1" / "1-1:1.0"
    interface.mkdir(parents=True)
    (interface.parent / "idVendor").write_text("04b8\n")
    (interface.parent / "idProduct").write_text("0202\n")
    entry = tmp_path / "class" / "lp3"
    entry.mkdir(parents=True)
    (entry / "device").symlink_to(interface)
    nodes = tmp_path / "nodes"
    nodes.mkdir()
    os.mkfifo(nodes / "lp3")
    with open_usb(UsbUrl("04b8", "0202"), sys_class=entry.parent, nodes=nodes) as printer:
        printer.write(b"hello", 1000)
        assert printer.read(10, 1000) == b"hello"
    with pytest.raises(TransportUnavailableError, match="lsusb"):
        open_usb(UsbUrl("04b8", "9999"), sys_class=entry.parent, nodes=nodes)
