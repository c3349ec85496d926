"""Looking up an account, decided: who is there, every way out, what needs the live account, and who is told what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from account_hall import CHIP, Hall, at_pin, copied, opened, verified
from till import COUPON

from kiosk.domain.account import Holder, IdentifiedBy
from kiosk.domain.facts import Kind
from kiosk.ports import CardGone, CardRefused, CardShown, Health, HealthState, PrintOutcome
from kiosk.services.account_lookup import effects as ask
from kiosk.services.account_lookup import events as told
from kiosk.services.account_lookup.journey import STEP_NAMES, STEPS
from kiosk.services.account_lookup.view import Change, StatementCodes
from kiosk.services.checkout.effects import ForgetCustomer, SaveDraft, StartTimer
from kiosk.services.checkout.events import (
    Back,
    BooksFailed,
    DeviceChanged,
    GoOn,
    LanguageChosen,
    OverlayOpened,
    TimerRang,
)
from kiosk.services.home import ServiceChosen
from tests.e2e.account_bank import MOVEMENTS, OVERVIEW

# --- who is there ---


def test_a_number_is_typed_and_nobody_is_told_whether_it_exists() -> None:
    hall = at_pin(Hall())
    assert hall.step == "account-pin"
    assert hall.view.holder == Holder(IdentifiedBy.ACCOUNT, "40012345")
    assert not hall.asked_for(ask.VerifyHolder)


@pytest.mark.parametrize("number", ["", "12", "1" * 35, "40<b>1", "٤٠٠١٢٣٤٥", "4001\x002345"])
def test_what_can_be_no_number_is_asked_for_again(number: str) -> None:
    hall = Hall().tell(ServiceChosen("account"), told.NumberWanted(IdentifiedBy.ACCOUNT), told.NumberTyped(number))
    assert hall.step == "account-number"
    assert hall.session.notice.key == "notice.account-number"  # type: ignore[union-attr]


def test_the_bar_code_of_a_card_is_the_card_s_number_without_its_prefix() -> None:
    hall = Hall().scan("ACC-9276100000014")
    assert hall.step == "account-pin"
    assert hall.view.holder == Holder(IdentifiedBy.CARD, "9276100000014", "bar-code")


@pytest.mark.parametrize("event", [CardShown(CHIP), "ACC-9276100000014"])
def test_a_terminal_without_accounts_has_a_kind_word_for_a_card(event: object) -> None:
    hall = Hall("shop")
    hall = hall.scan(event) if isinstance(event, str) else hall.tell(told.CardSeen(event))  # type: ignore[arg-type]
    assert (hall.step, hall.session.notice.key) == ("attract", "notice.account-not-here")  # type: ignore[union-attr]
    assert hall.session.account is None


def test_a_payment_card_is_sent_to_the_card_terminal() -> None:
    home = Hall().tell(told.CardSeen(CardRefused("payment-card")))
    assert (home.step, home.session.notice.key) == ("attract", "notice.account-payment-card")  # type: ignore[union-attr]
    asked = Hall().tell(ServiceChosen("account"), told.CardSeen(CardRefused("payment-card")))
    assert (asked.step, asked.view.problem) == ("account-problem", "payment-card")
    assert asked.tell(told.CardSeen(CardShown(CHIP))).step == "account-pin"


@pytest.mark.parametrize("reason", ["unknown-card", "not-readable", "removed-early", "something-new"])
def test_a_card_that_cannot_be_used_leaves_a_number_to_type(reason: str) -> None:
    hall = Hall().tell(ServiceChosen("account"), told.CardSeen(CardRefused(reason)))
    assert hall.step == "account-problem"
    assert hall.view.problem == (reason if reason != "something-new" else "not-readable")
    assert hall.tell(told.NumberWanted(IdentifiedBy.PHONE)).step == "account-number"


# --- the PIN ---


@pytest.mark.parametrize("pin", ["", "123", "1" * 13, "12a4", "١٢٣٤"])
def test_what_can_be_no_pin_costs_no_try(pin: str) -> None:
    hall = at_pin(Hall()).tell(told.AccountPinTyped(pin))
    assert not hall.asked_for(ask.VerifyHolder)


def test_a_pin_is_in_nothing_that_is_kept_or_written_down() -> None:
    hall = at_pin(Hall()).tell(told.AccountPinTyped("2580"))
    assert hall.last(ask.VerifyHolder).pin == "2580"
    written = [repr(told.AccountPinTyped("2580")), repr(hall.session), *map(repr, hall.asked)]
    assert not any("2580" in text for text in written)
    assert "2580" not in str([getattr(hall.view, each.name) for each in fields(hall.view)])


def test_a_second_pin_waits_for_the_answer_to_the_first() -> None:
    hall = at_pin(Hall()).tell(told.AccountPinTyped("2580"), told.AccountPinTyped("2581"))
    assert sum(isinstance(effect, ask.VerifyHolder) for effect in hall.asked) == 1


def test_a_refusal_says_how_many_tries_are_left_and_leads_to_the_pin_again() -> None:
    hall = at_pin(Hall()).tell(told.AccountPinTyped("1111"))
    hall.tell(told.AccountDenied(hall.view.visit, "no-match", 2))
    assert (hall.step, hall.view.tries_left) == ("account-problem", 2)
    assert hall.tell(GoOn()).step == "account-pin"
    assert hall.view.holder is not None


def test_a_lock_leads_nowhere_but_out() -> None:
    hall = at_pin(Hall()).tell(told.AccountPinTyped("1111"))
    hall.tell(told.AccountDenied(hall.view.visit, "locked", locked_for_s=900))
    assert (hall.step, hall.view.problem, hall.view.locked_for_s) == ("account-problem", "locked", 900)
    assert hall.tell(told.AccountLeft()).step == "attract"


def test_an_answer_for_who_has_left_gives_the_ticket_back() -> None:
    hall = at_pin(Hall()).tell(told.AccountPinTyped("2580"))
    visit = hall.view.visit
    hall.tell(told.AccountLeft(), told.HolderVerified(visit, "mark-1", "ticket-1"))
    assert hall.session.account is None
    assert hall.last(ask.LeaveAccount).ticket == "ticket-1"


def test_an_answer_to_one_holder_never_opens_the_account_for_the_next() -> None:
    hall = at_pin(Hall()).tell(told.AccountPinTyped("2580"))
    visit = hall.view.visit
    at_pin(hall.tell(told.AccountLeft())).tell(told.AccountPinTyped("1111"))
    hall.tell(told.HolderVerified(visit, "mark-1", "ticket-1"), told.OverviewFound(visit, OVERVIEW, is_live=True))
    assert (hall.step, hall.view.overview) == ("account-pin", None)
    assert hall.last(ask.LeaveAccount).ticket == "ticket-1"


# --- the consent ---


def test_the_text_comes_first_where_this_version_was_not_agreed_to() -> None:
    hall = verified(at_pin(Hall(consent="2026-11")), consent="2025-01")
    assert hall.step == "account-consent"
    assert not hall.asked_for(ask.FetchOverview)
    hall.tell(told.ConsentGiven())
    fact = hall.facts()[-1]
    assert (fact.kind, fact.subject) == (Kind.CONSENT_GIVEN, "account:mark-1")
    assert fact.body == {"version": "2026-11", "language": "en"}
    assert hall.tell(told.OverviewFound(hall.view.visit, OVERVIEW, is_live=True)).step == "account"


def test_who_agreed_already_is_not_asked_again() -> None:
    assert verified(at_pin(Hall(consent="2026-11")), consent="2026-11").asked_for(ask.FetchOverview)


def test_who_does_not_agree_leaves_and_has_seen_nothing() -> None:
    hall = verified(at_pin(Hall(consent="2026-11"))).tell(told.AccountLeft())
    assert hall.step == "attract"
    assert not hall.asked_for(ask.FetchOverview)
    assert Kind.CONSENT_GIVEN not in [fact.kind for fact in hall.facts()]


# --- every way out ---


def idles(hall: Hall) -> None:
    hall.tell(TimerRang("idle"), *(TimerRang("countdown") for _ in range(20)))


def takes_the_card_out(hall: Hall) -> None:
    hall.tell(told.CardSeen(CardGone()))


def ends(hall: Hall) -> None:
    hall.tell(told.AccountLeft())


def badge(hall: Hall) -> None:
    hall.scan("STF-100")


def books(hall: Hall) -> None:
    hall.tell(BooksFailed("books"))


def reader_lost(hall: Hall) -> None:
    hall.tell(DeviceChanged("card", Health(HealthState.FAULT, "line-lost")))


WAYS_OUT = {idles: "attract", takes_the_card_out: "attract", ends: "attract", badge: "staff-login"} | {
    books: "out-of-service",
    reader_lost: "attract",
}


def everywhere() -> Iterator[tuple[str, Hall]]:
    """A hall at each step of the service, with a card in the reader and everything of the holder's in it."""
    for step in STEPS:
        hall = opened(card=CHIP)
        view = replace(
            hall.view,
            shows=True,
            stepped_up=True,
            change=Change("address", "MARK"),
            codes=StatementCodes(("MARK",), 1, 1),
            busy="",
        )
        hall.session = replace(hall.session, step=step.name, account=view)
        yield step.name, hall


