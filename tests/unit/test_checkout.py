"""The shopper's way, decision by decision: what a shop would notice if it were otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.facts import Kind
from kiosk.domain.item import Item
from kiosk.domain.money import Money
from kiosk.domain.pricing import PriceRules
from kiosk.domain.promotion import Promotion, PromotionKind
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.resolver import ScanRules
from kiosk.domain.scan import ItemCode, Scan, Source
from kiosk.domain.tax import TaxClass, TaxRules
from kiosk.ports import Health, HealthState, PrintOutcome
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout.events import (
    Back,
    BasketHeld,
    BasketTakenUp,
    BooksFailed,
    CountChanged,
    CustomerAct,
    DeviceChanged,
    DraftFound,
    EasierChosen,
    EmptyPressed,
    GoOn,
    HelpCalled,
    HoldPressed,
    ItemFound,
    ItemMissing,
    LanguageChosen,
    LineRemoved,
    Opened,
    PaymentDone,
    PaymentFailed,
    PaymentGivenBack,
    PaymentLeftOver,
    PaymentMessage,
    PaymentsClear,
    PaymentUnclear,
    PayPressed,
    Picked,
    PinEntered,
    QrReady,
    ReceiptChosen,
    ReceiptPrinted,
    Scanned,
    StaffChose,
    StaffRefused,
    StaffVerified,
    TakeUpRefused,
    TimerRang,
    Undone,
    VoucherFound,
    VoucherRefused,
    WeightGiven,
)
from kiosk.services.checkout.journey import CHECKOUT
from kiosk.services.checkout.session import Easier, Rules, Session, Turn
from kiosk.services.checkout.timing import advance


def item(gtin: str, price: int, **more: Any) -> Item:
    details: dict[str, Any] = {"unit": Unit.PIECE, "tax_class": "reduced", "category": "x", "picture": "x", **more}
    return Item(gtin, {"en": f"Article {gtin[-4:]}", "de": "Ware"}, Money(price, "EUR"), price_version="v1", **details)


MILK = item("09526001040018", 129)
BREAD = item("09526001030170", 219)
WINE = item("09526001000012", 599, minimum_age=18, tax_class="standard")
BEER = item("09526001000029", 149, minimum_age=16, tax_class="standard")
BANANAS = item("00000000004011", 179, unit=Unit.KILOGRAM, plu="4011")
SHELF = {thing.gtin: thing for thing in (MILK, BREAD, WINE, BEER)}
COUPON = Promotion("c", PromotionKind.COUPON, {"en": "5 % off"}, code="CPN-SPRING5", percent_bp=500)
RULES = Rules(
    price=PriceRules(
        TaxRules({"standard": TaxClass("standard", 1900), "reduced": TaxClass("reduced", 700)}), "EUR", (COUPON,)
    ),
    scan=ScanRules(),
    languages=("en", "de"),
)
READY, GONE = Health(HealthState.READY), Health(HealthState.FAULT, "paper-out")


@dataclass
class Shop:
    """A checkout whose catalogue answers at once; everything else it asks for is kept in `asked`."""

    session: Session = field(default_factory=lambda: Session("en"))
    asked: list[object] = field(default_factory=list)
    recalled: set[str] = field(default_factory=set)
    turns: int = 0
    at: datetime = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        for kind in ("scanner", "printer", "payment"):
            self.tell(DeviceChanged(kind, READY))

    def tell(self, *events: object) -> Shop:
        for event in events:
            self.turns += 1
            turn = Turn(RULES, self.at + timedelta(seconds=self.turns), self.turns, f"id{self.turns:026d}")
            self.session, effects = advance(self.session, event, turn)
            self.asked += effects
            for effect in effects:
                if isinstance(effect, ask.LookUp):
                    self.tell(self._look_up(effect.code))
        return self

    def scan(self, *codes: str, symbology: str = "E0", source: Source = Source.SCANNER) -> Shop:
        return self.tell(*(Scanned(Scan(code.encode(), symbology, source)) for code in codes))

    def _look_up(self, code: ItemCode) -> object:
        found = SHELF.get(code.gtin) or (BANANAS if code.reference == "4011" else None)
        return ItemFound(code, found, found.gtin in self.recalled) if found else ItemMissing(code)

    def last(self, kind: type) -> Any:
        return next(effect for effect in reversed(self.asked) if isinstance(effect, kind))

    def facts(self) -> list[Kind]:
        return [fact.kind for effect in self.asked if isinstance(effect, ask.Record) for fact in effect.facts]

    @property
    def step(self) -> str:
        return self.session.step

    @property
    def to_pay(self) -> int:
        return self.session.priced.to_pay.minor if self.session.priced else 0


@pytest.fixture
def shop() -> Shop:
    return Shop()


def paying() -> Shop:
    return Shop().scan("9526001040018").tell(PayPressed())


def paid() -> Shop:
    shop = paying()
    return shop.tell(PaymentDone(shop.session.sale_id, "1"))


# --- gathering ---


def test_the_first_scan_starts_the_sale(shop: Shop) -> None:
    shop.scan("9526001040018")
    assert shop.step == "basket"
    assert shop.to_pay == 129
    assert shop.session.sale_id
    assert isinstance(shop.last(ask.SaveDraft), ask.SaveDraft)


def test_the_same_article_twice_is_one_line_and_the_newest(shop: Shop) -> None:
    shop.scan("9526001040018", "9526001030170", "9526001040018")
    assert [line.quantity.count for line in shop.session.basket.lines] == [1, 2]
    assert shop.session.newest_line_id == shop.session.basket.lines[-1].line_id
    assert shop.session.basket.lines[-1].item == MILK


def test_quantity_removal_and_undo(shop: Shop) -> None:
    shop.scan("9526001040018")
    line = shop.session.basket.lines[0].line_id
    assert shop.tell(CountChanged(line, 3)).to_pay == 387
    assert shop.tell(LineRemoved(line)).to_pay == 0
    assert shop.step == "basket"
    assert shop.session.notice is not None
    assert shop.tell(Undone()).to_pay == 387
    assert shop.tell(Undone()).to_pay == 129
    assert shop.tell(CountChanged(line, 100)).to_pay == 129, "a hundred pieces are a slip of the finger"


def test_an_unknown_code_is_never_a_dead_end(shop: Shop) -> None:
    shop.scan("9526001999996")
    assert (shop.step, shop.session.problem) == ("unknown-code", "unknown-code")
    assert shop.tell(Opened("keypad")).step == "keypad"
    assert shop.scan("9526001040018", symbology="", source=Source.TYPED).step == "basket"
    assert shop.scan("123").step == "unknown-code"
    assert shop.scan("9526001040018").step == "basket", "the next scan simply goes on"


def test_a_damaged_code_says_so(shop: Shop) -> None:
    assert shop.scan("9526001040019").session.problem == "check-digit"
    assert shop.tell(Back()).step == "attract"


def test_loose_goods_ask_for_their_weight(shop: Shop) -> None:
    shop.tell(Opened("picker"), Picked(BANANAS))
    assert shop.step == "weight"
    shop.tell(WeightGiven(842))
    assert (shop.step, shop.to_pay) == ("basket", 151)
    shop.tell(Picked(BANANAS))
    assert shop.step == "basket", "an article is picked in the picker only"
    shop.tell(Opened("picker"), Picked(BANANAS), WeightGiven(10_000_000))
    assert shop.step == "weight", "ten tonnes of bananas are a slip of the finger"


def test_a_plu_typed_is_found(shop: Shop) -> None:
    assert shop.tell(Opened("keypad")).scan("4011", symbology="", source=Source.TYPED).step == "weight"


def test_an_expired_batch_is_refused_and_staff_called(shop: Shop) -> None:
    shop.scan("010952600104001817260104", symbology="C1")
    assert (shop.step, shop.session.problem) == ("refused", "expired")
    assert shop.last(ask.CallStaff).reason == "expired"
    assert shop.session.basket.is_empty
    assert Shop().scan("010952600104001817260105", symbology="C1").step == "basket", "good until the end of its day"


def test_a_recalled_batch_is_refused(shop: Shop) -> None:
    shop.recalled.add(MILK.gtin)
    assert shop.scan("9526001040018").session.problem == "recalled"


def test_a_coupon_takes_off_once(shop: Shop) -> None:
    shop.scan("9526001030170").scan("CPN-SPRING5", "CPN-SPRING5", symbology="C0")
    assert shop.session.basket.coupons == ("CPN-SPRING5",)
    assert shop.to_pay == 208
    assert shop.scan("CPN-NEVERMADE", symbology="C0").session.notice.key == "problem.coupon-unknown"  # type: ignore[union-attr]


def test_a_deposit_slip_pays_and_counts_once(shop: Shop) -> None:
    slip = Voucher("DEP-1", "deposit-return", Money(100, "EUR"))
    shop.scan("9526001040018").scan("DEP-1", symbology="C0")
    assert shop.last(ask.FindVoucher).code == "DEP-1"
    assert shop.tell(VoucherFound(slip), VoucherFound(slip)).to_pay == 29
    shop.scan("DEP-1", symbology="C0")
    assert shop.session.notice is not None
    assert shop.session.notice.key == "problem.voucher-used"
    assert shop.tell(VoucherRefused("DEP-2", "voucher-unknown")).to_pay == 29


def test_hold_and_take_up_again(shop: Shop) -> None:
    shop.scan("9526001040018").tell(HoldPressed())
    held = shop.last(ask.HoldBasket)
    assert held.code.startswith("HLD-")
    assert shop.tell(BasketHeld(held.code)).step == "held"
    assert shop.tell(GoOn()).step == "attract"
    assert shop.session.basket.is_empty
    shop.scan(held.code, symbology="C0").tell(BasketTakenUp(held.code, held.basket))
    assert (shop.step, shop.to_pay) == ("basket", 129)
    assert Kind.BASKET_RESUMED in shop.facts()


def test_a_held_basket_is_not_poured_into_another(shop: Shop) -> None:
    shop.scan("9526001030170").scan("HLD-ABCDEFGH", symbology="C0")
    assert not any(isinstance(effect, ask.TakeUp) for effect in shop.asked)
    assert Shop().tell(TakeUpRefused("held-taken")).step == "attract"


# --- age ---


def staffed(shop: Shop, role: str = "attendant") -> Shop:
    shop.scan("STF-100", symbology="C0")
    assert shop.step == "staff-login"
    return shop.tell(PinEntered("1234"), StaffVerified("Kim", role))


def test_wine_waits_for_staff_and_one_approval_covers_the_basket(shop: Shop) -> None:
    shop.scan("9526001000012").tell(PayPressed())
    assert shop.step == "age-check"
    assert shop.last(ask.CallStaff).reason == "age"
    staffed(shop)
    assert shop.step == "staff-menu"
    shop.tell(StaffChose("approve"))
    assert shop.step == "pay"
    assert Kind.APPROVAL_GRANTED in shop.facts()
    assert shop.last(ask.Pay).sale["approval"]["staff"] == "Kim"


def test_an_approval_for_beer_does_not_cover_wine(shop: Shop) -> None:
    staffed(shop.scan("9526001000029").tell(PayPressed())).tell(StaffChose("approve"))
    assert shop.step == "pay"
    shop.tell(Back(), PaymentFailed("cancelled"))
    assert shop.step == "basket"
    assert shop.tell(PayPressed()).step == "pay", "what was approved stays approved"
    shop.tell(Back(), PaymentFailed("cancelled")).scan("9526001000012").tell(PayPressed())
    assert shop.step == "age-check"


def test_a_wrong_pin_stays_at_the_pin_and_a_technician_approves_no_age(shop: Shop) -> None:
    shop.scan("9526001000012").tell(PayPressed()).scan("STF-100", symbology="C0")
    assert shop.tell(PinEntered("0000"), StaffRefused("wrong-pin")).session.staff.refusal == "wrong-pin"  # type: ignore[union-attr]
    assert shop.step == "staff-login"
    shop.tell(PinEntered("1234"), StaffVerified("Tex", "technician"), StaffChose("approve"))
    assert shop.step == "staff-menu"
    assert shop.session.basket.approval is None


def test_staff_refuse_and_the_rest_of_the_basket_stays(shop: Shop) -> None:
    staffed(shop.scan("9526001000012", "9526001040018").tell(PayPressed())).tell(StaffChose("refuse"))
    assert (shop.step, shop.to_pay) == ("basket", 129)
    assert Kind.APPROVAL_REFUSED in shop.facts()


def test_nobody_chooses_for_staff_without_a_pin(shop: Shop) -> None:
    shop.scan("9526001000012").tell(PayPressed()).scan("STF-100", symbology="C0").tell(StaffChose("approve"))
    assert shop.session.basket.approval is None


# --- paying ---


def test_paying_shows_what_the_terminal_says() -> None:
    shop = paying()
    assert (shop.step, shop.last(ask.Pay).amount_minor) == ("pay", 129)
    assert shop.tell(PaymentMessage("enter-pin")).session.payment.message == "enter-pin"  # type: ignore[union-attr]


@pytest.mark.parametrize("reason", ["declined", "wrong-pin", "timeout", "card-left-in", "unreachable"])
def test_each_failure_has_its_screen_and_its_way_on(reason: str) -> None:
    shop = paying().tell(PaymentFailed(reason))
    assert (shop.step, shop.session.problem) == ("pay-problem", reason)
    assert shop.to_pay == 129, "the basket is still there"
    first = shop.last(ask.Pay).ref
    assert shop.tell(PayPressed()).step == "pay"
    assert shop.last(ask.Pay).ref != first, "a new payment, as the old one is known to have failed"


def test_back_to_the_basket_leaves_the_last_word_to_the_terminal() -> None:
    shop = paying().tell(Back())
    assert shop.step == "pay"
    assert shop.last(ask.CancelPayment) == ask.CancelPayment()
    late = replace(shop.session)
    assert shop.tell(PaymentFailed("cancelled")).step == "basket"
    approved = Shop(late).tell(PaymentDone(late.sale_id, "1"))
    assert approved.step == "receipt-choice", "the card was quicker than the finger"


def test_a_lost_line_is_cleared_up_before_anything_else() -> None:
    shop = paying().tell(PaymentUnclear("line-lost"))
    assert shop.step == "clarifying"
    for event in (TimerRang("idle"), PayPressed(), EmptyPressed(), Back()):
        assert shop.tell(event).step == "clarifying", f"{event} may not end a payment that nobody knows of"
    assert shop.tell(PaymentDone("S", "1")).step == "receipt-choice"
    shop = paying().tell(PaymentUnclear("line-lost"), PaymentFailed("not-charged"))
    assert (shop.step, shop.session.problem) == ("pay-problem", "not-charged")


def test_staff_take_an_unclear_payment_over_and_the_lane_takes_no_card() -> None:
    shop = staffed(paying().tell(PaymentUnclear("line-lost"))).tell(StaffChose("take-over"))
    assert shop.last(ask.LeavePayment) == ask.LeavePayment()
    assert (shop.step, shop.session.problem) == ("out-of-service", "payment-unresolved")
    assert shop.session.basket.is_empty
    assert shop.tell(PaymentGivenBack(), PaymentsClear()).step == "attract"


def test_vouchers_that_cover_all_need_no_card(shop: Shop) -> None:
    shop.scan("9526001040018").tell(VoucherFound(Voucher("VCH-1", "gift", Money(1000, "EUR"))), PayPressed())
    assert shop.to_pay == 0
    assert shop.last(ask.BookSale).sale["vouchers"][0]["code"] == "VCH-1"
    assert not any(isinstance(effect, ask.Pay) for effect in shop.asked)


def test_without_a_payment_terminal_no_card_is_asked_for(shop: Shop) -> None:
    shop.scan("9526001040018").tell(DeviceChanged("payment", Health(HealthState.FAULT, "line-lost")), PayPressed())
    assert (shop.step, shop.session.problem) == ("pay-problem", "unreachable")
    assert not any(isinstance(effect, ask.Pay) for effect in shop.asked)


def test_paper_out_is_told_before_paying(shop: Shop) -> None:
    shop.scan("9526001040018").tell(DeviceChanged("printer", GONE), PayPressed())
    assert shop.step == "paper-out"
    assert shop.tell(GoOn()).step == "pay"
    shop.tell(PaymentDone(shop.session.sale_id, "1"), ReceiptChosen("paper"))
    assert shop.step == "receipt-choice", "what cannot be printed is not promised"


def test_a_look_up_under_way_is_waited_for(shop: Shop) -> None:
    shop.scan("9526001040018")
    waiting = replace(shop.session, looking_up=1)
    after = Shop(waiting).tell(PayPressed())
    assert after.step == "basket"


# --- the receipt ---


def test_a_receipt_is_a_choice() -> None:
    assert paid().tell(ReceiptChosen("none")).step == "thanks"
    assert Kind.RECEIPT_DECLINED in paid().tell(ReceiptChosen("none")).facts()
    shop = paid().tell(ReceiptChosen("qr"), QrReady("text"))
    assert (shop.step, shop.session.receipt.qr_text) == ("receipt-qr", "text")  # type: ignore[union-attr]
    shop = paid().tell(ReceiptChosen("paper"))
    assert shop.step == "printing"
    assert shop.tell(ReceiptPrinted(PrintOutcome.PRINTED)).step == "thanks"


def test_a_receipt_nobody_knows_of_is_offered_again_as_a_copy() -> None:
    shop = paid().tell(ReceiptChosen("paper"), ReceiptPrinted(PrintOutcome.UNKNOWN, "line-lost"))
    assert shop.step == "receipt-choice"
    assert shop.tell(ReceiptChosen("paper")).last(ask.PrintReceipt).is_copy
    shop = paid().tell(ReceiptChosen("paper"), ReceiptPrinted(PrintOutcome.NOT_PRINTED, "paper-out"))
    assert not shop.tell(ReceiptChosen("paper")).last(ask.PrintReceipt).is_copy


def test_who_walks_away_from_the_receipt_leaves_a_clean_terminal() -> None:
    shop = paid()
    assert shop.session.basket.is_empty
    shop.tell(TimerRang("idle"))
    assert shop.step == "thanks"
    shop.tell(TimerRang("idle"))
    assert (shop.step, shop.session.receipt) == ("attract", None)


def test_the_next_shopper_need_not_wait_for_the_farewell() -> None:
    shop = paid().tell(ReceiptChosen("none")).scan("9526001030170")
    assert (shop.step, shop.to_pay) == ("basket", 219)


# --- time, language, leaving ---


def test_an_absent_shopper_is_warned_and_then_cleared(shop: Shop) -> None:
    shop.scan("9526001040018")
    assert shop.last(ask.StartTimer) == ask.StartTimer("idle", 60_000)
    shop.tell(TimerRang("idle"))
    assert shop.session.countdown_s == 20
    for _ in range(19):
        shop.tell(TimerRang("countdown"))
    assert (shop.step, shop.session.countdown_s) == ("basket", 1)
    shop.tell(TimerRang("countdown"))
    assert shop.step == "attract"
    assert shop.session.basket.is_empty
    assert Kind.SALE_VOIDED in shop.facts()
    assert any(isinstance(effect, ask.ForgetCustomer) for effect in shop.asked)


def test_one_touch_takes_the_warning_away(shop: Shop) -> None:
    shop.scan("9526001040018").tell(TimerRang("idle"), TimerRang("countdown"))
    shop.scan("9526001030170")
    assert shop.session.countdown_s is None
    assert shop.tell(TimerRang("countdown")).session.basket.item_count == 2


def test_a_tender_is_never_cleared_by_time() -> None:
    shop = paying()
    assert isinstance(shop.asked[-1], ask.StopTimer) or shop.last(ask.StopTimer).name == "idle"
    assert shop.tell(TimerRang("idle")).step == "pay"


def test_language_keeps_the_basket_and_goes_with_the_customer(shop: Shop) -> None:
    shop.scan("9526001040018").tell(LanguageChosen("de"), EasierChosen("large_text", on=True))
    assert (shop.session.language, shop.to_pay) == ("de", 129)
    assert shop.session.easier.large_text
    shop.tell(LanguageChosen("xx"), EasierChosen("rocket", on=True))
    assert shop.session.language == "de"
    shop.tell(EmptyPressed())
    assert (shop.session.language, shop.session.easier) == ("en", Easier())


def test_a_language_chosen_by_someone_who_left_is_reset(shop: Shop) -> None:
    shop.tell(LanguageChosen("de"))
    assert shop.last(ask.StartTimer) == ask.StartTimer("idle", 60_000)
    assert shop.tell(TimerRang("idle")).session.language == "en"


def test_help_calls_staff_with_the_context(shop: Shop) -> None:
    shop.scan("9526001040018").tell(HelpCalled())
    assert shop.last(ask.CallStaff).reason == "help:basket"
    assert shop.step == "basket"


def test_full_books_stop_selling(shop: Shop) -> None:
    assert shop.scan("9526001040018").tell(BooksFailed("books")).step == "out-of-service"
    assert shop.scan("9526001030170").step == "out-of-service"


# --- after a power cut ---


def test_the_basket_is_offered_again(shop: Shop) -> None:
    basket = Basket().with_item(MILK, Quantity.pieces(2))
    shop.tell(DraftFound(basket, "S1", "de"))
    assert (shop.step, shop.to_pay, shop.session.language) == ("resume", 258, "de")
    assert shop.tell(GoOn()).step == "basket"
    assert Shop().tell(DraftFound(basket, "S1", "de"), EmptyPressed()).step == "attract"


def test_an_unresolved_payment_comes_before_the_basket(shop: Shop) -> None:
    basket = Basket().with_item(MILK, Quantity.pieces(2))
    shop.tell(DraftFound(basket, "S1", "en"), PaymentLeftOver("P1", 258, customer_present=True))
    assert shop.step == "clarifying"
    assert shop.tell(PaymentFailed("not-charged")).to_pay == 258
    assert shop.step == "pay-problem"


def test_an_unresolved_payment_of_someone_gone_closes_the_lane(shop: Shop) -> None:
    shop.tell(PaymentLeftOver("P1", 258, customer_present=False))
    assert shop.step == "out-of-service"
    assert shop.scan("9526001040018").step == "out-of-service"
    assert shop.tell(PaymentGivenBack(), PaymentsClear()).step == "attract"


# --- the table itself ---


def test_every_step_can_be_left_without_a_network_a_printer_or_an_answer() -> None:
    """Nobody is stuck: each step has a way that hands, time or an outcome of ours open."""
    for step in CHECKOUT.steps:
        assert any(way.to - {step.name} for way in step.ways.values()), step.name


def test_hands_mean_something_or_nothing_but_never_break_anything() -> None:
    """Every act at every step, in a basket with goods: at worst nothing happens."""
    acts: list[Callable[[], CustomerAct]] = [
        lambda: Scanned(Scan(b"9526001040018", "E0")),
        lambda: Scanned(Scan(b"\xff\x00garbage")),
        lambda: Scanned(Scan(b"STF-100", "C0")),
        lambda: Picked(BANANAS),
        lambda: WeightGiven(0),
        lambda: CountChanged(99, 1),
        lambda: LineRemoved(99),
        Undone,
        lambda: Opened("nowhere"),
        Back,
        GoOn,
        PayPressed,
        lambda: ReceiptChosen("marble"),
        HoldPressed,
        EmptyPressed,
        HelpCalled,
        lambda: PinEntered(""),
        lambda: StaffChose("anything"),
    ]
    for step in CHECKOUT.steps:
        for make in acts:
            shop = Shop().scan("9526001040018")
            shop.session = replace(shop.session, step=step.name)
            shop.tell(make())


def test_today_is_the_site_s_day() -> None:
    assert Turn(RULES, datetime(2026, 1, 5, 23, 30, tzinfo=UTC), 0, "x").today == date(2026, 1, 5)
