"""The driver of ZVT payment terminals over TCP or a serial line: implements `kiosk.ports.PaymentTerminal`.

Every call opens a line, registers and closes it again, as terminals drop idle connections and forget their registration with them.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

from devices.terminals.zvt_authorisation import Authorisation, Wishes
from devices.terminals.zvt_codec import ZvtError
from devices.terminals.zvt_conversation import Conversation, Ended, Patience
from devices.terminals.zvt_outcome import CURRENCY_NUMBERS, outcome_of, unknown
from devices.terminals.zvt_session import Command, Completed, Refused, ZvtSession
from devices.terminals.zvt_words import BUSY_CODES, reason_word
from devices.transport import Transport, TransportLostError, TransportUnavailableError, parse_transport
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome, Result, TerminalStatus
from kiosk.ports import (
    DeviceRefusedError,
    Health,
    HealthState,
    Manifest,
    PaymentListener,
    SelfTest,
)

log = logging.getLogger(__name__)

_NO_TRANSACTION = 0x83
_FENCE_PAUSE_MS = 500
_RECHECK_S = 5  # a terminal that is not ready is asked more often


class ZvtTerminal:
    """Implements `kiosk.ports.PaymentTerminal`. Of a card number it never holds more than four digits, and logs none."""

    manifest = Manifest(
        driver="zvt",
        kind="payment",
        models=("ZVT 13.x terminals: Verifone, Ingenico, CCV, Worldline, PAX",),
        transports=("tcp", "serial", "pty"),
        settings={
            "password": ("000000", "the register's password on the terminal, six digits"),
            "currency": ("EUR", f"the currency the terminal settles in: {', '.join(CURRENCY_NUMBERS)}"),
            "authorise_s": (90, "how long a payment may take; the terminal's own waiting times are added"),
            "reply_ms": (5000, "how long the terminal may take to answer a message"),
            "fence_ms": (15000, "how long to wait for a terminal that is still busy with an older payment"),
            "check_s": (60, "how often an idle terminal is asked how it is"),
        },
    )

    def __init__(
        self,
        transport: str,
        *,
        password: str = "000000",  # noqa: S107 -- the terminals' own factory setting, told in their manuals
        currency: str = "EUR",
        authorise_s: int = 90,
        reply_ms: int = 5000,
        fence_ms: int = 15000,
        check_s: int = 60,
    ) -> None:
        if not (len(password) == 6 and password.isascii() and password.isdecimal()):
            raise ValueError("password has to be six digits")
        if currency not in CURRENCY_NUMBERS:
            raise ValueError(f"currency {currency!r} is unknown; allowed: {', '.join(CURRENCY_NUMBERS)}")
        for name, value, least in (
            ("authorise_s", authorise_s, 1),
            ("reply_ms", reply_ms, 100),
            ("fence_ms", fence_ms, 0),
        ):
            if not least <= value <= 600_000:
                raise ValueError(f"{name} has to lie between {least} and 600000")
        parse_transport(transport)
        self._url, self._password, self._currency = transport, int(password), currency
        self._authorise_ms, self._fence_ms, self._check_s = authorise_s * 1000, fence_ms, check_s
        self._patience = Patience(reply_ms=reply_ms)
        self._wishes = Wishes()
        self._lock = threading.Lock()
        self._transport: Transport | None = None
        self._closed = False
        self._health = Health(HealthState.CONNECTING)
        self._checked = 0.0

    # --- kiosk.ports.Device ---

    def connect(self) -> Health:
        """Greet the terminal. One that is busy is connected, and degraded; one that refuses us is a fault.

        Raises DeviceUnavailableError.
        """
        with self._lock:
            self._closed = False
        return self._check()

    def watch(self) -> Health:
        """The terminal's condition, asked now and then: it may be in the middle of its own work. Raises DeviceUnavailableError."""
        every_s = self._check_s if self._health.state is HealthState.READY else min(self._check_s, _RECHECK_S)
        if time.monotonic() - self._checked < every_s:
            return self._health
        return self._check()

    def self_test(self) -> SelfTest:
        """Register and ask the terminal how it is; nothing is charged. Raises DeviceUnavailableError."""
        health = self._check()
        if health.state is HealthState.READY:
            return SelfTest(True, f"the payment terminal at {self._url} is registered and ready")
        if health.state is HealthState.FAULT:
            return SelfTest(
                False, f"the payment terminal at {self._url} refuses us ({health.reason}); check its password"
            )
        return SelfTest(False, f"the payment terminal at {self._url} says {health.reason!r}; look at its own display")

    def close(self) -> None:
        """Close the line; wakes a blocked call. Callable from any thread, more than once."""
        with self._lock:
            self._closed, transport = True, self._transport
        if transport is not None:
            transport.close()

    # --- kiosk.ports.PaymentTerminal ---

    def authorise(self, ref: str, amount: Money, listener: PaymentListener) -> Outcome:
        """See the port. Also raises DeviceRefusedError for an amount or currency that no terminal would take."""
        return self._transact(Command.AUTHORISE, ref, amount, listener)

    def decide(self, *, keep: bool) -> None:
        """See the port."""
        self._wishes.decide(keep=keep)
        self._wake()

    def cancel(self) -> None:
        """See the port. Nothing happens when no authorisation is in hand."""
        self._wishes.cancel()
        self._wake()

    def fence(self) -> None:
        """See the port. An approval that the terminal still wants answered is turned back, so that it reverses by itself."""
        deadline = time.monotonic() + self._fence_ms / 1000
        while True:
            with self._converse() as conversation:
                session = conversation.session
                # Before registering: a terminal that is busy with an older payment refuses that, but takes an abort.
                conversation.run(Command.ABORT, session.abort())
                if self._is_idle(conversation):
                    return
            if time.monotonic() >= deadline:
                raise DeviceRefusedError(
                    "the payment terminal is still busy with an older payment; look at its display", "busy"
                )
            time.sleep(_FENCE_PAUSE_MS / 1000)

    def status(self) -> TerminalStatus:
        """See the port: a status enquiry, then the last receipt once more."""
        with self._converse() as conversation:
            if not self._is_idle(conversation):
                return TerminalStatus(busy=True, last=None)
            ended = conversation.run(Command.REPEAT_RECEIPT, conversation.session.repeat_receipt())
            conversation.settle()
        if isinstance(ended.by, Completed):
            if ended.information is None:
                raise DeviceRefusedError(
                    "the terminal repeated its receipt without saying what it was for", "no-result"
                )
            return TerminalStatus(busy=False, last=self._outcome(ended))
        if ended.by.code in BUSY_CODES:
            return TerminalStatus(busy=True, last=None)
        if ended.by.code == _NO_TRANSACTION:
            return TerminalStatus(busy=False, last=None)
        raise _refused("repeating the last receipt", ended.by.code)

    def reverse(self, receipt_no: int, amount: Money) -> Outcome:
        """See the port."""
        with self._converse() as conversation:
            self._register(conversation)
            try:
                apdu = conversation.session.reverse(receipt_no)
                ended = conversation.run(Command.REVERSE, apdu)
                conversation.settle()
            except ZvtError as error:
                raise DeviceRefusedError(
                    f"receipt {receipt_no} cannot be reversed: {error}", "receipt-number"
                ) from error
            except TransportLostError as error:
                log.warning("the line was lost during a reversal: %s", error)
                return unknown("line-lost", amount)
        outcome = self._outcome(ended, amount)
        log.info("reversal of receipt %s: %s", receipt_no, outcome.result.value)
        if isinstance(ended.by, Completed):
            return replace(outcome, result=Result.APPROVED, reason="")
        return outcome

    def end_of_day(self) -> None:
        """See the port."""
        self._plain(Command.END_OF_DAY, "the end of day")

    def refund(self, ref: str, amount: Money, listener: PaymentListener) -> Outcome:
        """See the port. Also raises DeviceRefusedError as `authorise`."""
        return self._transact(Command.REFUND, ref, amount, listener)

    # --- what terminals can beyond the port ---

    def diagnose(self) -> None:
        """Have the terminal try its line to the bank. Raises DeviceUnavailableError, DeviceRefusedError."""
        self._plain(Command.DIAGNOSE, "the diagnosis")

    # --- details ---

    def _transact(self, command: Command, ref: str, amount: Money, listener: PaymentListener) -> Outcome:
        if amount.currency != self._currency or amount.minor <= 0:
            raise DeviceRefusedError(f"{amount} cannot be moved in {self._currency}", "amount-not-possible")
        self._wishes.clear()
        with self._converse() as conversation:
            self._register(conversation)
            transaction = Authorisation(
                conversation,
                amount,
                self._wishes,
                listener,
                today=self._today(),
                limit_ms=self._authorise_ms,
                command=command,
            )
            outcome = transaction.run()
        log.info(
            "%s %s: %s %s, trace %s", command.name.lower(), ref, outcome.result.value, outcome.reason, outcome.trace
        )
        return outcome

    def _converse(self) -> Conversation:
        session = ZvtSession(password=self._password, currency=CURRENCY_NUMBERS[self._currency])
        return Conversation.open(self._url, session, self._patience, self._opened)

    def _opened(self, transport: Transport) -> None:
        with self._lock:
            self._transport, closed = transport, self._closed
        if closed:
            transport.close()
            raise TransportUnavailableError(f"{self._url}: the payment terminal was switched off here")

    def _wake(self) -> None:
        with self._lock:
            transport = self._transport
        if transport is not None:
            transport.cancel_read()

    def _check(self) -> Health:
        self._checked = time.monotonic()
        try:
            with self._converse() as conversation:
                code = self._condition(conversation)
        except DeviceRefusedError as error:
            if self._health.state is not HealthState.FAULT:
                log.error("%s", error)
            self._health = Health(HealthState.FAULT, error.reason)
            return self._health
        if code == 0:
            self._health = Health(HealthState.READY)
        else:
            self._health = Health(HealthState.DEGRADED, "busy" if code in BUSY_CODES else reason_word(code))
        return self._health

    def _is_idle(self, conversation: Conversation) -> bool:
        return self._condition(conversation) not in BUSY_CODES

    def _condition(self, conversation: Conversation) -> int:
        """The terminal's condition after registering: 0 is ready. A busy one does not even register."""
        session = conversation.session
        for command, ask in ((Command.REGISTER, session.register), (Command.STATUS, session.ask_status)):
            ended = conversation.run(command, ask())
            if not isinstance(ended.by, Completed):
                if ended.by.code in BUSY_CODES:
                    return ended.by.code
                raise _refused(
                    "the registration" if command is Command.REGISTER else "the status enquiry", ended.by.code
                )
        conversation.settle()
        return ended.by.status_code or 0 if isinstance(ended.by, Completed) else 0

    def _register(self, conversation: Conversation) -> None:
        ended = conversation.run(Command.REGISTER, conversation.session.register())
        if not isinstance(ended.by, Completed):
            raise _refused("the registration", ended.by.code)

    def _plain(self, command: Command, what: str) -> None:
        with self._converse() as conversation:
            self._register(conversation)
            session = conversation.session
            apdu = session.end_of_day() if command is Command.END_OF_DAY else session.diagnose()
            ended = conversation.run(command, apdu)
            conversation.settle()
        if not isinstance(ended.by, Completed):
            raise _refused(what, ended.by.code)

    def _outcome(self, ended: Ended, asked: Money | None = None) -> Outcome:
        code = None if isinstance(ended.by, Completed) else ended.by.code
        slips = None if isinstance(ended.by, Refused) else ended.by.slips
        return outcome_of(
            ended.information, asked=asked, code=code, slips=slips, currency=self._currency, today=self._today()
        )

    def _today(self) -> datetime:
        return datetime.now(UTC).astimezone()


def _refused(what: str, code: int) -> DeviceRefusedError:
    reason = reason_word(code)
    return DeviceRefusedError(
        f"the payment terminal refused {what} with code {code:02X} ({reason}); check its password and look at its display",
        reason,
    )
