"""Sample sessions of an account look-up: each of its screens at its fullest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from kiosk.domain.account import Balance, Coupon, DueBill, Holder, IdentifiedBy, Movement, Overview
from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money
from kiosk.services.account_lookup.view import AccountView, Change, StatementCodes
from kiosk.services.checkout.session import Session

_TEXTS = ("Stadtwerke Hofheim, Strom", "Hofmarkt, Marktstraße 1", "Gehalt", "Miete November", "Bäckerei Lind")
_BILLS = (("Stadtwerke Hofheim", 6490, True), ("Finanzamt Musterstadt", 118_200, False))
OVERVIEW = Overview(
    "Lena Hartwig",
    (
        Balance("current", "DE89370400440532013000", Money(184_250, "EUR"), Money(284_250, "EUR")),
        Balance("savings", "DE44500105175407324931", Money(1_250_000, "EUR")),
        Balance("credit", "9276100000014", Money(-21_480, "EUR")),
    ),
    tuple(
        Movement(date(2026, 11, 20) - timedelta(days=at), _TEXTS[at % 5], Money(-1_999 - 370 * at, "EUR"))
        for at in range(14)
    ),
    tuple(
        DueBill(
            Bill("epc", f"DE{at}", "EUR", payee=payee, amount=Money(minor, "EUR"), due=date(2026, 11, 20)),
            is_overdue=late,
        )
        for at, (payee, minor, late) in enumerate(_BILLS)
    ),
    1860,
    (Coupon("CPN-COFFEE150", "1.50 € off coffee", date(2026, 12, 24)), Coupon("CPN-2", "10 % off from 20 €")),
    "2026-11-22T09:30:00+01:00",
)
_TEXT = "Current account ••••3000: 1,842.50 €\n" + "20 Nov 2026 Stadtwerke Hofheim, Strom -19.99 €\n" * 12


def account_sessions(empty: Session, no_paper: Session) -> dict[str, Session]:
    """Each screen by a short name; `empty` is a terminal that nobody is at, `no_paper` one without paper."""
    holder = Holder(IdentifiedBy.ACCOUNT, "4071886520")
    started = AccountView("visit")
    known = AccountView("visit", holder)
    opened = AccountView(
        "visit",
        holder,
        overview=OVERVIEW,
        is_live=True,
        ticket="t",
        lengths=(1, 3, 6),
        months=3,
        may_shop=True,
        may_pay=True,
    )
    shown = replace(opened, shows=True)

    def at(step: str, view: AccountView, session: Session = empty) -> Session:
        return replace(session, step=step, account=view)

    codes = StatementCodes((_TEXT, _TEXT), 48, 90, 0)
    return {
        "account-start": at("account-start", started),
        "account-number": at("account-number", started),
        "account-number-phone": at("account-number", replace(started, typing=IdentifiedBy.PHONE)),
        "account-pin": at("account-pin", known),
        "account-pin-busy": at("account-pin", replace(known, busy="verifying")),
        "account-consent": at("account-consent", replace(known, mark="m")),
        "account": at("account", opened),
        "account-shown": at("account", shown),
        "account-copy": at("account", replace(shown, is_live=False)),
        "account-movements": at("account-movements", shown),
        "account-movements-hidden": at("account-movements", opened),
        "account-statement": at("account-statement", opened),
        "account-statement-busy": at("account-statement", replace(opened, busy="printing")),
        "account-statement-no-paper": at("account-statement", replace(opened, is_live=False), no_paper),
        "account-qr": at("account-qr", replace(opened, codes=codes)),
        "account-qr-last": at("account-qr", replace(opened, codes=replace(codes, at=1))),
        "account-change": at("account-change", opened),
        "account-code": at("account-code", replace(opened, change=Change("phone"), code_went_to="+49 170 ••••23")),
        "account-code-wrong": at("account-code", replace(opened, change=Change("phone"), code_refused=True)),
        "account-change-entry": at("account-change-entry", replace(opened, change=Change("address"))),
        "account-change-phone": at("account-change-entry", replace(opened, change=Change("phone"))),
        "account-change-check": at(
            "account-change-check", replace(opened, change=Change("address", "LINDENALLEE 112 65719 HOFHEIM AM TAUNUS"))
        ),
        "account-problem-no-match": at("account-problem", replace(known, problem="no-match", tries_left=2)),
        "account-problem-locked": at("account-problem", replace(known, problem="locked", locked_for_s=840)),
        **{
            f"account-problem-{one}": at("account-problem", replace(known, problem=one))
            for one in ("away", "not-available", "not-offered", "ended", "payment-card", "unknown-card")
        },
        **{
            f"account-problem-{one}": at("account-problem", replace(known, problem=one))
            for one in ("not-readable", "removed-early")
        },
        **{
            f"account-problem-{one}": at("account-problem", replace(opened, problem=one))
            for one in ("needs-live", "no-code")
        },
    }
