"""A chip card reader that the PC/SC service (pcscd) attends to, by pyscard."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from devices.cards.chip_conversation import holder_of
from devices.transport import PcscUrl, TransportUrlError, parse_transport
from kiosk.domain.account import Holder
from kiosk.domain.cards.layout import CardLayout, CardProblem
from kiosk.ports import (
    CardEvent,
    CardGone,
    CardRefused,
    CardShown,
    DeviceUnavailableError,
    Health,
    HealthState,
    Manifest,
    SelfTest,
)

_REMOVED = "removed-early"
_LONGEST_ANSWER, _STATUS_BYTES = 258, 2
_NOTICES_MS = 600  # pcscd looks for a card every 400 ms: one that is pulled out first fails, and is missed later


class PcscReader:
    """Implements `kiosk.ports.CardReader`. One card after another: told when it is in, and again when it is out.

    pyscard is an extra, imported when a terminal with this driver connects. What a card answers is never logged.
    """

    manifest = Manifest(
        driver="pcsc",
        kind="card",
        models=("any that pcscd knows; tried with vsmartcard's virtual reader only",),
        transports=("pcsc",),
        settings={"answer_within_ms": (5000, "how long a card may take to be read before it counts as not readable")},
    )

    def __init__(self, transport: str, *, answer_within_ms: int = 5000) -> None:
        url = parse_transport(transport)
        if not isinstance(url, PcscUrl):
            raise TransportUrlError(f"transport {transport[:120]!r} is no PC/SC reader; write pcsc:READER")
        if not 200 <= answer_within_ms <= 60_000:
            raise ValueError("answer_within_ms has to lie between 200 and 60000")
        self._wanted = url.reader
        self._within_s = answer_within_ms / 1000
        self._layouts: tuple[CardLayout, ...] = ()
        self._service: _Service | None = None
        self._card_in = False
        self._changes = 0
        self._reading: _Reading | None = None

    def know(self, layouts: tuple[CardLayout, ...]) -> None:
        """The site's layouts, before `connect`."""
        self._layouts = layouts

    def connect(self) -> Health:
        """Find the service and the reader. Raises DeviceUnavailableError, which says what is missing."""
        self.close()
        service = _Service(self._wanted)
        self._service, self._card_in = service, False
        try:
            service.find()
        except DeviceUnavailableError:
            service.close()
            raise
        return Health(HealthState.READY)

    def watch(self) -> Health:
        """Whether service and reader are there. Raises DeviceUnavailableError."""
        self._in_use().wait(0, changed_from=None)
        return Health(HealthState.READY)

    def self_test(self) -> SelfTest:
        """Whether the reader answers; only a hand with a card can prove more. Raises DeviceUnavailableError."""
        self.watch()
        return SelfTest(ok=True, report=f"reader {self._in_use().reader} is there; put a member's card in to prove it")

    def read(self, timeout_ms: int) -> CardEvent | None:
        """A card that was put in, read; or one that was taken out; None when `timeout_ms` passed. Raises DeviceUnavailableError."""
        service = self._in_use()
        is_in = service.wait(timeout_ms, changed_from=self._card_in)
        if is_in and self._card_in and service.changes != self._changes:
            is_in = False  # out, and in again before we looked
        if is_in == self._card_in:
            return None
        self._card_in, self._changes = is_in, service.changes
        return self._meaning(service) if is_in else CardGone()

    def close(self) -> None:
        """Leave the service; wakes a blocked read. Callable from any thread."""
        service = self._service
        if service is not None:
            service.close()

    def _in_use(self) -> _Service:
        if self._service is None:
            raise DeviceUnavailableError("the card reader is not connected")
        return self._service

    def _meaning(self, service: _Service) -> CardEvent:
        # A card that does not answer holds whoever waits for it, and cannot be called off: so a thread of its own waits.
        if self._reading is not None and not self._reading.ended.is_set():
            return CardRefused(CardProblem.NOT_READABLE.value)
        self._reading = _Reading(service.reader, self._layouts)
        if not self._reading.ended.wait(self._within_s):
            return CardRefused(CardProblem.NOT_READABLE.value)
        found = self._reading.found
        if isinstance(found, Holder):
            return CardShown(found, stays=True)
        if isinstance(found, CardProblem):
            return CardRefused(found.value)
        is_removed = found == _REMOVED or not service.wait(_NOTICES_MS, changed_from=True)
        return CardRefused(_REMOVED if is_removed else CardProblem.NOT_READABLE.value)