@pytest.mark.parametrize("leave", WAYS_OUT)
def test_every_way_out_of_every_step_forgets_everything_and_gives_the_ticket_back(leave: Any) -> None:
    for step, hall in everywhere():
        hall.asked.clear()
        leave(hall)
        assert (hall.session.account, hall.step) == (None, WAYS_OUT[leave]), step
        assert hall.asked_for(ForgetCustomer), step
        assert hall.last(ask.LeaveAccount).ticket == "ticket-1", step
        assert "MARK" not in repr(hall.session), step


def test_leaving_is_on_every_screen_and_every_screen_waits_no_longer_than_it_says() -> None:
    for step, hall in everywhere():
        assert told.AccountLeft in next(one for one in STEPS if one.name == step).ways
        hall.tell(OverlayOpened("help"))
        seconds = hall.last(StartTimer).delay_ms / 1_000
        assert seconds in (30, 60), step
    assert opened().last(StartTimer).delay_ms == 30_000


def test_nothing_of_an_account_is_in_what_is_kept_across_a_power_cut() -> None:
    hall = opened(Hall("both")).tell(told.AmountsShown(on=True), LanguageChosen("de"))
    hall.session = replace(hall.session, account=replace(hall.view, overview=COUPON_HELD))
    hall.tell(told.CouponChosen(0), LanguageChosen("en"))
    drafts = [effect for effect in hall.asked if isinstance(effect, SaveDraft)]
    assert drafts
    for draft in drafts:
        assert draft.body.keys() == {"sale_id", "language", "basket"}
        assert OVERVIEW.name not in repr(draft)


