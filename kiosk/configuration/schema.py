"""The keys of the configuration and what each may hold. Their meaning and their values stand in `config/default.toml`.

There are no defaults here: that file is the first layer, so it is complete or nothing loads.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, field_validator
from pydantic_core.core_schema import ValidationInfo

from kiosk.configuration.bill_settings import BillPaymentSettings
from kiosk.configuration.card_settings import CardSettings
from kiosk.configuration.contrast import contrast
from kiosk.domain.bills.template import BillTemplate, BillTemplateError
from kiosk.domain.restricted import RestrictedTemplate, TemplateError

LANGUAGES = Path(__file__).resolve().parents[2] / "assets" / "languages"


class _Section(BaseModel):
    # Built when first used, so once, inside the whole: each section's own validator is never asked.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('must be an IANA time zone, such as "Europe/Berlin"') from None
    return name


def _restricted(template: str) -> str:
    try:
        restricted_template(template)
    except TemplateError as error:
        raise ValueError(f"must be a template: {error}") from None
    return template


def restricted_template(text: str) -> RestrictedTemplate:
    """The template that `text` writes: a layout, and behind a colon the digits after the point. Raises TemplateError."""
    layout, colon, places = text.partition(":")
    if colon and not (places.isascii() and places.isdigit() and len(places) == 1):
        raise TemplateError(f"template {text!r} cannot be read; one such as 28IIIIIPPPPPC or 28IIIIIPPPPPC:2 can")
    return RestrictedTemplate(layout, int(places) if colon else None)


def _language(code: str) -> str:
    there = sorted(path.stem for path in LANGUAGES.glob("*.toml"))
    if code not in there:
        raise ValueError(f"must be a language with a file in assets/languages: {', '.join(there)}")
    return code


def _transport(url: str) -> str:
    scheme, colon, rest = url.partition(":")
    if (
        not colon
        or scheme not in {"serial", "pty", "tcp", "usb", "evdev", "pcsc", "virtual"}
        or (not rest and scheme != "virtual")
    ):
        raise ValueError(
            'must be "virtual:" or a transport such as serial:/dev/serial/by-id/NAME?baud=9600, tcp:HOST:PORT, '
            "usb:VID:PID, evdev:/dev/input/by-id/NAME, pcsc:READER"
        )
    return url


Text = Annotated[str, StringConstraints(max_length=200), AfterValidator(_one_line)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_one_line)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$")]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,11}$")]
Prefixes = Annotated[tuple[Prefix, ...], Field(max_length=20)]
OnePrefix = Annotated[tuple[Prefix, ...], Field(min_length=1, max_length=20)]  # ours are printed with the first
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
Minor = Annotated[int, Field(ge=0, le=10**12)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
Profile = Identifier
Service = Annotated[str, StringConstraints(pattern=r"^(checkout|bills|account|refund|form:[a-z][a-z0-9-]{0,31})$")]
CLOSED = "closed"
Role = Literal["attendant", "supervisor", "technician"]


class TerminalSettings(_Section):
    """Which terminal this is."""

    id: Identifier
    store: Identifier
    profile: Profile
    profiles: Annotated[tuple[Profile, ...], Field(min_length=1)]
    series: Annotated[str, StringConstraints(pattern=r"^[A-Z]{0,3}$")]

    @field_validator("profiles", mode="after")
    @classmethod
    def _holds_its_own(cls, profiles: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        own = info.data.get("profile")
        if own is not None and own not in profiles:
            raise ValueError(f"must hold terminal.profile, {own}")
        return profiles


class RoundingSettings(_Section):
    """How fractions of a minor unit are rounded."""

    mode: Literal["half-up", "half-even", "down"]
    tax_per: Literal["line", "total"]
    total_step_minor: Annotated[int, Field(ge=1, le=100_000)]


class AgeSettings(_Section):
    """Who may approve an age-restricted basket."""

    approval_roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class PriceSettings(_Section):
    """Who may give a shopper the price of the shelf, and how much of it."""

    ceilings_minor: dict[Role, Minor]


class ScanSettings(_Section):
    """Our own codes: their beginnings, and the templates of restricted-circulation numbers."""

    coupon_prefixes: Prefixes
    member_prefixes: Prefixes
    account_prefixes: Prefixes
    voucher_prefixes: Prefixes
    deposit_prefixes: Prefixes
    staff_prefixes: Prefixes
    held_prefixes: OnePrefix
    receipt_prefixes: OnePrefix
    restricted: Annotated[tuple[Annotated[str, AfterValidator(_restricted)], ...], Field(max_length=20)]


Standard = Literal["swiss-qr", "epc", "emv-mpm", "boleto", "boleto-utility", "fi-barcode", "es-csb57", "gs1-slip"]


class BillTemplateSettings(_Section):
    """The layout of one biller's codes."""

    biller: Name
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    length: int
    check: str
    pattern: Annotated[str, StringConstraints(max_length=300)]

    @field_validator("pattern", mode="after")
    @classmethod
    def _usable(cls, pattern: str, info: ValidationInfo) -> str:
        known = info.data
        if {"biller", "currency", "length", "check"} <= known.keys():
            try:
                BillTemplate(known["biller"], known["length"], pattern, known["check"], known["currency"])
            except BillTemplateError as error:
                raise ValueError(f"does not make a template: {error}") from None
        return pattern


