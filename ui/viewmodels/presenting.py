"""Turns a checkout's session into what the screens show: names of screens, ready words, numbers. It draws; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kiosk.domain.forms import FormBook, said
from kiosk.domain.money import Money
from kiosk.services import home
from kiosk.services.checkout.price_asking import price_words
from kiosk.services.checkout.session import Session
from kiosk.services.visit import VISIT
from kiosk.services.words import Words
from ui.viewmodels.account import AccountPresenter
from ui.viewmodels.bill_presenting import BillPresenter
from ui.viewmodels.codes import qr_rows
from ui.viewmodels.form import FormPresenter
from ui.viewmodels.lines import LinesPresenter, unbroken
from ui.viewmodels.refund import RefundPresenter, refund_words
from ui.viewmodels.rows import TileRow, TopicRow
from ui.viewmodels.till import Till
from ui.viewmodels.words import WordsBridge

# Why entries wait, in as few words as staff need; every other reason wants a technician.
_LINE_WORDS = {
    "": "sending",
    "offline": "offline",
    "cut": "offline",
    "timeout": "slow",
    "gap": "sending",
    "busy": "busy",
    "unavailable": "busy",
}
_ICONS = {
    home.BILLS: "bill",
    home.ACCOUNT: "account",
    home.REFUND: "refund",
    "form:ticket": "ticket",
    "form:appointment": "calendar",
    "form:after-sales": "tool",
}
_MARKS = ("scan", "pay", "receipt")
# The help topics, those for what shoppers ask most first; a step's own topic goes before them.
_TOPICS = ("scanning", "without-code", "remove", "coupons", "deposit", "age", "paying", "receipt")


class Presenter:
    """Shows sessions in `till`. `terminal` is the lane's name on the screen; `unclear_wait_s` how long clearing up a payment may take,
    `offered` the services of the terminal's profile, `forms` those that the site defined."""

    def __init__(
        self,
        till: Till,
        bridge: WordsBridge,
        *,
        terminal: str,
        currency: str,
        unclear_wait_s: int = 120,
        offered: Callable[[Session], Sequence[str]] = lambda _: (home.CHECKOUT,),
        refund_reasons: tuple[str, ...] = (),
        forms: Callable[[], FormBook] = FormBook,
    ) -> None:
        self._till = till
        self._bridge = bridge
        self._words: Words = bridge.words
        self._terminal = terminal
        self._currency = currency
        self._unclear_wait_s = unclear_wait_s
        self._offered = offered
        self._forms = forms
        self._lines = LinesPresenter(till.basket, self._words)
        self._services = (
            BillPresenter(till.bill, self._words),
            AccountPresenter(till.account, self._words),
            RefundPresenter(till.refund, self._words, refund_reasons),
            FormPresenter(till.form, self._words),
        )
        self._told: tuple[str, str] = ("", "")

    def show(self, session: Session) -> None:
        """Show `session`; on the thread that draws."""
        self._bridge.switch(session.language)
        easier = session.easier
        self._till.modes.show(
            largeText=easier.large_text,
            lowReach=easier.low_reach,
            highContrast=easier.high_contrast,
            reducedMotion=easier.reduced_motion,
            speech=easier.speech,
            steadyTouch=easier.steady_touch,
        )
        self._lines.show(session)
        self._show_picker(session)
        self._show_topics(session)
        self._show_services(session)
        for service in self._services:
            service.show(session)
        self._till.show(
            **self._shell(session), **self._problem(session), **self._payment(session), **self._rest(session)
        )

    def _shell(self, session: Session) -> Mapping[str, Any]:
        step = VISIT.step(session.step)
        notice = session.notice
        return {
            "screen": step.screen,
            "step": _MARKS.index(step.progress) + 1 if step.progress in _MARKS else 0,
            "overlay": session.overlay,
            "terminalName": self._terminal_name(session),
            "terminalState": "help" if session.help_called else "ready" if session.devices.can_charge else "attention",
            "countdownS": -1 if session.countdown_s is None else session.countdown_s,
            "staffCalled": session.help_called,
            "notice": self._notice(notice.key, notice.params) if notice else "",
            "noticeTone": notice.tone.value if notice else "plain",
        }

    def _terminal_name(self, session: Session) -> str:
        name = self._words("name.terminal", number=self._terminal)
        return f"{name} · {self._words('name.offline')}" if session.line.reason else name

    def _notice(self, key: str, params: Mapping[str, Any]) -> str:
        return self._words(key, **params)

    def _problem(self, session: Session) -> Mapping[str, Any]:
        title, text = self._problem_words(session)
        return {"problem": session.problem, "problemTitle": title, "problemText": text}

    def _problem_words(self, session: Session) -> tuple[str, str]:
        words, problem = self._words, session.problem
        item = str(session.problem_params.get("item", ""))
        match session.step:
            case "unknown-code":
                return "", self._known(f"problem.{problem}")
            case "refused":
                return "", words(
                    "screen.refused.expired" if problem == "expired" else "screen.refused.recalled", item=item
                )
            case "age-check":
                return "", words("screen.age-check.why", age=session.basket.minimum_age)
            case "price-check" if session.price_asked:
                return "", words("screen.price-check.why", **price_words(session.price_asked))
            case "staff-menu":
                return "", self._staff_words(session, item)
            case "pay-problem":
                title = self._known(f"screen.pay-problem.{problem}.title") or words("screen.pay-problem.title")
                return title, self._known(f"screen.pay-problem.{problem}.hint")
            case "out-of-service":
                return "", self._known(f"screen.out-of-service.{problem}")
            case "receipt-choice" if session.receipt and session.receipt.problem:
                return "", words("screen.printing.uncertain" if session.receipt.is_copy else "problem.printer")
        return "", ""

    def _staff_words(self, session: Session, item: str) -> str:
        books = self._words(session.books.key, **session.books.params) if session.books else ""
        parts = (self._staff_purpose(session, item), session.message, books, self._waiting(session))
        return "\n".join(unbroken(part) for part in parts if part)

    def _waiting(self, session: Session) -> str:
        line = session.line
        if not line.pending:
            return ""
        since = self._words.time(datetime.fromisoformat(line.oldest_at)) if line.oldest_at else ""
        reason = self._words(f"line.{_LINE_WORDS.get(line.reason, 'stopped')}")
        return self._words("screen.staff-menu.waiting", count=line.pending, since=since, reason=reason)

    def _staff_purpose(self, session: Session, item: str) -> str:
        purpose = session.staff.purpose if session.staff else ""
        if purpose == "refund" and session.refund:
            return self._words("screen.staff-menu.refund", **refund_words(session.refund, self._words))
        if purpose == "price" and session.price_asked:
            return self._words("screen.staff-menu.price", **price_words(session.price_asked))
        if purpose == "age":
            return self._words("screen.staff-menu.age", age=session.basket.minimum_age)
        return (
            self._words("screen.staff-menu.refused", item=item)
            if purpose == "refused"
            else self._words("screen.staff-menu.service")
        )

    def _known(self, key: str) -> str:
        return self._words(key) if self._words.has(key) else ""

    def _payment(self, session: Session) -> Mapping[str, Any]:
        payment, words = session.payment, self._words
        if payment is None:
            return {"toPay": "", "message": "", "instruction": "", "waiting": "", "cancelling": False}
        at_card = payment.message == "insert-card"
        said = words("screen.pay.ready") if at_card else self._known(f"terminal.{payment.message}")
        return {
            "toPay": words.money(Money(payment.amount_minor, self._currency)),
            "message": payment.message,
            "instruction": words("screen.pay.cancelling") if payment.cancelling else said or words("screen.pay.wait"),
            "waiting": words("screen.pay.waiting") if at_card else "",
            "cancelling": payment.cancelling,
        }

    def _rest(self, session: Session) -> Mapping[str, Any]:
        item, staff = session.pending_item, session.staff
        receipt = session.receipt if session.step == "receipt-qr" else None
        code = session.held_code or (receipt.qr_link or receipt.qr_text if receipt else "")
        return {
            "subject": unbroken(item.name(session.language)) if item else "",
            "picture": item.picture if item else "",
            "sells": home.CHECKOUT in self._offered(session),
            "takesBills": home.BILLS in self._offered(session),
            "canPrint": session.devices.can_print,
            "canCharge": session.devices.can_charge,
            "paymentOpen": session.payment_unresolved,
            "waitS": self._unclear_wait_s,
            "qrRows": list(qr_rows(code)),
            "heldCode": session.held_code,
            "staffName": staff.staff if staff else "",
            "staffPurpose": staff.purpose if staff else "",
            "staffStage": "checking" if staff and staff.checking else "pin" if staff else "",
            "staffRefusal": self._known(f"problem.{staff.refusal}") if staff and staff.refusal else "",
        }

    def _show_picker(self, session: Session) -> None:
        picker, words = session.picker, self._words
        categories = [
            TileRow(
                "",
                words("screen.picker.popular"),
                picture="strawberry",
                chosen=not picker.category and not picker.query,
            )
        ] + [
            TileRow(one.code, one.name(words.code), picture=one.picture, chosen=one.code == picker.category)
            for one in picker.categories
            if one.on_touch
        ]
        articles = [
            TileRow(str(at), unbroken(item.name(words.code)), words.money(item.price), item.picture)
            for at, item in enumerate(picker.items)
        ]
        self._till.picker.show_choice(categories if picker.categories else [], articles, picker.items)

    def _show_services(self, session: Session) -> None:
        offered = self._offered(session)
        self._till.services.replace([self._tile(service) for service in offered if service != home.CHECKOUT])

    def _tile(self, service: str) -> TileRow:
        form = self._forms().forms.get(service.removeprefix(home.FORM)) if service.startswith(home.FORM) else None
        if form is not None:
            return TileRow(service, unbroken(said(form.title, self._words.code)), picture=form.icon or "help")
        return TileRow(
            service, self._words(f"service.{service.replace(':', '-')}"), picture=_ICONS.get(service, "help")
        )

    def _show_topics(self, session: Session) -> None:
        told = (self._words.code, VISIT.step(session.step).help)
        if told == self._told:
            return
        self._told = told
        order = dict.fromkeys((told[1], *_TOPICS) if told[1] else _TOPICS)
        self._till.topics.replace(
            [
                TopicRow(
                    topic,
                    self._words(f"screen.help.topic.{topic}.question"),
                    self._words(f"screen.help.topic.{topic}.answer"),
                )
                for topic in order
            ]
        )
