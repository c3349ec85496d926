"""What is read aloud of a checkout (EN 301 549, 5.1.3): decided purely, from one session to the next, as keys of the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.domain.pricing import Priced, PricedLine
from kiosk.services.account_lookup.spoken import SPOKEN as ACCOUNT_LOOKUP
from kiosk.services.account_lookup.spoken import news as account_news
from kiosk.services.bill_payment.spoken import SPOKEN as BILL_PAYMENT
from kiosk.services.bill_payment.spoken import news as bill_news
from kiosk.services.checkout.price_asking import price_words
from kiosk.services.checkout.sentences import Said, Sentence
from kiosk.services.checkout.session import SELF_CHECKOUT, PaymentView, Session
from kiosk.services.forms.spoken import SPOKEN as FORMS
from kiosk.services.forms.spoken import form_news
from kiosk.services.refunds.spoken import SPOKEN as REFUNDS

_BY_SERVICE: Mapping[str, Callable[[Session], Said]] = {**BILL_PAYMENT, **ACCOUNT_LOOKUP, **REFUNDS, **FORMS}
# The seconds of a time-out warning that are read aloud, besides its first.
_TOLD_SECONDS = frozenset({20, 10, 5})
_KEYS_OF_OVERLAYS = ("help", "language", "easier", "more")
# The essential text of a receipt, for a phone: its last lines are codes to check it by, which say nothing to an ear.
_CODE_LINES = 2


def utterance(before: Session, after: Session) -> tuple[Sentence, ...]:
    """What is to be said of the change from `before` to `after`; nothing where speech is off."""
    if not after.easier.speech:
        return ()
    if not before.easier.speech or before.language != after.language:
        return whole(after)
    return tuple(_change(before, after))


def whole(session: Session) -> tuple[Sentence, ...]:
    """What is to be said of the screen as it is, for who comes to it anew."""
    if session.countdown_s is not None:
        return (Sentence("screen.time-out.spoken"), _left(session))
    if session.overlay in _KEYS_OF_OVERLAYS:
        return (Sentence(f"screen.{session.overlay}.spoken"),)
    notice = (_notice(session),) if session.notice else ()
    return (*notice, *_screen(session))


def _change(before: Session, after: Session) -> Said:
    if after.countdown_s is not None and after.countdown_s != before.countdown_s:
        if before.countdown_s is None:
            yield from whole(after)
        elif after.countdown_s in _TOLD_SECONDS:
            yield _left(after)
        return
    yield from _basket_news(before, after)
    if after.notice is not None and after.notice is not before.notice:
        yield _notice(after)
    moved = before.step != after.step
    uncovered = (before.overlay, before.countdown_s) != ("", None) and (after.overlay, after.countdown_s) == ("", None)
    if after.overlay and after.overlay != before.overlay:
        yield Sentence(f"screen.{after.overlay}.spoken")
    elif moved and after.step == "basket" and after.priced is not before.priced:
        yield Sentence("screen.basket.spoken")  # what is in it has just been said
    elif moved or uncovered:
        yield from _screen(after)
    else:
        yield from _step_news(before, after)


def _left(session: Session) -> Sentence:
    key = "screen.time-out.left-account" if session.account else "screen.time-out.left"
    return Sentence(key, {"count": session.countdown_s})


def _notice(session: Session) -> Sentence:
    notice = session.notice
    return Sentence(notice.key, notice.params) if notice else Sentence()


# --- the basket ---


def _basket_news(before: Session, after: Session) -> Said:
    priced = after.priced
    if priced is None or priced is before.priced or priced == before.priced:
        return
    line = _changed_line(before, after, priced)
    if line is None:
        yield _total(after, priced)
        return
    yield from _line(line, after, priced)
    if before.priced is None or priced.savings != before.priced.savings:
        yield from _savings(priced)


def _changed_line(before: Session, after: Session, priced: Priced) -> PricedLine | None:
    """The newest line, if it is another or otherwise than before."""
    known = {line.line.line_id: line for line in before.priced.lines} if before.priced else {}
    newest = next((line for line in priced.lines if line.line.line_id == after.newest_line_id), None)
    if newest is None or len(priced.lines) < len(known):
        return None
    old = known.get(newest.line.line_id)
    return newest if old is None or old.line.quantity != newest.line.quantity else None


def _line(line: PricedLine, session: Session, priced: Priced) -> Said:
    name, quantity = line.line.item.name(session.language), line.line.quantity
    deposit = next((one.total for one in priced.deposits if one.line_id == line.line.line_id), None)
    price = line.total + deposit if deposit else line.total
    if quantity.count == 1:
        yield Sentence("screen.basket.spoken-line", {"item": name, "price": price, "total": priced.to_pay})
    else:
        yield Sentence("name.basket-line", {"item": name, "quantity": quantity, "price": price})
    if deposit:
        yield Sentence("screen.basket.deposit", {"amount": deposit})
    for saving in line.savings:
        label = saving.labels.get(session.language) or next(iter(saving.labels.values()), "")
        yield Sentence("screen.basket.saving", {"label": label, "amount": saving.amount})
    if line.line.item.minimum_age:
        yield Sentence("screen.basket.age", {"age": line.line.item.minimum_age})
    if quantity.count != 1:
        yield _total(session, priced)


def _total(session: Session, priced: Priced) -> Sentence:
    return Sentence("screen.basket.spoken-total", {"count": session.basket.item_count, "total": priced.to_pay})


def _savings(priced: Priced) -> Said:
    if priced.savings:
        yield Sentence("screen.basket.you-save", {"amount": priced.savings})


# --- the screens ---


def _screen(session: Session) -> Said:
    step = session.step
    match step:
        case "attract":
            yield Sentence(f"screen.{'attract' if session.profile == SELF_CHECKOUT else 'home'}.spoken")
            if not session.devices.can_charge:
                yield Sentence("screen.pay.no-card-now")
        case "basket" | "resume":
            if session.priced:
                yield _total(session, session.priced)
                yield from _savings(session.priced)
            yield Sentence(f"screen.{step}.spoken")
        case "weight" | "price":
            item = session.pending_item
            yield Sentence(f"screen.{step}.spoken", {"item": item.name(session.language) if item else ""})
        case "pay":
            yield from _pay(session)
        case "pay-problem":
            yield Sentence(f"screen.pay-problem.{session.problem}.spoken", otherwise="screen.pay-problem.spoken")
        case "receipt-choice":
            yield from _receipt_choice(session)
        case "receipt-qr":
            yield Sentence("screen.receipt-qr.spoken")
            yield from _receipt(session)
        case "held":
            yield Sentence("screen.held.spoken")
            yield Sentence(text=" ".join(session.held_code))
        case step if step in _BY_SERVICE:
            yield from _BY_SERVICE[step](session)
        case _:
            yield from _problem(session)
            yield Sentence(f"screen.{step}.spoken")


def _problem(session: Session) -> Said:
    """What went wrong or why one waits, where a step has that."""
    item, age = session.problem_params.get("item", ""), session.basket.minimum_age
    match session.step:
        case "unknown-code" if session.problem:
            yield Sentence(f"problem.{session.problem}")
        case "refused":
            known = "expired" if session.problem == "expired" else "recalled"
            yield Sentence(f"screen.refused.{known}", {"item": item})
        case "age-check":
            yield Sentence("screen.age-check.why", {"age": age})
        case "price-check" if session.price_asked:
            yield Sentence("screen.price-check.why", price_words(session.price_asked))
        case "staff-login" if session.staff and session.staff.refusal:
            yield Sentence(f"problem.{session.staff.refusal}")
        case "staff-menu" if session.staff and session.staff.purpose == "age":
            yield Sentence("screen.staff-menu.age", {"age": age})
        case "staff-menu" if session.price_asked and session.staff and session.staff.purpose == "price":
            yield Sentence("screen.staff-menu.price", price_words(session.price_asked))
        case "out-of-service" if session.problem:
            yield Sentence(f"screen.out-of-service.{session.problem}")


def _pay(session: Session) -> Said:
    if session.payment is None:
        return
    if session.priced:
        yield Sentence("screen.basket.to-pay", {"amount": session.priced.to_pay})
    yield _instruction(session.payment)
    yield Sentence("screen.pay.where")


def _instruction(payment: PaymentView) -> Sentence:
    if payment.cancelling:
        return Sentence("screen.pay.cancelling")
    if payment.message == "insert-card":
        return Sentence("screen.pay.ready")
    return Sentence(f"terminal.{payment.message}", otherwise="screen.pay.wait")


def _receipt_choice(session: Session) -> Said:
    receipt = session.receipt
    if receipt and receipt.problem:
        yield Sentence("screen.printing.uncertain" if receipt.is_copy else "problem.printer")
    elif session.priced:
        yield Sentence("screen.receipt-choice.paid", {"amount": session.priced.to_pay})
    if not session.devices.can_print:
        yield Sentence("screen.receipt-choice.no-paper")
    yield Sentence("screen.receipt-choice.spoken")


def _receipt(session: Session) -> Said:
    """The essential receipt as it stands in its code. It names a card by its last digits: for the one who paid alone."""
    text = session.receipt.qr_text if session.receipt else ""
    lines = [line for line in text.splitlines() if not line.startswith("https://")]
    said = ". ".join(lines[:-_CODE_LINES])
    if said:
        yield Sentence(text=said, private=True)


def _step_news(before: Session, after: Session) -> Said:
    """What changed on a screen that stays."""
    yield from account_news(before, after)
    yield from bill_news(before, after)
    if after.problem and after.problem != before.problem:
        yield from _problem(after)
    refusal = after.staff.refusal if after.staff else ""
    if refusal and refusal != (before.staff.refusal if before.staff else ""):
        yield from _problem(after)
    if after.payment and before.payment and after.step in ("pay", "clarifying"):
        now, then = _instruction(after.payment), _instruction(before.payment)
        if now != then:
            yield now
    yield from form_news(before, after)
    if after.step == "attract" and before.devices.can_charge and not after.devices.can_charge:
        yield Sentence("screen.pay.no-card-now")
