"""The shopper's way to a full basket: what a shop would notice if it were otherwise."""

from __future__ import annotations

import pytest
from till import BANANAS, MILK, Shop, paying, staffed

from kiosk.domain.basket import Basket, Voucher
from kiosk.domain.facts import Kind
from kiosk.domain.money import Money
from kiosk.domain.quantity import Quantity
from kiosk.domain.scan import Source
from kiosk.ports import ClaimKind
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout.events import (
    Back,
    BasketHeld,
    BasketTakenUp,
    BooksFailed,
    CountChanged,
    CouponRemoved,
    EasierChosen,
    EmptyPressed,
    GoOn,
    HelpCalled,
    HoldPressed,
    LanguageChosen,
    LineRemoved,
    Opened,
    PaymentDone,
    PaymentFailed,
    PayPressed,
    Picked,
    PinEntered,
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
from kiosk.services.checkout.session import Easier


@pytest.fixture
def shop() -> Shop:
    return Shop()


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


def test_a_bill_at_the_checkout_is_put_off_in_its_own_words_and_the_sale_goes_on(shop: Shop) -> None:
    bill = "479440520200360820048831500000000868516259619897100612"
    assert shop.scan(bill, symbology="C0").session.problem == "bill-not-here"
    assert shop.scan(bill[:-2] + "31", symbology="C0").session.problem == "bill-date"
    assert shop.scan("BCD\n001", symbology="Q1").session.problem == "bill-malformed"
    assert shop.scan("9526001040018").step == "basket"


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
    sale = shop.session.sale_id
    assert shop.tell(VoucherFound(slip, sale), VoucherFound(slip, sale)).to_pay == 29
    shop.scan("DEP-1", symbology="C0")
    assert shop.session.notice is not None
    assert shop.session.notice.key == "problem.voucher-used"
    assert shop.tell(VoucherRefused("DEP-2", "voucher-unknown", sale)).to_pay == 29


def test_a_voucher_that_nobody_can_vouch_for_counts_within_the_sites_limit_only(shop: Shop) -> None:
    shop.scan("9526001040018", "9526001030170").scan("VCH-1", "VCH-2", symbology="C0")
    sale = shop.session.sale_id
    large, small = (Voucher(f"VCH-{n}", "gift", Money(minor, "EUR")) for n, minor in ((1, 1001), (2, 100)))
    assert shop.tell(VoucherFound(large, sale, is_proven=False)).to_pay == 348
    assert shop.session.notice is not None
    assert shop.session.notice.key == "problem.voucher-offline"
    assert shop.tell(VoucherFound(small, sale, is_proven=False)).to_pay == 248


def test_nobody_pays_before_it_is_known_whether_a_voucher_counts(shop: Shop) -> None:
    shop.scan("9526001040018").scan("VCH-1", symbology="C0").tell(PayPressed())
    assert (shop.step, shop.session.notice and shop.session.notice.key) == ("basket", "notice.one-moment")
    shop.tell(VoucherRefused("VCH-1", "voucher-used", shop.session.sale_id), PayPressed())
    assert shop.step == "pay"


def test_a_voucher_never_falls_into_the_next_shoppers_basket(shop: Shop) -> None:
    shop.scan("9526001040018").scan("VCH-1", symbology="C0")
    sale = shop.session.sale_id
    shop.tell(EmptyPressed()).scan("9526001030170")
    shop.tell(VoucherFound(Voucher("VCH-1", "gift", Money(100, "EUR")), sale))
    assert (shop.session.basket.vouchers, shop.to_pay) == ((), 219)
    assert shop.last(ask.ReleaseClaim) == ask.ReleaseClaim(ClaimKind.VOUCHER, "VCH-1", sale)


def test_what_a_sale_does_not_use_is_given_back(shop: Shop) -> None:
    shop.scan("9526001040018").scan("VCH-1", "VCH-2", symbology="C0")
    sale = shop.session.sale_id
    for code in ("VCH-1", "VCH-2"):
        shop.tell(VoucherFound(Voucher(code, "gift", Money(10, "EUR")), sale))
    shop.tell(CouponRemoved("VCH-1"), PayPressed(), PaymentDone(sale, "1"))
    given_back = [effect.code for effect in shop.asked if isinstance(effect, ask.ReleaseClaim)]
    assert given_back == ["VCH-1"]


def test_hold_and_take_up_again(shop: Shop) -> None:
    shop.scan("9526001040018").tell(HoldPressed())
    held = shop.last(ask.HoldBasket)
    assert held.code.startswith("HLD-")
    assert shop.tell(BasketHeld(held.code)).step == "held"
    assert any(isinstance(effect, ask.ClearDraft) for effect in shop.asked), "a power cut would offer it twice"
    assert shop.tell(GoOn()).step == "attract"
    assert shop.session.basket.is_empty
    shop.scan(held.code, symbology="C0")
    shop.tell(BasketTakenUp(held.code, held.basket, shop.session.sale_id))
    assert (shop.step, shop.to_pay) == ("basket", 129)
    assert Kind.BASKET_RESUMED in shop.facts()


def test_a_held_basket_is_not_poured_into_another(shop: Shop) -> None:
    shop.scan("9526001030170").scan("HLD-ABCDEFGH", symbology="C0")
    assert not any(isinstance(effect, ask.TakeUp) for effect in shop.asked)
    refused = Shop().scan("HLD-ABCDEFGH", symbology="C0")
    assert refused.tell(TakeUpRefused("HLD-ABCDEFGH", "held-taken", refused.session.sale_id)).step == "attract"


def test_the_vouchers_of_a_held_basket_are_looked_at_again(shop: Shop) -> None:
    slip = Voucher("VCH-1", "gift", Money(100, "EUR"))
    shop.scan("HLD-ABCDEFGH", symbology="C0")
    sale = shop.session.sale_id
    basket = Basket(vouchers=(slip,)).with_item(MILK, Quantity.pieces(1))
    shop.tell(BasketTakenUp("HLD-ABCDEFGH", basket, sale))
    assert shop.to_pay == 129
    assert shop.last(ask.FindVoucher) == ask.FindVoucher("VCH-1", sale)
    assert shop.tell(VoucherFound(slip, sale)).to_pay == 29


# --- age ---


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
