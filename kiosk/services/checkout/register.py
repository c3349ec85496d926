"""Runs a checkout: holds its session, performs its effects, and hands it what happens. What the screen is a picture of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from kiosk.domain.basket_body import BasketBodyError, basket_body, basket_from_body
from kiosk.domain.facts import Entry, Fact, Json, Kind
from kiosk.domain.money import Money
from kiosk.domain.records import dataclass
from kiosk.domain.scan import ItemCode
from kiosk.ports import Catalogue, Drafts, Journal, JournalError, Ledger, PrintOutcome, PrintResult, Vouchers
from kiosk.runtime import EffectFailed, Loop, Runtime, Timer
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout import events as told
from kiosk.services.checkout.claim_desk import ClaimDesk
from kiosk.services.checkout.office import BooksTold
from kiosk.services.checkout.session import Rules, Session, Turn
from kiosk.services.checkout.timing import advance
from kiosk.services.payments import Payments
from kiosk.workers import Worker

log = logging.getLogger(__name__)

Post = Callable[[object], None]
_IDLE_LOOK_MS = 1_000


class ReceiptDesk(Protocol):
    """Prints receipts and held-basket slips, and puts receipts into words for a QR code. `done` may come from any thread."""

    def print_receipt(self, sale_id: str, language: str, *, is_copy: bool, done: Callable[[PrintResult], None]) -> None:
        """Print the receipt of a sale in the books."""

    def print_held(self, code: str, language: str, total: Money | None, item_count: int) -> None:
        """Print the slip of a held basket, if there is a printer."""

    def qr_text(self, sale_id: str, language: str) -> str:
        """The essential receipt as text."""

    def link(self, sale_id: str) -> str:
        """The address of the receipt's page, "" where it has none."""


class StaffCheck(Protocol):
    """Verifies a member of staff; slow on purpose."""

    def verify(self, badge: str, pin: str) -> told.StaffVerified | told.StaffRefused:
        """Whether the PIN belongs to the badge."""


class Front(Protocol):
    """What the terminal does towards people besides the screen."""

    def sound(self, name: str) -> None:
        """Make a sound."""

    def call_staff(self, reason: str) -> None:
        """Light the attendant's light, or put it out with ""."""

    def forget_customer(self) -> None:
        """Drop what this layer still holds of the customer."""


class Desk(Protocol):
    """Performs the effects of one service besides the checkout."""

    def performers(self) -> Mapping[type, Callable[[Any, Post], None]]:
        """How each effect is performed; it answers by posting events."""

    def after_failure(self, effect: object) -> object | None:
        """The event that leads on where an effect of this desk broke by a mistake of ours; None for one that is not this desk's."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a register works with."""

    journal: Journal
    ledger: Ledger
    drafts: Drafts
    catalogue: Catalogue
    vouchers: Vouchers
    staff: StaffCheck
    receipts: ReceiptDesk
    front: Front
    office: Worker  # looks things up and checks PINs, in order
    room: Callable[[], bool]  # whether the books have room for another sale
    desks: tuple[Desk, ...] = ()


