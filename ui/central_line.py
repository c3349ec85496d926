"""The terminal's line to the central service, put together: the journal up, orders down, the terminal's state, telemetry."""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from devices.supervisor import Supervisor
from kiosk.domain.facts import Json
from kiosk.ports import (
    Order,
    OrderOutcome,
    PrintOutcome,
    PrintResult,
    SelfTest,
    TerminalView,
    UplinkState,
)
from kiosk.runtime import Loop
from kiosk.services.checkout.effects import RemoteAnswer
from kiosk.services.checkout.events import LineChanged, MessageSent, RemoteApproval
from kiosk.services.checkout.register import Register
from kiosk.services.checkout.remote import asked_approval
from kiosk.services.checkout.session import Session
from kiosk.services.receipts import Receipts
from kiosk.storage.boot import Books
from kiosk.storage.feeds import SqliteFeeds
from sync.feeds import Feeds, FeedSite
from sync.identity import Identity, IdentityError, load_identity
from sync.line import Line, ServiceClock
from sync.orders import Orders
from sync.reporting import Reporter
from sync.telemetry import Telemetry
from sync.uplink import Uplink

if TYPE_CHECKING:
    from ui.wiring import Terminal

log = logging.getLogger(__name__)

T = TypeVar("T")

_TELL_EVERY_S: Final = 1.0
_LONGEST_MESSAGE: Final = 300
_DECISION_S: Final = 10.0
_PAPER_S: Final = 60.0
_TEST_S: Final = 30.0


class CentralLine:
    """Everything that speaks to the central service for one terminal. `open` and `close` from any thread."""

    def __init__(self, terminal: Terminal, identity: Identity, receipts: Receipts, loop: Loop) -> None:
        configuration, books, register = terminal.configuration, terminal.books, terminal.register
        supervisors = self._supervisors = terminal.supervisors
        clock = ServiceClock()
        self._register = register
        self._profile = configuration.terminal.profile
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
        self.desk = OrderDesk(register, books, receipts, supervisors, self._profile)
        site = configuration.site
        self.feeds = Feeds(
            Line(identity, clock),
            SqliteFeeds(books.catalogue),
            FeedSite(identity.store_id, site.currency, frozenset(site.tax)),
            watcher=lambda name: self._fed(name, terminal, loop),
        )
        self.orders = Orders(Line(identity, clock), books.journal, self.desk.handlers, stamp)

    def open(self) -> None:
        """Begin, each on a thread of its own."""
        for part in (self.uplink, self.reporter, self.telemetry, self.orders, self.feeds):
            part.start()

    def close(self) -> None:
        """End them all; what was not sent waits in the journal."""
        for part in (self.feeds, self.orders, self.telemetry, self.reporter, self.uplink):
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
        mode = "out-of-service" if session.step == "out-of-service" else "selling"
        return TerminalView(mode, session.step, self._profile, devices, asked_approval(session))

    def _fed(self, name: str, terminal: Terminal, loop: Loop) -> None:
        """A feed is in use. Look-ups see it at once; offers are the rules of the next shopper."""
        if name == "promotions":
            self._register.use(terminal.rules(loop.wall()))

    def _line_changed(self, state: UplinkState) -> None:
        """Not at every batch of a long queue: nobody reads so fast, and each word is a drawing of the screen."""
        quiet = (state.pending == 0) == (self._told.pending == 0) and state.reason == self._told.reason
        now_s = time.monotonic()
        if quiet and now_s - self._told_s < _TELL_EVERY_S:
            return
        self._told, self._told_s = state, now_s
        self._register.post(LineChanged(state))


