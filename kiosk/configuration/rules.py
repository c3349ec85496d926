"""The site's settings as the rules that the domain decides by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from kiosk.configuration.card_settings import card_layout
from kiosk.configuration.schema import Configuration, SiteSettings, restricted_template
from kiosk.domain.bills.offline_policy import OfflineRules
from kiosk.domain.bills.reading import BillRules
from kiosk.domain.bills.template import BillTemplate
from kiosk.domain.cards.layout import CardLayout
from kiosk.domain.money import RoundingMode
from kiosk.domain.pricing import PriceRules
from kiosk.domain.promotion import Promotion
from kiosk.domain.resolver import ScanRules
from kiosk.domain.tax import TaxClass, TaxRules
from kiosk.services.account_lookup.tries import Locking
from kiosk.services.account_lookup.view import AccountRules
from kiosk.services.bill_payment.rules import BillPayRules
from kiosk.services.receipt_paper import Shop
from kiosk.services.receipts import ReceiptRules


def tax_rules(site: SiteSettings) -> TaxRules:
    """How the site taxes."""
    return TaxRules(
        classes={code: TaxClass(code, rate_bp) for code, rate_bp in site.tax.items()},
        prices_include_tax=site.prices_include_tax,
        round_per_line=site.rounding.tax_per == "line",
        mode=RoundingMode(site.rounding.mode),
        tax_deposits=site.tax_deposits,
    )


def price_rules(site: SiteSettings, promotions: Iterable[Promotion] = ()) -> PriceRules:
    """How the site prices, with the promotions of the day's catalogue. Raises PromotionError where two share an id."""
    return PriceRules(
        tax=tax_rules(site),
        currency=site.currency,
        promotions=tuple(promotions),
        mode=RoundingMode(site.rounding.mode),
        total_step=site.rounding.total_step_minor,
        never_reduced=frozenset(site.never_reduced),
    )


def scan_rules(site: SiteSettings, today: date) -> ScanRules:
    """How the site reads codes; by `today` the dates in them are read that leave out the century, or begin to count anew."""
    scan = site.scan
    return ScanRules(
        coupon_prefixes=scan.coupon_prefixes,
        member_prefixes=scan.member_prefixes,
        account_prefixes=scan.account_prefixes,
        voucher_prefixes=scan.voucher_prefixes,
        deposit_prefixes=scan.deposit_prefixes,
        staff_prefixes=scan.staff_prefixes,
        held_prefixes=scan.held_prefixes,
        receipt_prefixes=scan.receipt_prefixes,
        restricted=tuple(restricted_template(template) for template in scan.restricted),
        currency=site.currency,
        today=today,
        bills=bill_rules(site),
    )


def card_layouts(configuration: Configuration) -> tuple[CardLayout, ...]:
    """How the site's own cards are read, in its order."""
    return tuple(card_layout(each) for each in configuration.cards.layouts)


def bill_pay_rules(site: SiteSettings) -> BillPayRules:
    """What the site decides about paying bills."""
    bills, offline = site.bills, site.bills.offline
    return BillPayRules(
        mixed=bills.mixed,
        limit_minor=bills.limit_minor,
        fee_minor=bills.fee_minor,
        fees_minor=dict(bills.fees_minor),
        billers=dict(bills.billers),
        offline=OfflineRules(
            enabled=offline.enabled,
            amount_minor=offline.amount_max_minor,
            count=offline.count_max,
            total_minor=offline.total_max_minor,
            oldest=timedelta(hours=offline.oldest_hours),
            standards=frozenset(offline.standards),
            only=frozenset(offline.only_accounts),
            never=frozenset(offline.never_accounts),
            biller_amounts_minor=dict(offline.account_max_minor),
            open_amounts=offline.open_amounts,
            overdue=offline.overdue,
        ),
    )


def bill_rules(site: SiteSettings) -> BillRules:
    """Which bills the site takes."""
    return BillRules(
        standards=frozenset(site.bills.standards),
        templates=tuple(
            BillTemplate(each.biller, each.length, each.pattern, each.check, each.currency)
            for each in site.bills.templates
        ),
    )


def account_rules(configuration: Configuration) -> AccountRules:
    """How accounts are looked up."""
    accounts = configuration.accounts
    return AccountRules(accounts.idle_s, accounts.consent, accounts.statement_months)


def locking(configuration: Configuration) -> Locking:
    """When wrong PINs lock an account at this terminal."""
    accounts = configuration.accounts
    return Locking(accounts.pin_attempts, timedelta(seconds=accounts.pin_lock_s))


def receipt_rules(configuration: Configuration) -> ReceiptRules:
    """Whose receipts these are, and what is on them."""
    site, terminal = configuration.site, configuration.terminal
    return ReceiptRules(
        shop=Shop(site.name, site.address, site.tax_number),
        terminal_id=terminal.id,
        store_id=terminal.store,
        code_prefix=site.scan.receipt_prefixes[0],
        merchant_slip=site.receipt.merchant_slip,
        link=configuration.sync.receipt_url if configuration.sync.enabled else "",
    )
