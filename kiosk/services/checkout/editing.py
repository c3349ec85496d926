"""What a shopper does with the basket besides scanning: count, remove, undo, look for goods without a code, hold, take up, give up."""

from __future__ import annotations

from dataclasses import replace

from kiosk.services.bill_payment.answering import asked_anew
from kiosk.services.checkout.effects import (
    ClearDraft,
    FillPicker,
    HoldBasket,
)
from kiosk.services.checkout.events import (
    BasketHeld,
    CategoryChosen,
    CountChanged,
    CouponRemoved,
    DraftFound,
    EmptyPressed,
    GoOn,
    HoldPressed,
    LineRemoved,
    Opened,
    PickerFilled,
    Scanned,
    SearchTyped,
    Undone,
)
from kiosk.services.checkout.keeping import Decision, ended, keep_draft, noted, released, voided
from kiosk.services.checkout.scanning import scanned
from kiosk.services.checkout.session import PickerView, Session, Tone, Turn, changed, repriced

# Of a fresh id: forty bits are plenty among the baskets that one store has on hold, and short enough to type.
HELD_CODE_LENGTH = 8


def count_changed(session: Session, event: CountChanged, turn: Turn) -> Decision:
    """More or fewer pieces of a line."""
    line = session.basket.line(event.line_id)
    if line is None or not line.is_countable:
        return session, ()
    if event.count <= 0:
        return line_removed(session, LineRemoved(event.line_id), turn)
    if event.count > turn.rules.limits.pieces_a_line:
        return noted(session, "problem.count-limit", tone=Tone.WARNING)
    after = changed(session, session.basket.with_count(event.line_id, event.count), turn)
    after = replace(after, newest_line_id=event.line_id, notice=None)
    return after, keep_draft(after)


def line_removed(session: Session, event: LineRemoved, turn: Turn) -> Decision:
    """A line less; undo brings it back."""
    line = session.basket.line(event.line_id)
    if line is None:
        return _bill_removed(session, event, turn)
    after = changed(session, session.basket.without_line(event.line_id), turn)
    after, effects = noted(after, "notice.removed", item=line.item.name(session.language))
    return after, (*effects, *keep_draft(after))


def _bill_removed(session: Session, event: LineRemoved, turn: Turn) -> Decision:
    if session.basket.bill_line(event.line_id) is None:
        return session, ()
    after = changed(session, session.basket.without_bill(event.line_id), turn)
    after, effects = noted(after, "notice.bill-removed")
    return after, (*effects, *keep_draft(after))


def coupon_removed(session: Session, event: CouponRemoved, turn: Turn) -> Decision:
    """A coupon or voucher goes back to the pocket."""
    basket = replace(
        session.basket,
        coupons=tuple(code for code in session.basket.coupons if code != event.code),
        vouchers=tuple(voucher for voucher in session.basket.vouchers if voucher.code != event.code),
    )
    after = changed(session, basket, turn)
    return after, keep_draft(after)


def undone(session: Session, _: Undone, turn: Turn) -> Decision:
    """The basket as it was before the last change, where the site lets shoppers undo without staff."""
    if not session.history or not turn.rules.undo_allowed:
        return session, ()
    *history, before = session.history
    # An approval outlives an undo: it is bound to what it approved, not to the moment.
    restored = replace(
        before, approval=session.basket.approval, next_line_id=max(before.next_line_id, session.basket.next_line_id)
    )
    after = replace(repriced(session, restored, turn), history=tuple(history))
    newest = restored.lines[-1].line_id if restored.lines else None
    after, effects = noted(replace(after, newest_line_id=newest), "notice.undone")
    return after, (*effects, *keep_draft(after))


# --- goods without a code ---


def opened(session: Session, event: Opened, _: Turn) -> Decision:
    """The picker, the keypad, or the place for coupons and cards."""
    if event.step not in ("picker", "keypad", "coupon"):
        return session, ()
    after = replace(session, step=event.step, overlay="", problem="", notice=None, picker=PickerView())
    return after, (FillPicker("", "", session.language),) if event.step == "picker" else ()


def category_chosen(session: Session, event: CategoryChosen, _: Turn) -> Decision:
    """Another shelf of the picker."""
    picker = replace(session.picker, category=event.category, query="")
    return replace(session, picker=picker), (FillPicker(event.category, "", session.language),)


def search_typed(session: Session, event: SearchTyped, _: Turn) -> Decision:
    """What the shopper typed into the search, letter by letter."""
    query = event.text[:40]
    return replace(session, picker=replace(session.picker, query=query)), (FillPicker("", query, session.language),)


def picker_filled(session: Session, event: PickerFilled, _: Turn) -> Decision:
    """The shelf came; one that was asked for before the last letter is dropped."""
    if event.query != session.picker.query or (not event.query and event.category != session.picker.category):
        return session, ()
    return replace(session, picker=PickerView(event.categories, event.items, event.category, event.query)), ()


def to_basket(session: Session, _: object, __: Turn) -> Decision:
    """Back to the basket, or to the start where there is nothing in it."""
    step = "attract" if session.basket.is_empty else "basket"
    after = replace(session, step=step, problem="", notice=None, pending_item=None, pending_code=None, staff=None)
    return replace(after, payment=None, paper_known=False, price_asked=None), ()


# --- hold, take up, give up ---


def hold_pressed(session: Session, _: HoldPressed, turn: Turn) -> Decision:
    """Put the basket aside under a code of its own."""
    prefixes = turn.rules.scan.held_prefixes
    if session.basket.is_empty or not prefixes:
        return session, ()
    code = prefixes[0] + turn.fresh_id[-HELD_CODE_LENGTH:].upper()
    return session, (HoldBasket(code, session.basket, session.language),)


def basket_held(session: Session, event: BasketHeld, _: Turn) -> Decision:
    """It is in the books: the slip, or the code on the screen."""
    # It is the books' now: a power cut before "Done" must not offer it a second time as a draft.
    # Its vouchers are claimed anew by whoever takes it up.
    return replace(session, step="held", held_code=event.code, notice=None), (ClearDraft(), *released(session))


def empty_pressed(session: Session, _: EmptyPressed, turn: Turn) -> Decision:
    """The shopper gives the whole basket up."""
    return voided(session, turn, "customer")


def draft_found(session: Session, event: DraftFound, turn: Turn) -> Decision:
    """After a power cut: the basket is offered again."""
    language = event.language if event.language in turn.rules.languages else session.language
    before = replace(session, step="resume", sale_id=event.sale_id, language=language)
    after = repriced(before, event.basket, turn)
    newest = event.basket.lines[-1].line_id if event.basket.lines else None
    return replace(after, newest_line_id=newest), ()


def resumed(session: Session, _: GoOn, __: Turn) -> Decision:
    """The shopper goes on with the basket from before the power cut."""
    after, asked = asked_anew(replace(session, step="basket"))
    return after, (*keep_draft(after), *asked)


def scanned_on(session: Session, event: Scanned, turn: Turn) -> Decision:
    """Scanning on says yes to the question whether to go on."""
    before, asked = asked_anew(replace(session, step="basket"))
    after, effects = scanned(before, event, turn)
    return after, (*asked, *effects, *keep_draft(after))


def finished(session: Session, _: object, turn: Turn) -> Decision:
    """The customer is done."""
    return ended(session, turn)


def next_customer(session: Session, event: Scanned, turn: Turn) -> Decision:
    """Somebody scans while the farewell still stands there: their sale starts at once."""
    after, effects = ended(session, turn)
    if after.step != "attract":
        return after, effects
    after, scan_effects = scanned(after, event, turn)
    return after, (*effects, *scan_effects)
