"""Does at the terminal what the central service asks for: approvals, messages, reprints, self-tests, function profiles."""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, Protocol, TypeVar

from devices.supervisor import Supervisor
from kiosk.configuration import ConfigurationError
from kiosk.configuration.policy import PROFILE
from kiosk.domain.facts import Json
from kiosk.ports import Order, OrderOutcome, PrintOutcome, PrintResult, SelfTest
from kiosk.services.checkout.effects import RemoteAnswer
from kiosk.services.checkout.office import MessageSent, ProfileChosen, RemoteApproval
from kiosk.services.checkout.register import Register
from kiosk.services.receipts import Receipts
from kiosk.storage.boot import Books

T = TypeVar("T")

_LONGEST_MESSAGE: Final = 300
_DECISION_S: Final = 10.0
_PAPER_S: Final = 60.0
_TEST_S: Final = 30.0


class Office(Protocol):
    """What the central service may set of this terminal."""

    @property
    def profiles(self) -> tuple[str, ...]:
        """Those that it may serve."""

    def set(self, settings: Mapping[str, Json], by: str) -> tuple[str, ...]:
        """Validate, journal and keep settings, and let them hold from the next shopper on; gives the keys that hold from the next start
        only. Raises ConfigurationError (nothing is changed), JournalError, OSError."""


class OrderDesk:
    """Does what the central service asks for. Its handlers run on the orders' thread and wait for the terminal."""

    def __init__(
        self,
        register: Register,
        books: Books,
        receipts: Receipts,
        supervisors: Mapping[str, Supervisor[Any]],
        office: Office,
    ) -> None:
        self._register = register
        self._books = books
        self._receipts = receipts
        self._supervisors = supervisors
        self._office = office
        self._waiting: dict[str, _Awaited[OrderOutcome]] = {}
        self.handlers: dict[str, Callable[[Order], OrderOutcome]] = {
            "approve": lambda order: self._decide(order, granted=True),
            "refuse": lambda order: self._decide(order, granted=False),
            "message": self._show_message,
            "reprint": self._reprint,
            "self-test": self._test,
            "function-profile": self._take_profile,
            "configuration": self._configure,
        }
        register.on_remote(self._answered)

    def _decide(self, order: Order, *, granted: bool) -> OrderOutcome:
        staff, role = order.body.get("staff"), order.body.get("role")
        if not isinstance(staff, str) or not isinstance(role, str) or not order.bound_to:
            return OrderOutcome("refused", "malformed")
        kind = str(order.body.get("kind", "age"))  # older services ask for ages alone
        return self._asked(order, RemoteApproval(order.order_id, granted, order.bound_to, staff, role, kind))

    def _asked(self, order: Order, event: object) -> OrderOutcome:
        """What the register makes of `event`."""
        awaited = self._waiting[order.order_id] = _Awaited()
        self._register.post(event)
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
        if not isinstance(asked, str) or asked not in self._office.profiles:
            return OrderOutcome("refused", "unknown-profile")
        outcome = self._asked(order, ProfileChosen(asked, order.order_id))
        if outcome.status != "done":
            return outcome
        self._office.set({PROFILE: asked}, order.issued_by)
        return outcome

    def _configure(self, order: Order) -> OrderOutcome:
        settings = order.body.get("settings")
        if not isinstance(settings, Mapping) or not settings or PROFILE in settings:
            return OrderOutcome("refused", "malformed")
        try:
            later = self._office.set(settings, order.issued_by)
        except ConfigurationError as error:
            return OrderOutcome("refused", "invalid", {"problems": [str(one)[:300] for one in error.problems[:10]]})
        return OrderOutcome("done", "at-next-start" if later else "", {"at_next_start": list(later)})


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