class OrderDesk:
    """Does what the central service asks for. Its handlers run on the orders' thread and wait for the terminal."""

    def __init__(
        self,
        register: Register,
        books: Books,
        receipts: Receipts,
        supervisors: Mapping[str, Supervisor[Any]],
        profile: str,
    ) -> None:
        self._register = register
        self._books = books
        self._receipts = receipts
        self._supervisors = supervisors
        self._profile = profile
        self._waiting: dict[str, _Awaited[OrderOutcome]] = {}
        self.handlers: dict[str, Callable[[Order], OrderOutcome]] = {
            "approve": lambda order: self._decide(order, granted=True),
            "refuse": lambda order: self._decide(order, granted=False),
            "message": self._show_message,
            "reprint": self._reprint,
            "self-test": self._test,
            "function-profile": self._take_profile,
        }
        register.on_remote(self._answered)

    def _decide(self, order: Order, *, granted: bool) -> OrderOutcome:
        staff, role = order.body.get("staff"), order.body.get("role")
        if not isinstance(staff, str) or not isinstance(role, str) or not order.bound_to:
            return OrderOutcome("refused", "malformed")
        awaited = self._waiting[order.order_id] = _Awaited()
        self._register.post(RemoteApproval(order.order_id, granted, order.bound_to, staff, role))
        try:
            return awaited.get(_DECISION_S) or OrderOutcome("failed", "no-answer")
        finally:
            del self._waiting[order.order_id]

    def _answered(self, answer: RemoteAnswer) -> None:
        awaited = self._waiting.get(answer.order_id)
        if awaited is not None:
            awaited.put(OrderOutcome(answer.status, answer.reason))

    def _show_message(self, order: Order) -> OrderOutcome:
        text = order.body.get("text")
        if not isinstance(text, str) or not text.strip():
            return OrderOutcome("refused", "malformed")
        plain = "".join(letter if letter.isprintable() else " " for letter in text)
        self._register.post(MessageSent(plain[:_LONGEST_MESSAGE]))
        return OrderOutcome("done")

    def _reprint(self, order: Order) -> OrderOutcome:
        sale_id = order.body.get("sale_id")
        if not isinstance(sale_id, str) or self._books.journal.ledger.sale(sale_id) is None:
            return OrderOutcome("refused", "unknown-sale")
        awaited: _Awaited[PrintResult] = _Awaited()
        language = self._register.rules.languages[0]
        self._receipts.print_receipt(sale_id, language, is_copy=True, done=awaited.put)
        result = awaited.get(_PAPER_S)
        if result is None:
            return OrderOutcome("failed", "no-answer")
        return OrderOutcome("done" if result.outcome is PrintOutcome.PRINTED else "failed", result.reason)

    def _test(self, order: Order) -> OrderOutcome:
        if self._register.state.step not in ("attract", "out-of-service"):
            return OrderOutcome("refused", "busy")
        wanted = order.body.get("devices")
        kinds = [str(kind) for kind in wanted] if isinstance(wanted, (list, tuple)) and wanted else self._supervisors
        found: dict[str, Json] = {}
        for kind in kinds:
            supervisor = self._supervisors.get(kind)
            if supervisor is None:
                return OrderOutcome("refused", "unknown-device")
            awaited: _Awaited[SelfTest | Exception] = _Awaited()
            supervisor.submit(lambda device: device.self_test(), awaited.put)
            result = awaited.get(_TEST_S)
            ok = isinstance(result, SelfTest) and result.ok
            found[kind] = {"ok": ok, "report": result.report if isinstance(result, SelfTest) else str(result)[:200]}
        return OrderOutcome("done", body=found)

    def _take_profile(self, order: Order) -> OrderOutcome:
        asked = order.body.get("profile")
        return OrderOutcome("done") if asked == self._profile else OrderOutcome("refused", "unknown-profile")


class _Awaited(Generic[T]):
    """What another thread will say."""

    def __init__(self) -> None:
        self._said: queue.SimpleQueue[T] = queue.SimpleQueue()

    def put(self, value: T) -> None:
        self._said.put(value)

    def get(self, within_s: float) -> T | None:
        try:
            return self._said.get(timeout=within_s)
        except queue.Empty:
            return None


def connect(terminal: Terminal, receipts: Receipts, loop: Loop) -> CentralLine | None:
    """The line of a terminal that is enrolled; None where it is not, which staff can see. Raises JournalError."""
    configuration, books = terminal.configuration, terminal.books
    try:
        identity = load_identity(books.directory)
        if identity is not None and identity.terminal_id != configuration.terminal.id:
            raise IdentityError(f"terminal {identity.terminal_id} was enrolled here; enrol {configuration.terminal.id}")
    except IdentityError as error:
        log.error("nothing is sent to the central service: %s", error)
        identity = None
    if identity is None:
        log.warning("this terminal is not enrolled with the central service; run: kiosk enrol CODE --central URL")
        waiting = books.journal.head()[0]
        oldest = books.journal.stored(after_seq=0, limit=1)
        terminal.register.post(LineChanged(UplinkState(waiting, oldest[0].at if oldest else "", "not-enrolled")))
        return None
    if configuration.sync.url:
        identity = replace(identity, url=configuration.sync.url)
    return CentralLine(terminal, identity, receipts, loop)
