"""What keeps a session going and ends it: drafts, notices, time-outs, language, devices, and the wiping of everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from kiosk.domain.basket import BillLine
from kiosk.domain.basket_body import basket_body
from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.domain.facts import Fact, Json, Kind
from kiosk.ports import ClaimKind, HealthState
from kiosk.services.bill_payment.effects import ReleaseBill
from kiosk.services.bill_payment.releasing import in_hand
from kiosk.services.checkout.effects import (
    CallStaff,
    ClearDraft,
    ForgetCustomer,
    Record,
    ReleaseClaim,
    SaveDraft,
    Sound,
    StartTimer,
    StopTimer,
)
from kiosk.services.checkout.events import (
    BooksFailed,
    BooksMended,
    DeviceChanged,
    EasierChosen,
    HelpCalled,
    LanguageChosen,
    LineChanged,
    MoreTime,
    OverlayOpened,
    TimerRang,
)
from kiosk.services.checkout.office import BooksTold, MessageSent
from kiosk.services.checkout.session import CLOSED, Easier, Notice, Session, Tone, Turn, fresh

Decision = tuple[Session, tuple[object, ...]]

NOTICE, IDLE, COUNTDOWN = "notice", "idle", "countdown"


def noted(session: Session, key: str, *, tone: Tone = Tone.PLAIN, **params: Json) -> Decision:
    """The session with a short word in passing, and its sound."""
    sound = {Tone.GOOD: "good", Tone.WARNING: "bad", Tone.PLAIN: "attention"}[tone]
    return replace(session, notice=Notice(key, params, tone)), (Sound(sound),)


def keep_draft(session: Session) -> tuple[object, ...]:
    """The effect that keeps the basket across a power cut."""
    if session.basket.is_empty:
        return (ClearDraft(),)
    body: dict[str, Json] = {
        "sale_id": session.sale_id,
        "language": session.language,
        "basket": basket_body(session.basket),
    }
    return (SaveDraft(body),)


def fact(kind: Kind, subject: str, body: Mapping[str, Json], turn: Turn) -> Fact:
    """A fact of this moment."""
    return Fact(kind, subject, body, turn.at.isoformat(timespec="milliseconds"), turn.clock_ms)


def ended(session: Session, turn: Turn) -> Decision:
    """The session is over, whatever way: a fresh one, and every layer forgets the customer."""
    effects: tuple[object, ...] = (ClearDraft(), ForgetCustomer(), *released(session), *held_place(session))
    if session.help_called:
        effects = (*effects, CallStaff(""))
    start = fresh(session, turn.rules)
    if start.payment_unresolved:
        start = replace(start, step="out-of-service", problem="payment-unresolved")
    return at_rest(start), effects


def at_rest(session: Session) -> Session:
    """A session with nobody at it, where it belongs: a closed terminal offers no start."""
    if session.profile == CLOSED and session.step == "attract":
        return replace(session, step="out-of-service", problem=CLOSED)
    return session


def released(session: Session, *, used: bool = False) -> tuple[ReleaseClaim | ReleaseBill, ...]:
    """Gives the vouchers and bills back that were claimed for this sale and are not a part of it: all of them unless it was `used`."""
    paying = {voucher.code for voucher in session.basket.vouchers}
    seen = paying.union(*({voucher.code for voucher in before.vouchers} for before in session.history))
    codes = sorted(seen - paying if used else seen)
    bills = (ReleaseBill(bill, session.sale_id) for bill in unpaid_bills(session, used=used))
    return (*(ReleaseClaim(ClaimKind.VOUCHER, code, session.sale_id) for code in codes), *bills, *in_hand(session))


def unpaid_bills(session: Session, *, used: bool = False) -> tuple[Bill, ...]:
    """The bills that lay in the basket at any time and that this sale does not pay: all of them unless it was `used`. For whoever
    keeps them for this sale."""
    paid = {bill_key(one.bill) for one in session.basket.bills} if used else set()
    baskets = (session.basket, *session.history)
    seen = {bill_key(one.bill): one.bill for basket in baskets for one in basket.bills}
    return tuple(bill for key, bill in sorted(seen.items()) if key not in paid)


def held_place(session: Session) -> tuple[ReleaseClaim, ...]:
    """Gives back the appointment that was claimed for a form and not sent."""
    view = session.form
    is_sent = view is not None and (view.number or (view.waiting and not view.wanted))
    if view is None or not view.claim or is_sent:
        return ()
    return (ReleaseClaim(ClaimKind.SLOT, view.claim, view.submission_id),)


def voided(session: Session, turn: Turn, reason: str) -> Decision:
    """The basket is given up, and the books say so."""
    effects: tuple[object, ...] = ()
    basket = session.basket
    if basket.is_payable:
        total = session.priced.total.minor if session.priced else 0
        body: dict[str, Json] = {
            "sale_id": session.sale_id,
            "reason": reason,
            "total_minor": total,
            "currency": turn.rules.price.currency,
            "lines": len(basket.lines),
            **({"bills": [_given_up(one) for one in basket.bills]} if basket.bills else {}),
        }
        effects = (Record((fact(Kind.SALE_VOIDED, session.sale_id, body, turn),)),)
    after, ending = ended(session, turn)
    return after, (*effects, *ending)


def _given_up(line: BillLine) -> dict[str, Json]:
    amounts: dict[str, Json] = {"amount_minor": line.amount.minor, "fee_minor": line.fee.minor}
    return {"key": bill_key(line.bill), "payment_ref": line.payment_ref, **amounts}


# --- time ---


def idle_rang(session: Session, turn: Turn) -> Decision:
    """Nobody did anything for a while: warn, and count down."""
    after = replace(session, countdown_s=turn.rules.timeouts.countdown_s)
    return after, (Sound("warning"), StartTimer(COUNTDOWN, 1_000))


def countdown_rang(session: Session, turn: Turn) -> Decision:
    """A second of the warning is over."""
    left_s = (session.countdown_s or 0) - 1
    if left_s > 0:
        return replace(session, countdown_s=left_s), (StartTimer(COUNTDOWN, 1_000),)
    return voided(session, turn, "timeout")


def timer_rang(session: Session, event: TimerRang, turn: Turn) -> Decision:
    """Where a step clears an absent customer's session."""
    if event.name == NOTICE:
        return replace(session, notice=None), ()
    if event.name == COUNTDOWN and session.countdown_s is not None:
        return countdown_rang(session, turn)
    if event.name == IDLE:
        return idle_rang(session, turn)
    return session, ()


