"""The terminal's line to the central service, put together: the journal up, orders down, the terminal's state, telemetry."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from functools import partial
from typing import Final

from kiosk.configuration import ConfigurationError
from kiosk.domain.facts import Json
from kiosk.ports import AccountRefused, BillStanding, JournalError, TerminalView, UplinkState, Verdict
from kiosk.runtime import Loop
from kiosk.services.account_lookup.nobody import NobodyToAsk
from kiosk.services.bill_payment.desk import UnaskedBills
from kiosk.services.checkout.claim_desk import Unasked
from kiosk.services.checkout.events import LineChanged
from kiosk.services.checkout.remote import asked_approval
from kiosk.services.checkout.session import CLOSED, Session
from kiosk.services.receipts import Receipts
from kiosk.storage.accounts import SqliteAccounts
from kiosk.storage.boot import Books
from kiosk.storage.errors import KeyFileError
from kiosk.storage.older_books import SqliteOlderBooks
from sync.accounts import StoreAccounts
from sync.billing import StoreBills
from sync.claims import StoreClaims
from sync.identity import Identity, IdentityError, load_identity
from sync.line import Line, ServiceClock
from sync.orders import Orders
from sync.protocol.feeds import FeedName
from sync.protocol.reports import Mode
from sync.reporting import Reporter
from sync.retrieving import Retrieval
from sync.telemetry import Telemetry
from sync.uplink import Uplink
from ui.feeding import FeedProcess
from ui.order_desk import OrderDesk
from ui.wired import NotEnrolledError, Terminal

log = logging.getLogger(__name__)

_MODES: Final = {"attract": Mode.IDLE, "out-of-service": Mode.OUT_OF_SERVICE}  # by step; in any other it sells
_TELL_EVERY_S: Final = 1.0
_ASK_KEY_EVERY_S: Final = 60.0


class CentralLine:
    """Everything that speaks to the central service for one terminal. `open` and `close` from any thread."""

    def __init__(self, terminal: Terminal, identity: Identity, receipts: Receipts, loop: Loop) -> None:
        configuration, books, register = terminal.configuration, terminal.books, terminal.register
        supervisors = self._supervisors = terminal.supervisors
        clock = ServiceClock()
        self._register = register
        self._account_desk = terminal.accounts
        self._asked_key_s = 0.0
        self._bill_desk = terminal.bills
        self._told = UplinkState()
        self._told_s = 0.0
        self._step, self._step_s = "", time.monotonic()

        def stamp() -> tuple[str, int]:
            return loop.wall().isoformat(timespec="milliseconds"), loop.now_ms()

        self.uplink = Uplink(books.journal, Line(identity, clock), watcher=self._line_changed, wall=loop.wall)
        self.reporter = Reporter(Line(identity, clock), books.journal, lambda: self.uplink.state, loop.wall)
        self.telemetry = Telemetry(
            books.directory, Line(identity, clock), quota_bytes=configuration.sync.telemetry_mb * 1_000_000, stamp=stamp
        )
        self.reporter.telemetry = lambda: self.telemetry.counts
        self.desk = OrderDesk(register, books, receipts, supervisors, terminal)
        self._look_at = partial(self._fed, terminal, loop)
        self.feeds = FeedProcess(books, configuration, identity.url, self._look_at)
        self.claims = StoreClaims(Line(identity, clock))
        self.bills = StoreBills(Line(identity, clock))
        self.accounts = StoreAccounts(Line(identity, clock))
        self.retrieval = Retrieval(
            Line(identity, clock),
            SqliteOlderBooks(books.journal),
            stamp,
            done=lambda found: register.books_completed(found.entries, found.sales),
            room=books.room,
        )
        self.orders = Orders(Line(identity, clock), books.journal, self.desk.handlers, stamp)
        self._parts = (
            self.uplink,
            self.reporter,
            self.telemetry,
            self.orders,
            self.feeds,
            self.claims,
            self.bills,
            self.accounts,
            self.retrieval,
        )

    def open(self) -> None:
        """Begin, each on a thread of its own."""
        for name in (FeedName.POLICY, FeedName.CONTENT):
            self._look_at(name)  # it was shown, and perhaps not looked at before the power went
        for part in self._parts:
            part.start()
        self._register.claims.claims = self.claims
        if self._account_desk is not None:
            self._account_desk.office = self.accounts
        self._fetch_account_key()
        if self._bill_desk is not None:
            self._bill_desk.billers = self.bills

    def close(self) -> None:
        """End them all; what was not sent waits in the journal."""
        self._register.claims.claims = Unasked(Verdict.AWAY)
        if self._account_desk is not None:
            self._account_desk.office = NobodyToAsk()
        if self._bill_desk is not None:
            self._bill_desk.billers = UnaskedBills(BillStanding.AWAY)
        for part in reversed(self._parts):
            part.stop()

    def watch(self, session: Session, _: object = None) -> None:
        """The session is this now: on the loop's thread."""
        if session.step != self._step:
            now_s = time.monotonic()
            spent: dict[str, Json] = {"from": self._step, "to": session.step, "ms": int((now_s - self._step_s) * 1_000)}
            self.telemetry.note("step", spent)
            self._step, self._step_s = session.step, now_s
        self.reporter.show(self._view(session))

    def _view(self, session: Session) -> TerminalView:
        devices = {
            kind: (supervisor.health.state.value, supervisor.health.reason)
            for kind, supervisor in self._supervisors.items()
        }
        mode = _MODES.get(session.step, Mode.SELLING)
        if mode is Mode.OUT_OF_SERVICE and session.problem == CLOSED:
            mode = Mode.CLOSED
        return TerminalView(mode, session.step, session.profile, devices, asked_approval(session))

    def _fed(self, terminal: Terminal, loop: Loop, name: str) -> None:
        """A feed is in use. Look-ups see it at once; offers and policy are the rules of the next shopper."""
        if name == FeedName.PROMOTIONS:
            self._register.use(terminal.rules(loop.wall()))
        elif name == FeedName.ACCOUNTS:
            self._fetch_account_key()
        elif name == FeedName.CONTENT:
            terminal.show(terminal.books.catalogue.content())
        elif name == FeedName.POLICY and (of_store := terminal.books.catalogue.policy()) is not None:
            try:
                terminal.follow(of_store)
            except (ConfigurationError, JournalError, OSError) as error:
                log.error(
                    "the store's policy is refused, the last good one holds: %s", " ".join(str(error).split("\n"))
                )

    def _fetch_account_key(self) -> None:
        """The key of the store's copy of its accounts, where it is missing: it comes by a request of its own, never with what it opens."""
        copy = self._account_desk.copy if self._account_desk is not None else None
        if not isinstance(copy, SqliteAccounts) or not copy.needs_key():
            return
        self._asked_key_s = time.monotonic()

        def told(key: bytes | AccountRefused) -> None:
            if isinstance(key, AccountRefused):
                return  # asked again when the line is up, or the next accounts come
            try:
                copy.keep_key(key)
            except KeyFileError as error:
                log.error("the store's accounts cannot be opened: %s", error)

        self.accounts.snapshot_key(told)

    def _line_changed(self, state: UplinkState) -> None:
        """Not at every batch of a long queue: nobody reads so fast, and each word is a drawing of the screen."""
        quiet = (state.pending == 0) == (self._told.pending == 0) and state.reason == self._told.reason
        now_s = time.monotonic()
        if quiet and now_s - self._told_s < _TELL_EVERY_S:
            return
        self._told, self._told_s = state, now_s
        if state.is_up and now_s - self._asked_key_s > _ASK_KEY_EVERY_S:
            self._fetch_account_key()
        self._register.post(LineChanged(state))


def connect(terminal: Terminal, receipts: Receipts, loop: Loop) -> CentralLine:
    """The line of a terminal that is enrolled. Raises NotEnrolledError, JournalError."""
    configuration, books = terminal.configuration, terminal.books
    try:
        identity = load_identity(books.directory)
    except IdentityError as error:
        raise NotEnrolledError(str(error), _waiting(books)) from None
    if identity is None:
        raise NotEnrolledError("this terminal is not enrolled; run: kiosk enrol CODE --central URL", _waiting(books))
    if identity.terminal_id != configuration.terminal.id:
        ours = configuration.terminal.id
        raise NotEnrolledError(f"terminal {identity.terminal_id} was enrolled here; enrol {ours}", _waiting(books))
    if configuration.sync.url:
        identity = replace(identity, url=configuration.sync.url)
    receipts.see_at(identity.receipt_url)
    return CentralLine(terminal, identity, receipts, loop)


def _waiting(books: Books) -> UplinkState:
    oldest = books.journal.stored(after_seq=0, limit=1)
    return UplinkState(books.journal.head()[0], oldest[0].at if oldest else "", "not-enrolled")
