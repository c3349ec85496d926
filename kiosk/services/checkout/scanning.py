"""What a scan, a touch or a typed number does to the basket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kiosk.domain.bills.bill import Reason
from kiosk.domain.item import Item
from kiosk.domain.money import Money
from kiosk.domain.promotion import PromotionKind
from kiosk.domain.quantity import Quantity, Unit
from kiosk.domain.resolver import resolve
from kiosk.domain.scan import (
    AccountCode,
    BillCode,
    CouponCode,
    HeldCode,
    ItemCode,
    MemberCode,
    ReceiptCode,
    StaffCode,
    Unknown,
    VoucherCode,
)
from kiosk.services.account_lookup.opening import code_scanned as account_scanned
from kiosk.services.bill_payment.opening import open_bill, refused
from kiosk.services.checkout.claiming import held_scanned, voucher_scanned
from kiosk.services.checkout.effects import (
    CallStaff,
    LookUp,
    Sound,
)
from kiosk.services.checkout.events import (
    ItemFound,
    ItemMissing,
    Picked,
    Scanned,
    WeightGiven,
)
from kiosk.services.checkout.keeping import Decision, keep_draft, noted
from kiosk.services.checkout.session import Notice, Session, StaffView, Tone, Turn, changed
from kiosk.services.offered import BILLS, CHECKOUT, REFUND, serves
from kiosk.services.refunds import decisions as refunds


def scanned(session: Session, event: Scanned, turn: Turn) -> Decision:
    """A code from the scanner, or typed: find out what it is."""
    meaning = resolve(event.scan, turn.rules.scan)
    if isinstance(meaning, _SOLD) and not serves(session, turn, CHECKOUT):
        return _not_understood(session, "not-sold-here")
    return _BY_MEANING[type(meaning)](replace(session, overlay="", countdown_s=None), meaning, turn)


def _item_code(session: Session, code: ItemCode, turn: Turn) -> Decision:
    if session.basket.bills and not turn.rules.bills.mixed:
        return noted(session, "notice.bills-first", tone=Tone.WARNING)
    return replace(session, looking_up=session.looking_up + 1), (LookUp(code),)


def _coupon(session: Session, code: CouponCode, turn: Turn) -> Decision:
    if code.code in session.basket.coupons:
        return noted(session, "notice.coupon-already", tone=Tone.WARNING)
    known = {p.code for p in turn.rules.price.promotions if p.kind is PromotionKind.COUPON}
    if code.code not in known:
        return noted(session, "problem.coupon-unknown", tone=Tone.WARNING)
    basket = replace(session.basket, coupons=(*session.basket.coupons, code.code))
    after = changed(replace(session, step="basket"), basket, turn)
    unused = {u.code: u.reason for u in after.priced.unused_coupons} if after.priced else {}
    key = f"notice.coupon-{unused[code.code]}" if code.code in unused else "notice.coupon-added"
    tone = Tone.PLAIN if code.code in unused else Tone.GOOD
    return _with_draft(noted(after, key, tone=tone))


def _member(session: Session, code: MemberCode, turn: Turn) -> Decision:
    basket = replace(session.basket, member=code.code)
    return _with_draft(
        noted(changed(replace(session, step="basket"), basket, turn), "notice.member-added", tone=Tone.GOOD)
    )


def _receipt(session: Session, code: ReceiptCode, turn: Turn) -> Decision:
    if serves(session, turn, REFUND):
        return refunds.receipt_scanned(session, code, turn)
    return noted(session, "notice.receipt-code", tone=Tone.WARNING)


def _staff(session: Session, code: StaffCode, _: Turn) -> Decision:
    purpose = {"age-check": "age", "price-check": "price", "refused": "refused"}.get(session.step, "service")
    if session.step == "staff-login" and session.staff is not None:
        purpose = session.staff.purpose  # another badge, for the same question
    return replace(session, step="staff-login", staff=StaffView(purpose, badge=code.code)), (Sound("good"),)


def _bill(session: Session, code: BillCode, turn: Turn) -> Decision:
    if not serves(session, turn, BILLS):
        return _not_understood(session, "bill-not-here")
    return open_bill(session, code.bill, turn)


def _unknown(session: Session, meaning: Unknown, turn: Turn) -> Decision:
    if meaning.reason in _BILL_REASONS and serves(session, turn, BILLS):
        return refused(session, meaning.reason)
    return _not_understood(session, meaning.reason)


def _not_understood(session: Session, reason: str) -> Decision:
    return replace(session, step="unknown-code", problem=reason, notice=None), (Sound("bad"),)


_BILL_REASONS = frozenset(Reason)
# What only a terminal that sells goods has a use for.
_SOLD = (ItemCode, CouponCode, VoucherCode, HeldCode)

_BY_MEANING: Mapping[type, Callable[[Session, Any, Turn], Decision]] = {
    ItemCode: _item_code,
    CouponCode: _coupon,
    VoucherCode: voucher_scanned,
    MemberCode: _member,
    AccountCode: account_scanned,
    ReceiptCode: _receipt,
    HeldCode: held_scanned,
    StaffCode: _staff,
    BillCode: _bill,
    Unknown: _unknown,
}


def badge_scanned(session: Session, event: Scanned, turn: Turn) -> Decision:
    """Where only staff can go on: their badge counts, anything else is put off with a kind word."""
    if isinstance(resolve(event.scan, turn.rules.scan), StaffCode):
        return scanned(session, event, turn)
    return noted(session, "notice.one-moment", tone=Tone.WARNING)


def not_now(session: Session, _: Scanned, __: Turn) -> Decision:
    """A card is under way: a badge would take the screen from it, and goods would not be paid. A kind word, nothing else."""
    return noted(session, "notice.scan-after-paying", tone=Tone.WARNING)


# --- what the look-up answers ---


def item_found(session: Session, event: ItemFound, turn: Turn) -> Decision:
    """The article is known: into the basket, or a weight is asked for, or it may not be sold."""
    if not session.looking_up:
        return session, ()  # asked for by a customer whose session has ended meanwhile
    return _known(replace(session, looking_up=session.looking_up - 1), event, turn)


def _known(session: Session, event: ItemFound, turn: Turn) -> Decision:
    expiry = event.code.expiry
    if event.recalled:
        return _refused(session, event.item, "recalled")
    if expiry is not None and expiry < turn.today:
        return _refused(session, event.item, "expired")
    if event.item.unit is Unit.KILOGRAM and event.code.weight_g is None and event.code.price_minor is None:
        return replace(session, step="weight", pending_item=event.item, pending_code=event.code), (Sound("good"),)
    return _add(session, event.item, event.code, turn)


def item_missing(session: Session, event: ItemMissing, _: Turn) -> Decision:
    """Nobody knows the code."""
    if not session.looking_up:
        return session, ()
    session = replace(session, looking_up=session.looking_up - 1)
    return _not_understood(replace(session, pending_code=event.code), "unknown-code")


def late_item(session: Session, _: ItemFound | ItemMissing, __: Turn) -> Decision:
    """An answer that comes when the basket is closed: put off in words, never silently."""
    if not session.looking_up:
        return session, ()
    session = replace(session, looking_up=session.looking_up - 1)
    return noted(session, "notice.scan-after-paying", tone=Tone.WARNING)


def picked(session: Session, event: Picked, turn: Turn) -> Decision:
    """An article was touched: weighed goods ask for their weight."""
    return _known(session, ItemFound(ItemCode(gtin=event.item.gtin), event.item), turn)


def weight_given(session: Session, event: WeightGiven, turn: Turn) -> Decision:
    """The weight of the article in hand."""
    item, code = session.pending_item, session.pending_code
    if item is None or code is None:
        return replace(session, step="basket"), ()
    if not 0 < event.weight_g <= turn.rules.limits.weight_g:
        return noted(session, "problem.weight-limit", tone=Tone.WARNING)
    return _add(session, item, replace(code, weight_g=event.weight_g), turn)


def _refused(session: Session, item: Item, reason: str) -> Decision:
    after = replace(
        session, step="refused", problem=reason, problem_params={"item": item.name(session.language)}, help_called=True
    )
    return after, (Sound("bad"), CallStaff(reason))


def _add(session: Session, item: Item, code: ItemCode, turn: Turn) -> Decision:
    limits = turn.rules.limits
    if len(session.basket.lines) >= limits.lines:
        return noted(replace(session, step="basket"), "problem.basket-full", tone=Tone.WARNING)
    embedded = None
    if code.price_minor is not None:
        embedded = Money(code.price_minor, code.currency or turn.rules.price.currency)
    quantity = _quantity(item, code)
    before = session.basket
    basket = before.with_item(item, quantity, embedded_price=embedded, batch=code.batch, expiry=code.expiry)
    newest = basket.lines[-1]
    if newest.quantity.count > limits.pieces_a_line:
        return noted(replace(session, step="basket"), "problem.count-limit", tone=Tone.WARNING)
    after = changed(replace(session, step="basket"), basket, turn)
    after = replace(after, newest_line_id=newest.line_id, notice=None, problem="", pending_item=None, pending_code=None)
    age = basket.minimum_age if basket.minimum_age > before.minimum_age and basket.needs_age_check else 0
    if age:
        after = replace(after, notice=Notice("notice.age-later", {"age": age}))
    return after, (Sound("good"), *keep_draft(after))


def _quantity(item: Item, code: ItemCode) -> Quantity:
    # A price-embedded code of weighed goods tells no weight: the line is one piece at the price that the code holds.
    if item.unit is Unit.KILOGRAM and code.weight_g:
        return Quantity.grams(code.weight_g)
    return Quantity.pieces(max(1, code.quantity or 1))


def _with_draft(decision: Decision) -> Decision:
    session, effects = decision
    return session, (*effects, *keep_draft(session))