def test_a_card_on_the_table_keeps_the_basket_that_was_there_before() -> None:
    hall = opened(Hall("both"))
    hall.session = replace(hall.session, account=replace(hall.view, overview=COUPON_HELD))
    hall.tell(told.CouponChosen(0), told.AccountLeft())
    assert (hall.step, hall.session.account, hall.session.basket.coupons) == ("basket", None, (COUPON.code,))


def test_the_next_holder_s_card_does_not_wait_for_a_farewell_to_end() -> None:
    hall = Hall()
    hall.session = replace(hall.session, step="thanks", language="de")
    assert hall.tell(told.CardSeen(CardShown(CHIP))).step == "account-pin"
    assert hall.session.language == "en"


def test_in_the_middle_of_a_payment_a_card_has_to_wait() -> None:
    hall = Hall()
    hall.session = replace(hall.session, step="pay")
    hall.tell(told.CardSeen(CardShown(CHIP)))
    assert (hall.step, hall.session.notice.key) == ("pay", "notice.account-later")  # type: ignore[union-attr]
    assert hall.tell(told.CardSeen(CardGone())).step == "pay"


def test_another_card_does_not_push_the_first_aside() -> None:
    hall = opened(card=CHIP).tell(told.CardSeen(CardShown(Holder(IdentifiedBy.CARD, "2"))))
    assert (hall.step, hall.session.notice.key) == ("account", "notice.account-open")  # type: ignore[union-attr]


