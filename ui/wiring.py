"""The one place where a terminal is put together: configuration in, a running terminal out."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from devices.registry import build
from devices.speakers.speech_dispatcher import SpeechDispatcher
from devices.supervisor import CardSupervisor, HeadsetSupervisor, ScannerSupervisor, Supervisor
from kiosk.configuration import PROJECT_ROOT, Configuration, Policy
from kiosk.configuration.forms import FormsRead, read_forms
from kiosk.configuration.rules import card_layouts, locking, receipt_rules
from kiosk.domain.bills.reading import load as load_bills
from kiosk.ports import (
    AccountSnapshot,
    Attended,
    BillStanding,
    DeviceUnavailableError,
    Health,
    HealthState,
    PaymentTerminal,
    Printer,
    Speaker,
    Verdict,
)
from kiosk.runtime import Loop
from kiosk.services.account_lookup.desk import AccountDesk
from kiosk.services.account_lookup.events import CardSeen
from kiosk.services.account_lookup.nobody import NoCopy
from kiosk.services.account_lookup.tries import Tries
from kiosk.services.bill_payment.desk import BillDesk, UnaskedBills
from kiosk.services.checkout.claim_desk import Unasked
from kiosk.services.checkout.events import BooksFailed, BooksMended, DeviceChanged, Scanned
from kiosk.services.checkout.register import Equipment, Front, Register
from kiosk.services.forms.desk import FormDesk
from kiosk.services.forms.slip import Slips
from kiosk.services.payments import AttendedCharging, Payments
from kiosk.services.receipts import Receipts
from kiosk.services.refunds.desk import RefundDesk
from kiosk.services.refunds.receipts import RefundReceipts
from kiosk.services.speaking import Speaking
from kiosk.services.staff import StaffDesk
from kiosk.services.words import Words
from kiosk.storage.accounts import KEY_NAME, SqliteAccounts
from kiosk.storage.boot import Books, open_books
from kiosk.storage.catalogue import SOURCE_PREFIX
from kiosk.storage.catalogue_load import load_store
from kiosk.workers import ThreadWorker
from ui.wired import BroughtUp, LineStarter, Terminal, rules_of

log = logging.getLogger(__name__)

_ROOM_EVERY_MS = 5_000
_SUPERVISORS: Mapping[str, type[Supervisor[Any]]] = {
    "scanner": ScannerSupervisor,
    "card": CardSupervisor,
    "headset": HeadsetSupervisor,
}
_READY_TO_READ_MS = 1_000  # the standards of bills are loaded behind the first screen, not on the way to it
LANGUAGES = PROJECT_ROOT / "assets" / "languages"


def put_together(configuration: Configuration, loop: Loop, front: Front, transports: Mapping[str, str]) -> Terminal:
    """Wire a terminal. `transports` gives the transport URL of each device kind that is to be driven.

    Raises StorageError where the books cannot be opened, StoreFileError where the store's files are wrong, DriverSettingsError where a
    driver refuses its settings.
    """
    policy = Policy(configuration, PROJECT_ROOT / configuration.data.directory) if configuration.sync.enabled else None
    configuration = policy.effective() if policy else configuration
    books = _open_books(configuration)
    site = configuration.site
    words = Words(LANGUAGES, site.languages[0], offered=site.languages, country=site.country, time_zone=site.time_zone)
    supervisors = _attend(configuration, transports)
    office = ThreadWorker("office")
    receipts = _receipts(configuration, books, words, supervisors, loop)
    accounts = _accounts(configuration, books, words, supervisors, office, loop)
    bills = BillDesk(loop, books.journal.ledger, office)
    refunds = _refunds(configuration, books, words=words, supervisors=supervisors, office=office, loop=loop)
    equipment = Equipment(
        books.journal,
        books.journal.ledger,
        books.drafts,
        books.catalogue,
        books.catalogue,
        _staff(configuration, books, loop),
        receipts,
        front,
        office,
        books.room,
        (
            accounts,
            bills,
            FormDesk(
                books.journal,
                books.journal.ledger,
                claims=lambda: register.claims.claims,
                office=office,
                slips=Slips(_printer(supervisors), receipt_rules(configuration).shop, words, loop),
                loop=loop,
                room=books.room,
            ),
            refunds,
        ),
    )
    forms = _forms(configuration)
    register = Register(loop, rules_of(configuration, books, loop.wall(), forms.book), equipment, fresh_id)
    card_reader = cast("Attended[PaymentTerminal]", supervisors.get("payment") or NoDevice())
    payments = Payments(loop, books.journal, books.journal.ledger, AttendedCharging(card_reader), register.post)
    refunds.open(payments, lambda: register.claims.claims)
    speaking = Speaking(_voice(configuration), words, register.state, register.post)
    register.watch(speaking.watch)
    _connect(register, supervisors)
    _connect_card_reader(configuration, register, supervisors)
    _connect_headset(speaking, supervisors, loop)
    _watch_room(books, register, loop)
    auditor = ThreadWorker("auditor")
    terminal = Terminal(configuration, books, register, payments, words, speaking, office, auditor, loop, supervisors)
    terminal.policy = policy
    terminal.accounts = accounts
    terminal.forms = forms
    terminal.bills = bills
    loop.later(_READY_TO_READ_MS, lambda: register.when_idle(lambda: office.submit(load_bills, lambda _: None)))
    if configuration.sync.enabled:
        register.claims.claims = Unasked(Verdict.AWAY)
        bills.billers = UnaskedBills(BillStanding.AWAY)
        terminal.central = LineStarter(lambda: _connected(terminal, receipts, loop), register, loop)
    return terminal


def _staff(configuration: Configuration, books: Books, loop: Loop) -> StaffDesk:
    limits = configuration.limits
    locked_for = timedelta(seconds=limits.pin_lock_s)
    return StaffDesk(books.catalogue, books.journal, loop.wall, tries=limits.pin_attempts, locked_for=locked_for)


def _forms(configuration: Configuration) -> FormsRead:
    found = read_forms(configuration)
    for problem in found.problems:
        log.error("a form is not offered: %s", problem)
    return found


def _connected(terminal: Terminal, receipts: Receipts, loop: Loop) -> BroughtUp:
    from ui.central_line import connect  # noqa: PLC0415 - not needed on the way to the first scan

    return connect(terminal, receipts, loop)


def _printer(supervisors: Mapping[str, Supervisor[Any]]) -> Attended[Printer]:
    return cast("Attended[Printer]", supervisors.get("printer") or NoDevice())


def _accounts(  # noqa: PLR0917 - what a desk stands on
    configuration: Configuration,
    books: Books,
    words: Words,
    supervisors: Mapping[str, Supervisor[Any]],
    office: ThreadWorker,
    loop: Loop,
) -> AccountDesk:
    return AccountDesk(
        _copy_of_accounts(configuration, books, loop),
        Tries(books.journal, loop, locking(configuration)),
        worker=office,
        printer=_printer(supervisors),
        words=words,
        shop=receipt_rules(configuration).shop,
    )


def _copy_of_accounts(configuration: Configuration, books: Books, loop: Loop) -> AccountSnapshot:
    if not configuration.sync.enabled:
        return NoCopy(books.catalogue.badge_mark)
    return SqliteAccounts(
        books.catalogue,
        books.directory / KEY_NAME,
        configuration.terminal.store,
        max_age=timedelta(hours=configuration.accounts.offline_max_age_h),
        wall=loop.wall,
        not_before=_last_written(books),
    )


def _last_written(books: Books) -> datetime | None:
    """When the journal's last entry was written: it is not earlier now, whatever the clock says."""
    last = books.journal.stored(after_seq=max(0, books.journal.head()[0] - 1), limit=1)
    return datetime.fromisoformat(last[0].at) if last else None


