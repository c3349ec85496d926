"""A terminal that is put together: opened and closed as one, with its line to the central service brought up behind the selling."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from devices.supervisor import Supervisor
from kiosk.configuration import Configuration, ConfigurationError, Origin, Policy, Problem
from kiosk.configuration.forms import FormsRead
from kiosk.configuration.policy import PROFILE, RULES
from kiosk.configuration.rules import account_rules, bill_pay_rules, price_rules, scan_rules
from kiosk.domain.facts import Fact, Json, Kind
from kiosk.domain.forms import FormBook
from kiosk.ports import UplinkState
from kiosk.runtime import Loop
from kiosk.services.account_lookup.desk import AccountDesk
from kiosk.services.bill_payment.desk import BillDesk
from kiosk.services.checkout.events import (
    BooksFailed,
    LineChanged,
)
from kiosk.services.checkout.office import BooksTold, ProfileChosen
from kiosk.services.checkout.register import Register
from kiosk.services.checkout.session import SELF_CHECKOUT, Limits, Rules, Session, Timeouts
from kiosk.services.home import FORM
from kiosk.services.payments import Payments
from kiosk.services.refunds.view import RefundRules
from kiosk.services.speaking import Speaking
from kiosk.services.words import Words
from kiosk.storage.boot import Books
from kiosk.workers import ThreadWorker

log = logging.getLogger(__name__)

_ENROLLED_EVERY_MS = 2_000
HOLDS_AT_ONCE = RULES | {PROFILE}


@dataclass
class Terminal:
    """A terminal that is put together. `open` starts it, `close` ends it; both on the loop's thread."""

    configuration: Configuration
    books: Books
    register: Register
    payments: Payments
    words: Words
    speaking: Speaking
    office: ThreadWorker
    auditor: ThreadWorker
    loop: Loop
    supervisors: Mapping[str, Supervisor[Any]] = field(default_factory=dict)
    forms: FormsRead = field(default_factory=FormsRead)
    central: LineStarter | None = None
    policy: Policy | None = None
    accounts: AccountDesk | None = None
    bills: BillDesk | None = None  # its `billers` may be another office at any time
    say_anew: Callable[[], None] = lambda: None  # on the loop's thread: what is on the screen may have other words
    # An order and the store's policy come on threads of their own, and each sets the whole.
    _setting: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def open(self) -> None:
        """Attend to the devices, journal the start with what it found, and go on where the last run ended."""
        found: list[Json] = [{"code": line.code, **line.params} for line in self.books.report]
        found += [{"code": "form-wrong", "what": str(problem)} for problem in self.forms.problems]
        self.register.record(Kind.TERMINAL_STARTED, self.configuration.terminal.id, {"found": found})
        for supervisor in self.supervisors.values():
            supervisor.start()
        for line in self.books.report:
            if line.code == "journal-restored":
                self.register.post(BooksTold("screen.staff-menu.restored", {"count": line.params["lost"]}))
        if self.configuration.terminal.profile != SELF_CHECKOUT:
            self.register.post(ProfileChosen(self.configuration.terminal.profile))
        self.auditor.submit(self.books.check_whole, self._audited)
        recovery = self.configuration.limits.recovery
        self.register.open(self.payments, timedelta(seconds=recovery.complete_within_s))
        if self.central is not None:
            self.central.open()

    def rules(self, at: datetime) -> Rules:
        """What the site decided, with the offers that are in use now."""
        return rules_of(self.configuration, self.books, at, self.forms.book)

    @property
    def profiles(self) -> tuple[str, ...]:
        """Those that the office may change this terminal to."""
        return self.configuration.terminal.profiles

    def set(self, settings: Mapping[str, Json], by: str) -> tuple[str, ...]:
        """Settings of the central service: journalled, kept, in force from the next shopper on; gives the keys that wait for the next
        start. From any thread. Raises ConfigurationError (nothing is changed), JournalError, OSError."""
        if self.policy is None:
            raise ConfigurationError(
                [Problem(Origin("the central service"), "sync.enabled", "is false: nothing is set")]
            )
        policy = self.policy
        with self._setting:
            kept, configuration = policy.changed(settings)
            self._told("policy", by, settings, policy.settings)
            policy.keep(kept)
            self._use(configuration)
        return tuple(sorted(settings.keys() - HOLDS_AT_ONCE))

    def follow(self, of_store: Mapping[str, Json]) -> None:
        """The store's policy, as its feed has it: journalled, kept, in force from the next shopper on. From any thread.

        Raises ConfigurationError (nothing is changed: the last good one holds), JournalError, OSError.
        """
        policy = self.policy
        if policy is None:
            return
        with self._setting:
            if dict(of_store) == dict(policy.of_store):
                return
            configuration = policy.followed(of_store)
            self._told("store-policy", "policy feed", of_store, policy.of_store)
            policy.keep_of_store(of_store)
            self._use(configuration)

    def _told(self, subject: str, by: str, settings: Mapping[str, Json], before: Mapping[str, Json]) -> None:
        body: dict[str, Json] = {"by": by, "settings": dict(settings), "before": dict(before)}
        at = self.loop.wall().isoformat(timespec="milliseconds")
        self.books.journal.commit([Fact(Kind.CONFIG_CHANGED, subject, body, at, self.loop.now_ms())])

    def _use(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.register.use(self.rules(self.loop.wall()))

    def show(self, content: Mapping[str, Mapping[str, str]]) -> None:
        """The texts of the attract screen, by name and language, in place of the product's own. From any thread."""
        self.words.put_instead({f"screen.{name}": texts for name, texts in content.items()})
        self.loop.post(self.say_anew)

    def _audited(self, found: Any) -> None:
        """The whole journal was read, page by page and entry by entry, while the terminal was selling."""
        if isinstance(found, Exception):
            log.error("the journal could not be checked as a whole: %s", found)
        elif found:
            log.error("the journal is damaged: %s", found)
            self.register.post(BooksFailed("books"))

    def settle(self) -> None:
        """Wait until everything that was to be written is durable."""
        self.books.journal.writer.call(lambda _: None)

    def close(self) -> None:
        """End every thread and close the books. What is not durable by now never was."""
        if self.central is not None:
            self.central.close()
        for supervisor in self.supervisors.values():
            supervisor.stop()
        self.speaking.close()
        self.office.stop()
        self.auditor.stop()
        self.books.close()


class BroughtUp(Protocol):
    """A line to the central service that is put together."""

    def open(self) -> None:
        """Begin."""

    def close(self) -> None:
        """End."""

    def watch(self, session: Session, _: object = None) -> None:
        """The session is this now: on the loop's thread."""


class NotEnrolledError(Exception):
    """The central service does not know this terminal yet; the message says what to do. `waiting` is what is not sent meanwhile."""

    def __init__(self, message: str, waiting: UplinkState) -> None:
        super().__init__(message)
        self.waiting = waiting


class LineStarter:
    """Brings the line to the central service up on a thread of its own: what it imports is not on the way to the first scan.

    A terminal that is not enrolled looks again now and then, so that an enrolment needs no restart.
    """

    def __init__(self, make: Callable[[], BroughtUp], register: Register, loop: Loop) -> None:
        """`make` raises NotEnrolledError, JournalError."""
        self._make = make
        self._register = register
        self._loop = loop
        self._worker: ThreadWorker | None = None
        self._line: BroughtUp | None = None
        self._refused = ""

    def open(self) -> None:
        """Begin to connect; gives at once."""
        self._worker = ThreadWorker("central line")
        self._attempt()

    def close(self) -> None:
        """End what was begun."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()
        if self._line is not None:
            self._line.close()

    def _attempt(self) -> None:
        if self._worker is not None:
            self._worker.submit(self._connect, self._connected)

    # --- on the worker's thread

    def _connect(self) -> BroughtUp | NotEnrolledError:
        try:
            line = self._line = self._make()
        except NotEnrolledError as error:
            return error
        line.open()
        return line

    def _connected(self, found: BroughtUp | Exception) -> None:
        if isinstance(found, Exception):
            self._loop.post(lambda: self._not_yet(found))
        else:
            self._loop.post(lambda: self._follow(found))

    # --- on the loop's thread

    def _not_yet(self, error: Exception) -> None:
        if str(error) != self._refused:
            log.warning("nothing is sent to the central service: %s", error)
            self._refused = str(error)
        if isinstance(error, NotEnrolledError):
            self._register.post(LineChanged(error.waiting))
        self._loop.later(_ENROLLED_EVERY_MS, self._attempt)

    def _follow(self, line: BroughtUp) -> None:
        self._register.watch(line.watch)
        line.watch(self._register.state)


def rules_of(configuration: Configuration, books: Books, at: datetime, forms: FormBook) -> Rules:
    """What the site decided, as the checkout knows it."""
    site, limits, timeouts = configuration.site, configuration.limits, configuration.timeouts
    return Rules(
        price=price_rules(site, books.catalogue.promotions(at.date())),
        scan=scan_rules(site, at.date()),
        languages=tuple(site.languages),
        limits=Limits(
            lines=limits.basket_lines,
            pieces_a_line=limits.line_count,
            payment_minor=limits.payment_max_minor,
            offline_voucher_minor=limits.offline_voucher_minor,
        ),
        timeouts=Timeouts(
            idle_s=timeouts.idle_s,
            countdown_s=timeouts.countdown_s,
            staff_s=timeouts.staff_s,
            leave_s=timeouts.thank_you_s,
            notice_s=timeouts.message_s,
        ),
        profiles={
            name: tuple(one for one in services if not one.startswith(FORM) or one.removeprefix(FORM) in forms.forms)
            for name, services in configuration.profiles.items()
        },
        forms=forms,
        age_roles=frozenset(site.age.approval_roles),
        accounts=account_rules(configuration),
        price_ceilings={str(role): minor for role, minor in site.price.ceilings_minor.items()},
        bills=bill_pay_rules(site),
        refunds=RefundRules(
            ceilings={str(role): minor for role, minor in configuration.refunds.ceilings_minor.items()},
            reasons=tuple(configuration.refunds.reasons),
            days=configuration.refunds.days,
            offline_minor=configuration.refunds.offline_minor,
            terminal_id=configuration.terminal.id,
            prefixes=tuple(site.scan.receipt_prefixes),
        ),
    )