def test_a_card_that_was_only_swiped_may_be_put_away() -> None:
    assert opened(Hall().scan("ACC-9276100000014")).tell(told.CardSeen(CardGone())).step == "account"


# --- what is on it ---

COUPON_HELD = replace(OVERVIEW, coupons=(replace(OVERVIEW.coupons[0], code=COUPON.code),))


def test_a_coupon_stays_on_the_account_where_there_is_no_checkout() -> None:
    hall = opened()
    hall.session = replace(hall.session, account=replace(hall.view, overview=COUPON_HELD))
    assert hall.tell(told.CouponChosen(0)).session.basket.coupons == ()


def test_a_coupon_that_this_store_does_not_know_is_put_off_with_a_word() -> None:
    hall = opened(Hall("both")).tell(told.CouponChosen(0))
    assert (hall.session.basket.coupons, hall.session.notice.key) == ((), "problem.coupon-unknown")  # type: ignore[union-attr]


def test_a_due_bill_is_paid_as_if_its_code_were_scanned_and_the_account_closes_before() -> None:
    hall = opened().tell(told.DueBillChosen(0))
    assert hall.step == "bill-asking"
    assert hall.session.bill.bill == OVERVIEW.due_bills[0].bill  # type: ignore[union-attr]
    assert hall.session.account is None
    assert hall.last(ask.LeaveAccount).ticket == "ticket-1"
    assert opened().tell(told.DueBillChosen(7)).step == "account"


def test_where_no_bills_are_taken_none_can_be_chosen() -> None:
    assert opened(Hall("both")).tell(told.DueBillChosen(0)).step == "account"


def test_a_copy_says_so_and_gives_its_movements_but_changes_nothing() -> None:
    hall = copied()
    assert (hall.step, hall.view.is_live) == ("account", False)
    assert hall.tell(told.PartOpened("change")).view.problem == "needs-live"
    assert hall.tell(GoOn()).step == "account"
    hall.tell(told.PartOpened("statement"), told.StatementWanted("paper"))
    made = hall.last(ask.MakeStatement)
    assert (made.ticket, made.overview.movements) == ("", MOVEMENTS)


def test_a_statement_is_printed_or_it_is_said_that_nobody_knows() -> None:
    hall = opened().tell(told.PartOpened("statement"), told.MonthsChosen(3), told.StatementWanted("paper"))
    assert hall.last(ask.MakeStatement).months == 3
    hall.tell(told.StatementPrinted(hall.view.visit, PrintOutcome.UNKNOWN, "line-lost"))
    assert (hall.step, hall.session.notice.key) == ("account-statement", "notice.account-print-unknown")  # type: ignore[union-attr]
    hall.tell(told.StatementWanted("paper"), told.StatementPrinted(hall.view.visit, PrintOutcome.PRINTED, count=12))
    assert (hall.step, hall.session.notice.key) == ("account", "notice.account-printed")  # type: ignore[union-attr]


def test_who_leaves_while_the_statement_prints_is_told_to_wait_for_it() -> None:
    hall = opened().tell(told.PartOpened("statement"), told.StatementWanted("paper"), told.AccountLeft())
    assert (hall.step, hall.session.notice.key) == ("attract", "notice.account-take-paper")  # type: ignore[union-attr]
    hall.tell(told.StatementPrinted("id", PrintOutcome.PRINTED, count=1))
    assert hall.step == "attract"


def test_without_paper_the_code_is_what_is_offered() -> None:
    hall = opened().tell(DeviceChanged("printer", Health(HealthState.FAULT, "paper-out")), told.PartOpened("statement"))
    assert hall.tell(told.StatementWanted("paper")).session.notice.key == "notice.account-no-paper"  # type: ignore[union-attr]
    hall.tell(told.StatementWanted("qr"), told.CodesReady(hall.view.visit, StatementCodes(("a", "b"), 2, 2)))
    assert hall.tell(told.CodeTurned(1), told.CodeTurned(1)).view.codes.at == 1
    assert hall.tell(told.CodeTurned(-5)).view.codes.at == 0


