"""A shopper saw another price on the shelf: typed here, decided by staff at the terminal or from afar, within what their role may give."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from kiosk.domain.basket_body import fingerprint
from kiosk.domain.facts import Json, Kind
from kiosk.domain.money import Money
from kiosk.ports import AskedApproval
from kiosk.services.checkout.effects import CallStaff, Record, RemoteAnswer, Sound
from kiosk.services.checkout.events import PriceGiven, PriceQuestioned
from kiosk.services.checkout.keeping import Decision, fact, keep_draft, noted
from kiosk.services.checkout.office import RemoteApproval
from kiosk.services.checkout.session import PriceAsked, Session, Tone, Turn, repriced

KIND = "price"


def questioned(session: Session, _: PriceQuestioned, __: Turn) -> Decision:
    """About the newest line; goods whose code holds the price or that are weighed have it from the scale's label."""
    line = session.basket.line(session.newest_line_id) if session.newest_line_id is not None else None
    if line is None or not line.is_countable:
        return noted(replace(session, overlay=""), "problem.price-fixed", tone=Tone.WARNING)
    asked = PriceAsked(line.line_id, line.item.name(session.language), line.item.price, line.item.price)
    return replace(session, step="price", overlay="", notice=None, pending_item=line.item, price_asked=asked), ()


def given(session: Session, event: PriceGiven, _: Turn) -> Decision:
    """The price that the shopper saw: a lower one is looked at by staff."""
    asked = session.price_asked
    if asked is None:
        return replace(session, step="basket"), ()
    if not 0 < event.price_minor < asked.before.minor:
        return noted(session, "problem.price-not-lower", tone=Tone.WARNING)
    wanted = replace(asked, wanted=Money(event.price_minor, asked.before.currency))
    after = replace(session, step="price-check", price_asked=wanted, help_called=True, notice=None)
    return after, (CallStaff(KIND), Sound("attention"))


def asked_approval(session: Session) -> AskedApproval | None:
    """What a person is asked, while the shopper waits."""
    asked = session.price_asked
    if asked is None:
        return None
    before, wanted = asked.before, asked.wanted
    return AskedApproval(
        request_id=session.sale_id,
        kind=KIND,
        basket_hash=bound_to(session),
        item=asked.name,
        picture=session.pending_item.picture if session.pending_item else "",
        reason=f"price:{before.minor}:{wanted.minor}:{before.currency}",
    )


def price_words(asked: PriceAsked) -> dict[str, Json | Money]:
    """The parameters of a sentence about it."""
    return {"item": asked.name, "price": asked.wanted, "old": asked.before}


def bound_to(session: Session) -> str:
    """What an answer is bound to: this basket, this line, this price."""
    asked = session.price_asked
    question = f"{asked.line_id}:{asked.wanted.minor}" if asked else ""
    return hashlib.sha256(f"{fingerprint(session.basket)}:{question}".encode("ascii")).hexdigest()


def decided_afar(session: Session, event: RemoteApproval, turn: Turn) -> Decision:
    """Granted or refused from afar, unless it is another question by now, or more than the role may give."""
    if event.kind != KIND:
        return session, (RemoteAnswer(event.order_id, "refused", "not-supported"),)
    if event.bound_to != bound_to(session):
        return session, (RemoteAnswer(event.order_id, "refused", "basket-changed"),)
    if event.granted and not may_give(session, event.role, turn):
        return session, (RemoteAnswer(event.order_id, "refused", "role"),)
    after, effects = decided(
        session, turn, granted=event.granted, staff=event.staff, role=event.role, order=event.order_id
    )
    return after, (*effects, RemoteAnswer(event.order_id, "done"))


def may_give(session: Session, role: str, turn: Turn) -> bool:
    """Whether what the line gets cheaper by is within what the role may give."""
    asked = session.price_asked
    line = session.basket.line(asked.line_id) if asked else None
    if asked is None or line is None:
        return False
    given_minor = (asked.before.minor - asked.wanted.minor) * line.quantity.count
    return given_minor <= turn.rules.price_ceilings.get(role, 0)


def decided(session: Session, turn: Turn, *, granted: bool, staff: str, role: str, order: str = "") -> Decision:
    """The line has the price that was asked for, or keeps its own; the books tell who said so."""
    asked = session.price_asked
    if asked is None:
        return session, ()
    body: dict[str, Json] = {
        "sale_id": session.sale_id,
        "staff": staff,
        "role": role,
        "reason": KIND,
        "bound_to": bound_to(session),
        "line_id": asked.line_id,
        "from_minor": asked.before.minor,
        "to_minor": asked.wanted.minor,
        "currency": asked.before.currency,
        **({"order": order} if order else {}),
    }
    kind = Kind.APPROVAL_GRANTED if granted else Kind.APPROVAL_REFUSED
    recorded = Record((fact(kind, session.sale_id, body, turn),))
    left = replace(session, step="basket", staff=None, price_asked=None, pending_item=None, help_called=False)
    if granted:
        # Undo must not lead back behind what was given, nor to it in another basket.
        left = replace(_at_new_price(left, asked, turn), history=())
    key, tone = ("notice.price-changed", Tone.GOOD) if granted else ("notice.price-stays", Tone.PLAIN)
    after, effects = noted(left, key, tone=tone)
    return after, (recorded, CallStaff(""), *effects, *keep_draft(after))


def _at_new_price(session: Session, asked: PriceAsked, turn: Turn) -> Session:
    lines = tuple(
        replace(
            line,
            item=replace(
                line.item,
                price=asked.wanted,
                member_price=None,
                price_version=f"{line.item.price_version}/staff",
            ),
        )
        if line.line_id == asked.line_id
        else line
        for line in session.basket.lines
    )
    return repriced(session, replace(session.basket, lines=lines), turn)