class BillSettings(BillPaymentSettings):
    """The bills that are taken: standards by name, and templates; and what is decided about paying them."""

    standards: tuple[Standard, ...]
    templates: Annotated[tuple[BillTemplateSettings, ...], Field(max_length=50)]


class SiteSettings(_Section):
    """The shop: its name, money, tax, languages, clock and codes."""

    name: Name
    address: Annotated[tuple[Text, ...], Field(max_length=6)]
    tax_number: Text
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    prices_include_tax: bool
    languages: Annotated[tuple[Annotated[str, AfterValidator(_language)], ...], Field(min_length=1)]
    time_zone: Annotated[str, AfterValidator(_time_zone)]
    tax: Annotated[dict[Identifier, Annotated[int, Field(ge=0, le=10_000)]], Field(min_length=1)]
    tax_deposits: bool
    never_reduced: tuple[Identifier, ...]
    rounding: RoundingSettings
    age: AgeSettings
    price: PriceSettings
    scan: ScanSettings
    bills: BillSettings
    receipt: ReceiptSettings

    @field_validator("never_reduced", mode="after")
    @classmethod
    def _known_classes(cls, classes: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        known = info.data.get("tax")
        if known is not None and not set(classes) <= known.keys():
            raise ValueError(f"must be tax classes of site.tax: {', '.join(known)}")
        return classes


class ReceiptSettings(_Section):
    """What a receipt has on it by the site's choice."""

    merchant_slip: bool


class RefundSettings(_Section):
    """Goods brought back: how long after the sale, up to how much by whom, and why."""

    days: Annotated[int, Field(ge=0, le=3660)]
    ceilings_minor: dict[Literal["customer"] | Role, Minor]
    reasons: Annotated[
        list[Literal["changed-mind", "wrong-article", "damaged", "expired", "wrong-price", "other"]],
        Field(min_length=1, max_length=6),
    ]
    offline_minor: Minor


class DeviceSettings(_Section):
    """One device: its driver ("none" where there is none), where it is, and the driver's own settings."""

    driver: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    transport: Annotated[str, StringConstraints(max_length=1024), AfterValidator(_one_line), AfterValidator(_transport)]
    settings: dict[str, JsonValue]

    @property
    def is_virtual(self) -> bool:
        """Whether the terminal itself starts the far side of the wire."""
        return self.driver != "none" and self.transport == "virtual:"


class SpeechSettings(_Section):
    """What is read aloud, and how."""

    enabled: bool
    rate: Annotated[int, Field(ge=-100, le=100)]


class DevicesSettings(_Section):
    """The devices of the terminal, by kind."""

    scanner: DeviceSettings
    printer: DeviceSettings
    payment: DeviceSettings
    card: DeviceSettings
    scale: DeviceSettings
    headset: DeviceSettings


class RecoveryLimits(_Section):
    """How long an approval that was found again may still complete its sale."""

    complete_within_s: Annotated[int, Field(ge=0, le=86_400)]


class LimitSettings(_Section):
    """What is too much."""

    basket_lines: Annotated[int, Field(ge=1, le=1_000)]
    line_count: Annotated[int, Field(ge=1, le=99)]
    payment_max_minor: Minor
    offline_voucher_minor: Minor
    pin_attempts: Annotated[int, Field(ge=1, le=20)]
    pin_lock_s: Seconds
    recovery: RecoveryLimits


class AccountSettings(_Section):
    """Looking up an account."""

    idle_s: Annotated[int, Field(ge=10, le=600)]
    consent: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{0,32}$")]
    statement_months: Annotated[tuple[Annotated[int, Field(ge=1, le=24)], ...], Field(min_length=1, max_length=3)]
    pin_attempts: Annotated[int, Field(ge=1, le=20)]
    pin_lock_s: Seconds
    offline_max_age_h: Annotated[int, Field(ge=0, le=720)]


class TimeoutSettings(_Section):
    """How long the terminal waits."""

    idle_s: Annotated[int, Field(ge=10, le=3_600)]
    countdown_s: Annotated[int, Field(ge=20, le=600)]
    thank_you_s: Annotated[int, Field(ge=2, le=600)]
    message_s: Annotated[int, Field(ge=2, le=600)]
    staff_s: Annotated[int, Field(ge=10, le=3_600)]


def _address(url: str) -> str:
    if url and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/-]*)?", url):
        raise ValueError("must be an address such as https://central.example:8443, or empty")
    return url