class _Service:
    """A context of the service, for waiting. It is released by its last user, so that no thread uses what is released."""

    def __init__(self, wanted: str) -> None:
        self._scard = _pyscard()
        self._wanted = wanted
        self.reader = ""
        self.changes = 0  # how often a card came or went since the service knows the reader, modulo 65536
        self._lock = threading.Lock()
        self._is_waiting = self._is_closed = False
        self._context = _context(self._scard)

    def find(self) -> None:
        """Find the reader by its name, or a part of it. Raises DeviceUnavailableError."""
        code, readers = self._scard.SCardListReaders(self._context, [])
        names = list(readers) if code == 0 else []
        found = [name for name in names if name == self._wanted] or [name for name in names if self._wanted in name]
        if not found:
            there = ", ".join(names) or "none"
            raise DeviceUnavailableError(
                f"the PC/SC service knows no reader {self._wanted!r} (there: {there}); is it plugged in, is its driver installed?"
            )
        self.reader = found[0]

    def wait(self, timeout_ms: int, *, changed_from: bool | None) -> bool:
        """Whether a card is in; at once where that is not `changed_from`, else after `timeout_ms`. Raises DeviceUnavailableError."""
        with self._lock:
            if self._is_closed:
                raise DeviceUnavailableError("the card reader was closed")
            self._is_waiting = True
        try:
            return self._wait(time.monotonic() + timeout_ms / 1000, changed_from=changed_from)
        finally:
            with self._lock:
                self._is_waiting = False
                if self._is_closed:
                    self._release()

    def close(self) -> None:
        """Release it, or have whoever waits release it at once. Callable more than once."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            if self._is_waiting:
                self._scard.SCardCancel(self._context)
            else:
                self._release()

    def _wait(self, until: float, *, changed_from: bool | None) -> bool:
        state = self._scard.SCARD_STATE_UNAWARE
        while True:
            left_ms = max(0, int((until - time.monotonic()) * 1000))
            code, states = self._scard.SCardGetStatusChange(self._context, left_ms, [(self.reader, state)])
            if self._is_closed or code == self._scard.SCARD_E_CANCELLED:
                raise DeviceUnavailableError("the card reader was closed")
            if code not in (0, self._scard.SCARD_E_TIMEOUT):
                raise _lost(self._scard, code)
            state = states[0][1] & ~self._scard.SCARD_STATE_CHANGED
            if state & (self._scard.SCARD_STATE_UNKNOWN | self._scard.SCARD_STATE_UNAVAILABLE):
                raise DeviceUnavailableError(f"reader {self.reader} is gone; is it plugged in?")
            is_in, before = bool(state & self._scard.SCARD_STATE_PRESENT), self.changes
            self.changes = state >> 16 & 0xFFFF
            if is_in != changed_from or self.changes != before or left_ms == 0:
                return is_in

    def _release(self) -> None:
        self._scard.SCardReleaseContext(self._context)


class _Reading:
    """One card being read, with a context of its own. `found` is what came of it once `ended` is set: a text where it went wrong."""

    def __init__(self, reader: str, layouts: Sequence[CardLayout]) -> None:
        self.ended = threading.Event()
        self.found: Holder | CardProblem | str = ""
        self._reader, self._layouts = reader, layouts
        threading.Thread(target=self._read, name="chip-card", daemon=True).start()

    def _read(self) -> None:
        scard = _pyscard()
        try:
            context = _context(scard)
            try:
                self.found = self._conversation(scard, context)
            finally:
                scard.SCardReleaseContext(context)
        except (_CardError, DeviceUnavailableError) as error:
            self.found = error.reason if isinstance(error, _CardError) else "service"
        finally:
            self.ended.set()

    def _conversation(self, scard: Any, context: Any) -> Holder | CardProblem:
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, card, protocol = scard.SCardConnect(context, self._reader, scard.SCARD_SHARE_SHARED, protocols)
        if code != 0:
            raise _CardError(scard, code)

        def send(command: bytes) -> bytes:
            # T=0 has no command that both sends and fetches (ISO/IEC 7816-3, 12.1): the answer is fetched by 61xx.
            if protocol == scard.SCARD_PROTOCOL_T0 and len(command) > 5 and len(command) == 6 + command[4]:
                command = command[:-1]
            request = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
            code, answer = scard.SCardTransmit(card, request, list(command))
            # A card that is pulled out while it answers leaves nothing, which the reader may hand on as an answer.
            if code != 0 or len(answer) < _STATUS_BYTES:
                raise _CardError(scard, code)
            return bytes(byte & 0xFF for byte in answer[:_LONGEST_ANSWER])

        try:
            return holder_of(send, self._layouts)
        finally:
            scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)


class _CardError(Exception):
    """The card did not answer. `reason` is "removed-early" where it was taken out."""

    def __init__(self, scard: Any, code: int) -> None:
        super().__init__(scard.SCardGetErrorMessage(code))
        self.reason = _REMOVED if code in (scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD) else "no-answer"


def _pyscard() -> Any:
    """pyscard's lowest level. Raises DeviceUnavailableError where it is not installed."""
    try:
        return import_module("smartcard.scard")
    except ImportError as error:
        raise DeviceUnavailableError(
            "the driver pcsc needs pyscard, which is not installed: run packaging/set-up.sh pcsc (docs/operators/card-readers.md)"
        ) from error


def _context(scard: Any) -> Any:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if code != 0:
        raise _lost(scard, code)
    return context


def _lost(scard: Any, code: int) -> DeviceUnavailableError:
    said = scard.SCardGetErrorMessage(code)
    return DeviceUnavailableError(f"the PC/SC service does not answer ({said}); is pcscd installed and running?")