# --- a change ---


def test_a_change_asks_for_a_code_first_and_keeps_nothing_that_was_typed() -> None:
    hall = opened().tell(told.PartOpened("change"), told.ChangeChosen("address"))
    assert hall.step == "account-code"
    hall.tell(told.ChangeTyped("Somewhere 1 10115 Berlin"), GoOn())
    assert not hall.asked_for(ask.AskForChange)
    hall.tell(told.CodeSent(hall.view.visit, "app"), told.CodeTyped("000000"))
    hall.tell(told.AccountDenied(hall.view.visit, "wrong-code"))
    assert (hall.step, hall.view.code_refused) == ("account-code", True)
    hall.tell(told.CodeTyped("424242"), told.SteppedUp(hall.view.visit))
    hall.tell(told.ChangeTyped("  Somewhere\x00 1\n10115  Berlin "))
    assert (hall.step, hall.view.change.wanted) == ("account-change-check", "Somewhere 110115 Berlin")
    assert hall.tell(Back()).step == "account-change-entry"
    hall.tell(told.ChangeTyped("Somewhere 1 10115 Berlin"), GoOn())
    asked = hall.last(ask.AskForChange)
    assert (asked.what, asked.wanted) == ("address", "Somewhere 1 10115 Berlin")
    hall.tell(told.ChangeTaken(hall.view.visit))
    assert (hall.step, hall.view.change) == ("account", Change())
    assert hall.tell(told.PartOpened("change"), told.ChangeChosen("phone")).step == "account-change-entry"


@pytest.mark.parametrize("text", ["", "1234", "abc", "٠٣٠١٢٣٤٥٦", "+49 30 <b>"])
def test_what_can_be_no_telephone_number_is_asked_for_again(text: str) -> None:
    hall = opened().tell(
        told.PartOpened("change"), told.ChangeChosen("phone"), told.CodeSent(opened().view.visit, "app")
    )
    hall.session = replace(
        hall.session, step="account-change-entry", account=replace(hall.view, stepped_up=True, busy="")
    )
    assert hall.tell(told.ChangeTyped(text)).step == "account-change-entry"


def test_an_account_without_codes_changes_nothing_here() -> None:
    hall = at_pin(Hall()).tell(told.AccountPinTyped("2580"))
    hall.tell(
        told.HolderVerified(hall.view.visit, "m", "t"), told.OverviewFound(hall.view.visit, OVERVIEW, is_live=True)
    )
    assert hall.tell(told.PartOpened("change")).view.problem == "no-code"


def test_what_the_office_does_not_take_leads_back_to_the_account() -> None:
    hall = opened().tell(told.PartOpened("statement"), told.StatementWanted("qr"))
    hall.tell(told.AccountDenied(hall.view.visit, "not-offered"))
    assert (hall.step, hall.tell(GoOn()).step) == ("account-problem", "account")


def test_codes_that_were_wrong_too_often_close_what_was_open() -> None:
    hall = opened().tell(told.PartOpened("change"), told.ChangeChosen("phone"))
    hall.tell(told.CodeSent(hall.view.visit, "app"), told.CodeTyped("000000"))
    hall.tell(told.AccountDenied(hall.view.visit, "locked"))
    assert hall.step == "account-problem"
    assert hall.tell(GoOn()).step == "account-start"
    assert hall.last(ask.LeaveAccount).ticket == "ticket-1"


def test_a_visit_that_the_office_ended_can_only_begin_anew() -> None:
    hall = opened().tell(told.PartOpened("statement"), told.StatementWanted("qr"))
    hall.tell(told.AccountDenied(hall.view.visit, "ended"))
    assert (hall.step, hall.view.problem) == ("account-problem", "ended")
    assert hall.tell(GoOn()).step == "account-start"
    assert hall.view.overview is None


def test_the_steps_of_the_service_are_where_an_account_may_be_open() -> None:
    assert {step.name for step in STEPS} == STEP_NAMES