def _encrypted(url: str) -> str:
    if url and not url.startswith("https://"):
        raise ValueError("must begin with https://, for it is opened on shoppers' telephones")
    return url


Address = Annotated[str, StringConstraints(max_length=200), AfterValidator(_address)]


class SyncSettings(_Section):
    """The line to the central service."""

    enabled: bool
    url: Address
    receipt_url: Annotated[Address, AfterValidator(_encrypted)]
    telemetry_mb: Annotated[int, Field(ge=1, le=1_000)]
    feeds_every_s: Annotated[int, Field(ge=1, le=3_600)]


class PanelSettings(_Section):
    """The touch screen."""

    pixel_pitch_mm: Annotated[float, Field(gt=0.05, le=2)]
    width: Annotated[int, Field(ge=640, le=7_680)]
    height: Annotated[int, Field(ge=480, le=7_680)]
    fullscreen: bool


class ThemeSettings(_Section):
    """Name, colours and logo of the retailer."""

    name: Text
    logo: Text
    brand: Colour
    paper: Colour
    card: Colour
    line: Colour
    success: Colour
    savings: Colour
    warning: Colour
    error: Colour
    on_brand: Colour
    ink: Colour
    ink_soft: Colour

    @field_validator("on_brand", "ink", "ink_soft", mode="after")
    @classmethod
    def _readable(cls, colour: str, info: ValidationInfo) -> str:
        ground = "brand" if info.field_name == "on_brand" else "paper"
        behind = info.data.get(ground)
        if behind and contrast(colour, behind) < 4.5:
            raise ValueError(f"must stand out from {ground} {behind} by 4.5 to 1 or more (EN 301 549, 9.1.4.3)")
        return colour


class FormsSettings(_Section):
    """The files that define forms; what is in them is `kiosk.configuration.forms`."""

    files: Annotated[tuple[Annotated[Text, StringConstraints(min_length=1)], ...], Field(max_length=20)]


class DataSettings(_Section):
    """Where things are kept."""

    directory: Annotated[Text, StringConstraints(min_length=1)]
    store: Annotated[Text, StringConstraints(min_length=1)]


class Configuration(_Section):
    """The whole configuration, valid."""

    terminal: TerminalSettings
    profiles: dict[Profile, tuple[Service, ...]]
    site: SiteSettings
    cards: CardSettings
    devices: DevicesSettings
    refunds: RefundSettings
    speech: SpeechSettings
    limits: LimitSettings
    accounts: AccountSettings
    timeouts: TimeoutSettings
    sync: SyncSettings
    panel: PanelSettings
    theme: ThemeSettings
    data: DataSettings
    forms: FormsSettings

    @field_validator("profiles", mode="after")
    @classmethod
    def _hold_the_terminal_s(
        cls, profiles: dict[str, tuple[str, ...]], info: ValidationInfo
    ) -> dict[str, tuple[str, ...]]:
        terminal = info.data.get("terminal")
        missing = set(terminal.profiles) - profiles.keys() - {CLOSED} if terminal else set()
        if missing:
            raise ValueError(f"must say what each of terminal.profiles serves; missing: {', '.join(sorted(missing))}")
        return profiles