class Register:
    """A checkout that runs. `post` takes events from any thread; `watch` shows every new session on the loop's thread."""

    def __init__(self, loop: Loop, rules: Rules, equipment: Equipment, fresh_id: Callable[[], str]) -> None:
        self._loop = loop
        self._rules = rules
        self._coming_rules: Rules | None = None
        self._equipment = equipment
        self._fresh_id = fresh_id
        self._payments: Payments | None = None
        self._timers: dict[str, Timer] = {}
        self.claims = ClaimDesk(loop, equipment.ledger, equipment.vouchers, equipment.office, rules.price.currency)
        self._remote: Callable[[ask.RemoteAnswer], None] = lambda _: None
        self._runtime: Runtime[Session] = Runtime(loop, self._advance, Session(rules.languages[0]), self._performers())

    @property
    def state(self) -> Session:
        """The session as it is now; read on the loop's thread."""
        return self._runtime.state

    @property
    def rules(self) -> Rules:
        """What the site decided."""
        return self._rules

    def use(self, rules: Rules) -> None:
        """The site decided anew: holds from the next shopper on, who began with the old offers keeps them. Callable from any thread."""

        def take() -> None:
            self._coming_rules = rules

        self._loop.post(take)

    def post(self, event: object) -> None:
        """Let `event` happen soon. Callable from any thread."""
        self._runtime.post(event)

    def watch(self, watcher: Callable[[Session, Any], None]) -> None:
        """Call `watcher(session, event)` after every event, on the loop's thread."""
        self._runtime.watch(watcher)

    def on_remote(self, listener: Callable[[ask.RemoteAnswer], None]) -> None:
        """Tell `listener` on the loop's thread what became of what was asked from afar."""
        self._remote = listener

    def open(self, payments: Payments, complete_within: timedelta) -> None:
        """Begin the day, or go on after a power cut: the draft first, then whatever payment is unresolved."""
        self._payments = payments
        self._offer_draft()
        payments.recover(complete_within)

    def when_idle(self, act: Callable[[], None]) -> None:
        """Call `act` on the loop's thread, as soon as nobody is at the terminal and no payment is under way. From any thread."""

        def attempt() -> None:
            if self.is_idle:
                act()
            else:
                self._loop.later(_IDLE_LOOK_MS, attempt)

        self._loop.post(attempt)

    @property
    def is_idle(self) -> bool:
        """Whether nobody is at the terminal and no payment is under way; read on the loop's thread."""
        session = self.state
        is_free = session.step == "attract" and session.basket.is_empty and not session.claiming
        return is_free and (self._payments is None or self._payments.payment is None)

    def books_completed(self, entries: int, sales: int) -> None:
        """The central service gave back what a restore had lost: staff are told, and a payment among it is cleared up."""
        self.post(BooksTold("screen.staff-menu.given-back", {"count": entries, "sales": sales}))
        if payments := self._payments:
            self.when_idle(lambda: _left_over(payments))

    def record(self, kind: Kind, subject: str, body: Mapping[str, Json]) -> None:
        """Journal a fact about the terminal itself."""
        self._record(ask.Record((Fact(kind, subject, body, *self._stamp()),)), self.post)

    def _offer_draft(self) -> None:
        draft = self._equipment.drafts.load()
        if draft is None:
            return
        sale_id = str(draft.get("sale_id", ""))
        if self._equipment.ledger.sale(sale_id) is not None:
            self._equipment.drafts.clear()  # the cut came between the books and the clearing: the sale is there
            return
        body = draft.get("basket")
        try:
            basket = basket_from_body(body if isinstance(body, Mapping) else {})
        except BasketBodyError as error:
            log.warning("the basket from before the power cut cannot be read (%s); it is dropped", error)
            self._equipment.drafts.clear()
            return
        self.post(told.DraftFound(basket, sale_id, str(draft.get("language", ""))))

    def _advance(self, session: Session, event: Any) -> tuple[Session, Sequence[object]]:
        if isinstance(event, EffectFailed):
            event = self._told_after_failure(event)
        if self._coming_rules is not None and session.step == "attract" and session.basket.is_empty:
            self._rules, self._coming_rules = self._coming_rules, None
        turn = Turn(self._rules, self._loop.wall(), self._loop.now_ms(), self._fresh_id())
        return advance(session, event, turn)

    def _performers(self) -> dict[type, Callable[[Any, Post], None]]:
        front, drafts = self._equipment.front, self._equipment.drafts
        return {
            ask.LookUp: self._look_up,
            ask.FillPicker: self._fill_picker,
            ask.FindVoucher: self.claims.find_voucher,
            ask.VerifyStaff: self._verify_staff,
            ask.Record: self._record,
            ask.SaveDraft: lambda effect, _: drafts.save(effect.body),
            ask.ClearDraft: lambda _, __: drafts.clear(),
            ask.Pay: self._pay,
            ask.BookSale: self._book,
            ask.CancelPayment: lambda _, __: self._paid_by().cancel(),
            ask.LeavePayment: lambda _, __: self._paid_by().leave(),
            ask.PrintReceipt: self._print_receipt,
            ask.MakeQr: self._make_qr,
            ask.HoldBasket: self._hold,
            ask.TakeUp: self.claims.take_up,
            ask.ReleaseClaim: self.claims.release,
            ask.StartTimer: self._start_timer,
            ask.StopTimer: lambda effect, _: self._stop_timer(effect.name),
            ask.Sound: lambda effect, _: front.sound(effect.name),
            ask.CallStaff: lambda effect, _: front.call_staff(effect.reason),
            ask.RemoteAnswer: lambda effect, _: self._remote(effect),
            ask.ForgetCustomer: lambda _, __: front.forget_customer(),
            **{kind: perform for desk in self._equipment.desks for kind, perform in desk.performers().items()},
        }

    def _told_after_failure(self, failure: EffectFailed) -> object:
        told_by_desks = (desk.after_failure(failure.effect) for desk in self._equipment.desks)
        return next((event for event in told_by_desks if event is not None), None) or _told_after_failure(failure)

    def _paid_by(self) -> Payments:
        if self._payments is None:
            raise RuntimeError("the register is not open yet")
        return self._payments

    # --- looking things up ---

    def _look_up(self, effect: ask.LookUp, post: Post) -> None:
        catalogue, code = self._equipment.catalogue, effect.code

        def find() -> object:
            item = _find(catalogue, code)
            if item is None:
                return told.ItemMissing(code)
            return told.ItemFound(code, item, catalogue.is_recalled(item.gtin, code.batch))

        self._equipment.office.submit(find, _answer(post, told.ItemMissing(code)))

    def _fill_picker(self, effect: ask.FillPicker, post: Post) -> None:
        catalogue = self._equipment.catalogue

        def fill() -> object:
            found = (
                catalogue.search(effect.query, effect.language)
                if effect.query
                else catalogue.in_category(effect.category)
            )
            return told.PickerFilled(tuple(catalogue.categories()), tuple(found), effect.category, effect.query)

        self._equipment.office.submit(fill, _answer(post, told.PickerFilled((), (), effect.category, effect.query)))

    def _verify_staff(self, effect: ask.VerifyStaff, post: Post) -> None:
        staff = self._equipment.staff
        self._equipment.office.submit(
            lambda: staff.verify(effect.badge, effect.pin), _answer(post, told.StaffRefused("locked"))
        )

    # --- the books ---

    def _record(self, effect: ask.Record, post: Post) -> None:
        def done(result: Sequence[Entry] | JournalError) -> None:
            if isinstance(result, JournalError):
                log.error("the journal refused an entry: %s", result)
                post(told.BooksFailed("books"))

        self._equipment.journal.append(effect.facts, done)

    def _book(self, effect: ask.BookSale, post: Post) -> None:
        if not self._equipment.room():
            post(told.PaymentFailed("books"))
            return
        self._paid_by().book(effect.sale)

    def _pay(self, effect: ask.Pay, post: Post) -> None:
        if not self._equipment.room():
            post(told.PaymentFailed("books"))
            return
        amount = Money(effect.amount_minor, self._rules.price.currency)
        self._paid_by().pay(effect.ref, amount, effect.sale)

    def _hold(self, effect: ask.HoldBasket, post: Post) -> None:
        body: dict[str, Json] = {
            "code": effect.code,
            "basket": basket_body(effect.basket),
            "language": effect.language,
        }
        held = Fact(Kind.BASKET_HELD, f"basket:{effect.code}", body, *self._stamp())

        def done(result: Sequence[Entry] | JournalError) -> None:
            if isinstance(result, JournalError):
                post(told.BooksFailed("books"))
                return
            self._equipment.receipts.print_held(effect.code, effect.language, None, effect.basket.item_count)
            post(told.BasketHeld(effect.code))

        self._equipment.journal.append([held], done)

    def _stamp(self) -> tuple[str, int]:
        return self._loop.wall().isoformat(timespec="milliseconds"), self._loop.now_ms()

    # --- the receipt ---

    def _print_receipt(self, effect: ask.PrintReceipt, post: Post) -> None:
        def done(result: PrintResult) -> None:
            post(told.ReceiptPrinted(result.outcome, result.reason))

        self._equipment.receipts.print_receipt(effect.sale_id, effect.language, is_copy=effect.is_copy, done=done)

    def _make_qr(self, effect: ask.MakeQr, post: Post) -> None:
        receipts = self._equipment.receipts
        is_up = self.state.line.is_up  # a page that the sale has not reached yet helps nobody: then the text itself

        def make() -> told.QrReady:
            return told.QrReady(
                receipts.qr_text(effect.sale_id, effect.language), receipts.link(effect.sale_id) if is_up else ""
            )

        self._equipment.office.submit(make, _answer(post, told.QrReady(effect.sale_id)))

    # --- time ---

    def _start_timer(self, effect: ask.StartTimer, post: Post) -> None:
        self._stop_timer(effect.name)
        self._timers[effect.name] = self._loop.later(effect.delay_ms, lambda: post(told.TimerRang(effect.name)))

    def _stop_timer(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()


def _left_over(payments: Payments) -> None:
    payments.recover(timedelta(0))


def _find(catalogue: Catalogue, code: ItemCode) -> Any:
    found = catalogue.by_gtin(code.gtin) if code.gtin else None
    if found is None and code.reference:
        found = catalogue.by_reference(code.reference) or catalogue.by_plu(code.reference)
    return found


def _answer(post: Post, otherwise: object) -> Callable[[Any], None]:
    # A look-up that broke is logged by the worker; the customer gets the answer that leads on.
    return lambda result: post(otherwise if isinstance(result, Exception) else result)


def _told_after_failure(failure: EffectFailed) -> object:
    if isinstance(failure.effect, ask.Pay | ask.BookSale):
        return told.PaymentFailed("unreachable")
    if isinstance(failure.effect, ask.PrintReceipt):
        return told.ReceiptPrinted(PrintOutcome.NOT_PRINTED, "internal")
    if isinstance(failure.effect, ask.LookUp):
        return told.ItemMissing(failure.effect.code)
    return failure