def notice_rang(session: Session, event: TimerRang, _: Turn) -> Decision:
    """Where time clears nothing but a notice."""
    return (replace(session, notice=None), ()) if event.name == NOTICE else (session, ())


def leave_rang(session: Session, event: TimerRang, turn: Turn) -> Decision:
    """Where the session is over anyway."""
    if event.name == IDLE:
        return ended(session, turn)
    return notice_rang(session, event, turn)


def more_time(session: Session, _: MoreTime, __: Turn) -> Decision:
    """The customer is still there; the timer starts anew with every act, so only the warning has to go."""
    return replace(session, countdown_s=None), (StopTimer(COUNTDOWN),)


# --- language, ease, help ---


def language_chosen(session: Session, event: LanguageChosen, turn: Turn) -> Decision:
    """Another language; the basket stays."""
    if event.language not in turn.rules.languages:
        return session, ()
    after = replace(session, language=event.language, overlay="", countdown_s=None)
    return after, () if session.basket.is_empty else keep_draft(after)


def easier_chosen(session: Session, event: EasierChosen, _: Turn) -> Decision:
    """Easier to use, one switch at a time."""
    if event.setting not in {field.name for field in fields(Easier)}:
        return session, ()
    easier = replace(session.easier, **{event.setting: event.on})
    return replace(session, easier=easier, countdown_s=None), ()


def overlay_opened(session: Session, event: OverlayOpened, _: Turn) -> Decision:
    """Help, language or ease over the screen, or nothing over it."""
    if event.overlay not in ("", "help", "language", "easier", "more"):
        return session, ()
    return replace(session, overlay=event.overlay, countdown_s=None), ()


def help_called(session: Session, _: HelpCalled, __: Turn) -> Decision:
    """A member of staff is on the way, with the context."""
    after = replace(session, help_called=True, overlay="", countdown_s=None)
    after, effects = noted(after, "notice.staff-called")
    return after, (*effects, CallStaff(f"help:{session.step}"))


# --- the machine itself ---


def device_changed(session: Session, event: DeviceChanged, _: Turn) -> Decision:
    """A device came, went or complained."""
    if event.kind not in {field.name for field in fields(session.devices)}:
        return session, ()
    devices = replace(session.devices, **{event.kind: event.health})
    # Low paper as much as lost devices: staff come before a shopper misses anything.
    wanting = event.health.state is not HealthState.READY and event.health.state is not HealthState.CONNECTING
    return replace(session, devices=devices), (CallStaff(f"{event.kind}:{event.health.reason}"),) if wanting else ()


def line_changed(session: Session, event: LineChanged, _: Turn) -> Decision:
    """More or less waits to be sent: for staff to see, never a shopper's matter."""
    return replace(session, line=event.line), ()


def message_sent(session: Session, event: MessageSent, _: Turn) -> Decision:
    """Kept until a member of staff has been at the terminal."""
    return replace(session, message=event.text), (CallStaff("message"),)


def books_told(session: Session, event: BooksTold, _: Turn) -> Decision:
    """The books were restored, or what was missing came back: kept until a member of staff has been at the terminal."""
    return replace(session, books=Notice(event.key, event.params)), (CallStaff("books-restored"),)


def books_failed(session: Session, event: BooksFailed, _: Turn) -> Decision:
    """Stop selling before losing a sale."""
    after = replace(session, step="out-of-service", problem=event.reason, form=None)
    return after, (*held_place(session), CallStaff("books"), Sound("attention"))


def books_mended(session: Session, _: BooksMended, turn: Turn) -> Decision:
    """Room again."""
    return ended(replace(session, payment_unresolved=session.payment_unresolved), turn)
