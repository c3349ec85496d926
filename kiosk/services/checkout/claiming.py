"""Vouchers and held baskets: claimed for this sale in the whole store before they count, and given back where it does not come about."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.basket import BillLine
from kiosk.domain.facts import Kind
from kiosk.domain.scan import HeldCode, VoucherCode
from kiosk.ports import ClaimKind
from kiosk.services.bill_payment.answering import asked_anew
from kiosk.services.checkout.effects import FindVoucher, Record, ReleaseClaim, TakeUp
from kiosk.services.checkout.events import (
    BasketTakenUp,
    ClaimWaits,
    TakeUpRefused,
    VoucherFound,
    VoucherRefused,
)
from kiosk.services.checkout.keeping import Decision, fact, keep_draft, noted
from kiosk.services.checkout.session import Notice, Session, Tone, Turn, changed, repriced


def voucher_scanned(session: Session, code: VoucherCode, turn: Turn) -> Decision:
    """A slip that is worth money: what it is worth, and whether it is still good, is found out."""
    if code.code in session.claiming or any(voucher.code == code.code for voucher in session.basket.vouchers):
        return noted(session, "problem.voucher-used", tone=Tone.WARNING)
    after = _claiming(session, code.code, turn)
    return after, (FindVoucher(code.code, after.sale_id),)


def held_scanned(session: Session, code: HeldCode, turn: Turn) -> Decision:
    """The slip of a basket on hold, here or at another terminal of the store."""
    if not session.basket.is_empty or session.claiming:
        return noted(session, "notice.basket-not-empty", tone=Tone.WARNING)
    after = _claiming(session, code.code, turn)
    return after, (TakeUp(code.code, after.sale_id),)


def _claiming(session: Session, code: str, turn: Turn) -> Session:
    # From here on there is a sale, though nothing lies in its basket: what is claimed is claimed for it.
    return replace(session, sale_id=session.sale_id or turn.fresh_id, claiming=(*session.claiming, code))


def voucher_found(session: Session, event: VoucherFound, turn: Turn) -> Decision:
    """A deposit slip or gift voucher: it pays, up to the total. One that nobody could vouch for only within the site's limit."""
    code = event.voucher.code
    if event.sale_id != session.sale_id:
        return session, (ReleaseClaim(ClaimKind.VOUCHER, code, event.sale_id),)
    session = _answered(session, code)
    if any(voucher.code == code for voucher in session.basket.vouchers):
        return session, ()
    unproven_minor = sum(voucher.amount.minor for voucher in session.basket.vouchers) + event.voucher.amount.minor
    if not event.is_proven and unproven_minor > turn.rules.limits.offline_voucher_minor:
        return noted(session, "problem.voucher-offline", tone=Tone.WARNING)
    basket = replace(session.basket, vouchers=(*session.basket.vouchers, event.voucher))
    after = changed(replace(session, step="basket"), basket, turn)
    after, effects = noted(after, "notice.voucher-added", tone=Tone.GOOD)
    return after, (*effects, *keep_draft(after))


def voucher_refused(session: Session, event: VoucherRefused, _: Turn) -> Decision:
    """A slip that is not known, or was used before."""
    if event.sale_id != session.sale_id:
        return session, ()
    return noted(_answered(session, event.code), f"problem.{event.reason}", tone=Tone.WARNING)


def basket_taken_up(session: Session, event: BasketTakenUp, turn: Turn) -> Decision:
    """The basket that was put aside is back, with the prices it had. Its vouchers are looked at again: they were the other sale's. What
    was known of its bills is of that time: they count as not asked about, and are paid under references of this sale."""
    if event.sale_id != session.sale_id or not session.basket.is_empty:
        return _answered(session, event.code), (ReleaseClaim(ClaimKind.BASKET, event.code, event.sale_id),)
    session = _answered(session, event.code)
    taken = replace(event.basket, vouchers=(), bills=_anew(event.basket.bills, turn))
    after = repriced(replace(session, step="basket"), taken, turn)
    newest = event.basket.lines[-1].line_id if event.basket.lines else None
    after, effects = noted(replace(after, newest_line_id=newest, history=()), "notice.taken-up", tone=Tone.GOOD)
    resumed = Record((fact(Kind.BASKET_RESUMED, after.sale_id, {"code": event.code}, turn),))
    codes = tuple(voucher.code for voucher in event.basket.vouchers)
    asked = tuple(FindVoucher(code, after.sale_id) for code in codes)
    after = replace(after, claiming=(*after.claiming, *codes))
    after, bills = asked_anew(after)
    return after, (*effects, resumed, *keep_draft(after), *asked, *bills)


def _anew(bills: tuple[BillLine, ...], turn: Turn) -> tuple[BillLine, ...]:
    return tuple(
        replace(one, is_confirmed=False, payment_ref=f"{turn.fresh_id}-{place}") for place, one in enumerate(bills, 1)
    )


def take_up_refused(session: Session, event: TakeUpRefused, _: Turn) -> Decision:
    """No such basket, or somebody took it before."""
    if event.sale_id != session.sale_id:
        return session, ()
    return noted(_answered(session, event.code), f"problem.{event.reason}", tone=Tone.WARNING)


def claim_waits(session: Session, event: ClaimWaits, _: Turn) -> Decision:
    """The answer takes its time: say so, and let the shopper go on."""
    if event.code not in session.claiming or event.sale_id != session.sale_id:
        return session, ()
    return replace(session, notice=Notice("notice.one-moment")), ()


# --- answers that come when the basket is closed ---


def late_voucher(session: Session, event: VoucherFound, _: Turn) -> Decision:
    """Nothing pays any more at this step: the slip is good again, and is put off in words."""
    released = ReleaseClaim(ClaimKind.VOUCHER, event.voucher.code, event.sale_id)
    if event.sale_id != session.sale_id:
        return session, (released,)
    after, effects = noted(_answered(session, event.voucher.code), "notice.scan-after-paying", tone=Tone.WARNING)
    return after, (*effects, released)


def late_basket(session: Session, event: BasketTakenUp, _: Turn) -> Decision:
    """As above, for a basket."""
    return _answered(session, event.code), (ReleaseClaim(ClaimKind.BASKET, event.code, event.sale_id),)


def late_refusal(session: Session, event: VoucherRefused | TakeUpRefused, _: Turn) -> Decision:
    """Nobody waits for it any more."""
    return (_answered(session, event.code) if event.sale_id == session.sale_id else session), ()


def _answered(session: Session, code: str) -> Session:
    return replace(session, claiming=tuple(one for one in session.claiming if one != code))
