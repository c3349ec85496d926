"""The line with a switch in it, between a real client and a real server."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync.central.authority import tls_files
from sync.faults.proxy import LineProxy


class Echo:
    """Gives back what it gets; over TLS with a `context`."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.taken = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.taken += 1
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        try:
            with self._context.wrap_socket(client, server_side=True) if self._context else client as line:
                while chunk := line.recv(65_536):
                    line.sendall(chunk)
        except OSError:
            client.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def line(echo: Echo) -> Iterator[LineProxy]:
    proxy = LineProxy(echo.port)
    proxy.start()
    yield proxy
    proxy.close()


def called(line: LineProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=10)


def said(end: socket.socket, words: bytes) -> bytes:
    end.sendall(words)
    found = b""
    while len(found) < len(words) and (chunk := end.recv(65_536)):
        found += chunk
    return found


def test_what_goes_in_comes_out_both_ways(line: LineProxy) -> None:
    with called(line) as end:
        assert said(end, b"hello") == b"hello"
        assert said(end, b"x" * 3_000_000) == b"x" * 3_000_000


def test_one_end_that_has_said_all_still_hears_the_other(line: LineProxy) -> None:
    with called(line) as end:
        end.sendall(b"the end")
        end.shutdown(socket.SHUT_WR)
        assert end.recv(100) == b"the end"
        assert end.recv(100) == b""


def test_a_cut_ends_what_is_under_way_and_refuses_what_comes(line: LineProxy) -> None:
    with called(line) as end:
        assert said(end, b"hello") == b"hello"
        line.cut()
        assert line.is_cut
        assert end.recv(100) == b""
    with pytest.raises(ConnectionRefusedError):
        called(line)


def test_a_mended_line_is_at_the_same_address(line: LineProxy) -> None:
    before = line.url
    for _ in range(3):
        line.cut()
        line.mend()
        with called(line) as end:
            assert said(end, b"again") == b"again"
    assert line.url == before


def test_nobody_else_is_given_the_port_of_a_line_that_is_cut(line: LineProxy) -> None:
    line.cut()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", line.port))


def test_a_held_line_says_nothing_until_it_is_mended(echo: Echo, line: LineProxy) -> None:
    line.hold()
    with called(line) as end:
        end.sendall(b"is anyone there?")
        end.settimeout(0.3)
        with pytest.raises(TimeoutError):
            end.recv(100)
        end.settimeout(10)
        line.mend()
        assert end.recv(100) == b"is anyone there?"


def test_a_router_that_forgets_leaves_old_calls_dead_and_takes_new_ones(line: LineProxy) -> None:
    with called(line) as old:
        assert said(old, b"hello") == b"hello"
        line.forget()
        old.sendall(b"is anyone there?")
        with called(line) as new:
            assert said(new, b"hello again") == b"hello again"
        old.settimeout(0.2)
        with pytest.raises(TimeoutError):
            old.recv(100)


def test_a_slow_line_takes_its_time(line: LineProxy) -> None:
    line.slow(delay_ms=100, bytes_per_s=20_000)
    with called(line) as end:
        begun_s = time.monotonic()
        assert said(end, b"x" * 4_000) == b"x" * 4_000
        assert time.monotonic() - begun_s >= 0.3  # the least that it can be; how long it is at most is nobody's promise
        line.mend()
        assert said(end, b"x" * 400_000) == b"x" * 400_000


def test_a_cut_ends_the_waiting_of_a_slow_line_and_of_a_held_one(line: LineProxy) -> None:
    for wait in (lambda: line.slow(delay_ms=600_000), line.hold):
        wait()
        with called(line) as end:
            end.sendall(b"hello")
            line.cut()
            assert hears_nothing_more(end)
        line.mend()


def hears_nothing_more(end: socket.socket) -> bool:
    try:
        return end.recv(100) == b""
    except ConnectionResetError:
        return True


def test_a_target_that_is_not_there_ends_the_call(line: LineProxy, echo: Echo) -> None:
    line.target = ("127.0.0.1", 1)
    with called(line) as end:
        assert end.recv(100) == b""
    line.target = ("127.0.0.1", echo.port)
    with called(line) as end:
        assert said(end, b"hello") == b"hello"


def test_tls_passes_through(tmp_path: Path) -> None:
    files = tls_files(tmp_path, ["127.0.0.1"], datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    server = Echo(context)
    proxy = LineProxy(f"https://127.0.0.1:{server.port}")
    try:
        assert proxy.start() == f"https://127.0.0.1:{proxy.port}"
        trusted = ssl.create_default_context(cafile=str(files.ca))
        with called(proxy) as plain, trusted.wrap_socket(plain, server_hostname="127.0.0.1") as end:
            assert said(end, b"secret") == b"secret"
    finally:
        proxy.close()
        server.close()


def test_a_closed_line_leaves_no_thread_and_no_port(echo: Echo) -> None:
    proxy = LineProxy(echo.port)
    proxy.start()
    with called(proxy) as end:
        assert said(end, b"hello") == b"hello"
        proxy.close()
        proxy.close()
    assert not [thread for thread in threading.enumerate() if thread.name == f"line on port {proxy.port}"]
    socket.create_server(("127.0.0.1", proxy.port)).close()


@pytest.mark.parametrize("target", ["https://127.0.0.1", "nonsense", ""])
def test_an_address_without_a_port_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="is no address with a port"):
        LineProxy(target)
