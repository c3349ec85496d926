"""The virtual payment terminal, running: a core on a wire and a thread, with its ledger on disk and its customers at hand.

`serve_payment_terminal` is what the command line and the bench start. Any register may use it; it needs nobody to press its keys.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import select
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from devices.terminals.zvt_codec import ZvtError
from devices.virtual.payment_books import Books
from devices.virtual.payment_cards import CUSTOMERS, Customer, DemoCard, Entry
from devices.virtual.payment_core import TerminalCore
from devices.virtual.payment_display import Display, display_of
from devices.virtual.payment_ledger import Ledger, LedgerError, LedgerFile
from devices.virtual.payment_settings import Fault, TerminalSettings
from devices.virtual.payment_voice import Drop, Noise, Output, Record, Send, SendHalf
from devices.virtual.payment_wires import LINK_REPLY_MS, PtyWire, TcpWire, Wire

_log = logging.getLogger(__name__)


class VirtualPaymentTerminal:
    """A terminal at work. Every method may be called from any thread; close it when done (or use `with`)."""

    def __init__(self, wire: Wire, core: TerminalCore, ledger_file: LedgerFile | None = None) -> None:
        self.url = wire.url
        self._wire, self._core, self._file = wire, core, ledger_file
        self._started = time.monotonic()
        self._lock = threading.RLock()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._stopping = threading.Event()
        self._connection: int | None = None
        self._link_deadline_ms: int | None = None
        self._thread = threading.Thread(target=self._run, name="virtual-payment-terminal", daemon=True)
        self._thread.start()

    # --- the customer and the bench ---

    def present_card(self, card: DemoCard, entry: Entry = Entry.INSERTED) -> None:
        """Put a card in, or tap it."""
        self._do(lambda now_ms: self._core.present_card(card, now_ms, entry))

    def enter_pin(self, digits: str) -> None:
        """Key digits and the green key."""
        self._do(lambda now_ms: self._core.enter_pin(digits, now_ms))

    def remove_card(self) -> None:
        """Take the card out."""
        self._do(self._core.remove_card)

    def cancel_key(self) -> None:
        """Press the red key."""
        self._do(self._core.cancel_key)

    def power_cycle(self) -> None:
        """Pull the plug and put it back."""
        self._do(self._core.power_cycle)

    def drop_line(self) -> None:
        """Break the line to the register."""
        self._do(lambda now_ms: [Drop(), *self._core.disconnect(now_ms)])

    def arm(self, *faults: Fault) -> None:
        """Let these go wrong, once each, at their next chance."""
        with self._lock:
            self._core.faults |= set(faults)

    def disarm(self, *faults: Fault) -> None:
        """Let these go well after all, where they have not happened yet."""
        with self._lock:
            self._core.faults -= set(faults)

    def expect(self, customer: Customer | None) -> None:
        """Who comes for the next payments by themselves; None for nobody."""
        with self._lock:
            self._core.customer = customer

    @property
    def display(self) -> Display:
        """What it shows to the customer now, and the newest of its books."""
        with self._lock:
            return display_of(self._core)

    @property
    def ledger(self) -> Ledger:
        """The books as they are now, a copy."""
        with self._lock:
            return copy.deepcopy(self._core.books.ledger)

    @property
    def busy(self) -> bool:
        """Whether a command is being worked on."""
        with self._lock:
            return self._core.busy

    @property
    def asks(self) -> int:
        """How often the register asked for time at the last approval."""
        with self._lock:
            return self._core.asks

    # --- its life ---

    def wait(self) -> None:
        """Block until `close` is called (from another thread or a signal), or the ledger cannot be written any more."""
        self._stopping.wait()

    def close(self) -> None:
        """Stop; may be called more than once."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            os.eventfd_write(self._wake, 1)
        if self._thread is not threading.current_thread():
            self._thread.join(timeout=5)

    def __enter__(self) -> VirtualPaymentTerminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # --- details ---

    def _now_ms(self) -> int:
        return int((time.monotonic() - self._started) * 1000)

    def _do(self, act: Callable[[int], list[Output]]) -> None:
        with self._lock:
            self._perform(act(self._now_ms()))
        os.eventfd_write(self._wake, 1)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                ready = self._poll()
                with self._lock:
                    self._read(ready)
                    self._perform(self._core.advance(self._now_ms()))
                    self._watch_link()
        except LedgerError as error:
            _log.error("the virtual payment terminal stops: %s", error)
            self._stopping.set()
        finally:
            with self._lock:
                self._wire.close()
                if self._file is not None:
                    self._file.close()
                os.close(self._wake)

    def _poll(self) -> set[int]:
        poll = select.poll()
        with self._lock:
            for descriptor in (*self._wire.descriptors(), self._wake):
                poll.register(descriptor, select.POLLIN)
            deadlines = [at for at in (self._core.deadline_ms, self._link_deadline_ms) if at is not None]
        wait_ms = max(0, min(deadlines) - self._now_ms()) if deadlines else None
        ready = {descriptor for descriptor, _ in poll.poll(wait_ms)}
        if self._wake in ready:
            os.eventfd_read(self._wake)
        return ready

    def _read(self, ready: set[int]) -> None:
        came, data = self._wire.take(ready)
        if came:
            self._connected()
        if data is None:
            self._wire.drop()
            self._perform(self._core.disconnect(self._now_ms()))
        elif data:
            if not self._core.connected:
                self._connected()
            try:
                apdus = self._wire.line.feed(data)
            except ZvtError as error:
                _log.warning("the register is not understood, the line is dropped: %s", error)
                self._perform([Drop(), *self._core.disconnect(self._now_ms())])
                return
            self._flush()
            for apdu in apdus:
                self._perform(self._core.receive(apdu, self._now_ms(), self._connection))
            self._link_deadline_ms = None

    def _connected(self) -> None:
        self._connection, outputs = self._core.connect(self._now_ms())
        self._perform(outputs)

    def _perform(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            if isinstance(output, Record):
                if self._file is not None:
                    self._file.append(output.entry)
            elif isinstance(output, Send):
                self._wire.line.send(output.apdu)
                self._flush()
            elif isinstance(output, SendHalf):
                self._wire.line.send(output.apdu)
                whole = self._wire.line.take_output()
                self._wire.write(whole[: len(whole) // 2])
            elif isinstance(output, Noise):
                self._wire.write(output.data)
            else:
                self._wire.drop()

    def _flush(self) -> None:
        data = self._wire.line.take_output()
        if data:
            self._wire.write(data)

    def _watch_link(self) -> None:
        """Have a serial line repeat what was not acknowledged; a register that never does is gone."""
        line, now_ms = self._wire.line, self._now_ms()
        if not (line.waiting or line.half_read):
            self._link_deadline_ms = None
        elif self._link_deadline_ms is None:
            self._link_deadline_ms = now_ms + LINK_REPLY_MS
        elif self._link_deadline_ms <= now_ms:
            self._link_deadline_ms = now_ms + LINK_REPLY_MS
            try:
                line.silence()
            except ZvtError:
                self._wire.drop()
                self._perform(self._core.disconnect(now_ms))
            else:
                self._flush()


def serve_payment_terminal(
    port: int = 0,
    ledger_path: Path | None = None,
    *,
    host: str = "127.0.0.1",
    customer: str | Customer | None = "good",
    settings: TerminalSettings | None = None,
    faults: Iterable[Fault] = (),
) -> VirtualPaymentTerminal:
    """A terminal on a TCP port (0: a free one), at work until it is closed. Without further word a customer with a good card comes.

    `customer` is a name out of `CUSTOMERS`; None is for a bench. Raises LedgerError, KeyError for an unknown name, OSError for a port
    that is taken.
    """
    core, file = _prepared(ledger_path, customer, settings, faults)
    try:
        wire = TcpWire(host, port)
    except OSError:
        if file is not None:
            file.close()
        raise
    return VirtualPaymentTerminal(wire, core, file)


def serve_payment_terminal_on_pty(
    ledger_path: Path | None = None,
    *,
    customer: str | Customer | None = "good",
    settings: TerminalSettings | None = None,
    faults: Iterable[Fault] = (),
) -> VirtualPaymentTerminal:
    """The same on a pseudo-terminal with serial framing; its `url` names it."""
    core, file = _prepared(ledger_path, customer, settings, faults)
    return VirtualPaymentTerminal(PtyWire(), core, file)


def _prepared(
    ledger_path: Path | None,
    customer: str | Customer | None,
    settings: TerminalSettings | None,
    faults: Iterable[Fault],
) -> tuple[TerminalCore, LedgerFile | None]:
    visitor = CUSTOMERS[customer] if isinstance(customer, str) else customer
    file = LedgerFile(ledger_path) if ledger_path is not None else None
    core = TerminalCore(
        settings=settings or TerminalSettings(),
        books=Books(file.read() if file is not None else Ledger(), datetime.now(UTC).astimezone()),
        customer=visitor,
        faults=set(faults),
    )
    # What a power cut left undecided is decided now, as the terminal is set up to.
    for output in core.power_cycle(0):
        if isinstance(output, Record) and file is not None:
            file.append(output.entry)
    return core, file