def fresh_id() -> str:
    """An id that nothing else has, in the order of time: 48 bits of milliseconds, 64 of chance, as 28 hexadecimal digits."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(8)}"


class SiteClock:
    """A loop whose wall clock tells the time of the site's zone, whatever the machine's."""

    def __init__(self, loop: Loop, zone: str) -> None:
        self._loop = loop
        self._zone = ZoneInfo(zone)
        self.now_ms = loop.now_ms
        self.post = loop.post
        self.later = loop.later

    def wall(self) -> datetime:
        """The time at the site."""
        return datetime.now(UTC).astimezone(self._zone)


class NoDevice:
    """Stands where no device of a kind is configured: absent, and says so to whoever asks."""

    health = Health(HealthState.ABSENT)

    @property
    def device(self) -> Any:
        """There is none."""
        raise DeviceUnavailableError("no such device is configured; see [devices] in the configuration")

    def submit(self, _: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        """Answer at once that there is none."""
        done(DeviceUnavailableError("no such device is configured; see [devices] in the configuration"))

    def on_health(self, _: Callable[[Health], None]) -> None:
        """An absent device stays absent."""


class NoVoice:
    """Stands where nothing is to be read aloud: absent."""

    health = Health(HealthState.ABSENT)

    def say(self, text: str, language: str) -> None:
        """Say nothing."""

    def stop(self) -> None:
        """There is nothing to stop."""

    def close(self) -> None:
        """There is nothing to close."""


def _open_books(configuration: Configuration) -> Books:
    directory = PROJECT_ROOT / configuration.data.directory
    books = open_books(directory, configuration.terminal.id)
    site = configuration.site
    # What came from the central service is not put back by the files that the terminal was delivered with.
    if not (configuration.sync.enabled and books.catalogue.edition.startswith(SOURCE_PREFIX)):
        load_store(books.catalogue, PROJECT_ROOT / configuration.data.store, site.currency, site.tax.keys())
    return books


def _receipts(
    configuration: Configuration, books: Books, words: Words, supervisors: Mapping[str, Supervisor[Any]], loop: Loop
) -> Receipts:
    return Receipts(
        receipt_rules(configuration),
        words,
        journal=books.journal,
        ledger=books.journal.ledger,
        printer=_printer(supervisors),
        loop=loop,
    )


def _refunds(
    configuration: Configuration,
    books: Books,
    *,
    words: Words,
    supervisors: Mapping[str, Supervisor[Any]],
    office: ThreadWorker,
    loop: Loop,
) -> RefundDesk:
    receipts = RefundReceipts(
        receipt_rules(configuration),
        words,
        journal=books.journal,
        ledger=books.journal.ledger,
        printer=_printer(supervisors),
        loop=loop,
    )
    return RefundDesk(
        books.journal,
        books.journal.ledger,
        receipts,
        office,
        books.room,
        terminal_id=configuration.terminal.id,
        prefixes=tuple(configuration.site.scan.receipt_prefixes),
    )


def _attend(configuration: Configuration, transports: Mapping[str, str]) -> dict[str, Supervisor[Any]]:
    supervisors: dict[str, Supervisor[Any]] = {}
    for kind, url in transports.items():
        settings = getattr(configuration.devices, kind)
        device = build(kind, settings.driver, url, settings.settings)
        attend: type[Supervisor[Any]] = _SUPERVISORS.get(kind, Supervisor)
        supervisors[kind] = attend(device, kind)
    return supervisors


def _connect(register: Register, supervisors: Mapping[str, Supervisor[Any]]) -> None:
    for kind in ("scanner", "printer", "payment"):
        supervisor = supervisors.get(kind)
        if supervisor is None:
            register.post(DeviceChanged(kind, Health(HealthState.ABSENT)))
            continue
        supervisor.on_health(_teller(register, kind))
        if isinstance(supervisor, ScannerSupervisor):
            supervisor.on_scan(lambda scan: register.post(Scanned(scan)))


def _voice(configuration: Configuration) -> Speaker:
    speech = configuration.speech
    return SpeechDispatcher(rate=speech.rate) if speech.enabled else NoVoice()


def _connect_card_reader(
    configuration: Configuration, register: Register, supervisors: Mapping[str, Supervisor[Any]]
) -> None:
    reader = supervisors.get("card")
    if isinstance(reader, CardSupervisor):
        reader.device.know(card_layouts(configuration))
        reader.on_health(_teller(register, "card"))
        reader.on_card(lambda event: register.post(CardSeen(event)))


def _connect_headset(speaking: Speaking, supervisors: Mapping[str, Supervisor[Any]], loop: Loop) -> None:
    jack = supervisors.get("headset")
    if isinstance(jack, HeadsetSupervisor):
        jack.on_plug(lambda plugged: loop.post(lambda: speaking.headset(plugged=plugged)))


def _watch_room(books: Books, register: Register, loop: Loop) -> None:
    """Between two customers, look whether the disk has room for another sale: stop selling before losing one."""
    step = register.state.step
    if step == "attract" and not books.room():
        register.post(BooksFailed("books"))
    elif step == "out-of-service" and register.state.problem == "books" and books.room():
        register.post(BooksMended())
    loop.later(_ROOM_EVERY_MS, lambda: _watch_room(books, register, loop))


def _teller(register: Register, kind: str) -> Callable[[Health], None]:
    return lambda health: register.post(DeviceChanged(kind, health))
