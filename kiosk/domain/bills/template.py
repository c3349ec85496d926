"""Bills of billers without a public standard, by a layout of the site: a length, a pattern with named groups, a check routine by name."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date

from kiosk.domain.bills.bill import TEMPLATE, Bill, Reason, Refusal, Refused, refusing, require
from kiosk.domain.bills.references import ROUTINES
from kiosk.domain.money import Money
from kiosk.domain.records import dataclass

LENGTHS = (8, 128)
CHECKS = ("none", *ROUTINES)
GROUPS = ("account", "reference", "amount", "due", "message", "check")


class BillTemplateError(ValueError):
    """A template that cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class BillTemplate:
    """How the codes of one `biller` are laid out: `length` characters in all, which `pattern` fits as a whole.

    `pattern` is a regular expression of characters, classes in brackets and `\\d`, each with `{n}`, `{n,m}` or `?` behind it if need
    be, and groups `(?P<name>...)` that are not nested: `reference` (needed), `account`, `amount` (minor units; zeros leave it open),
    `due` (YYMMDD or YYYYMMDD; zeros for none), `message`, `check`. Nothing in it can be repeated without end or inside itself, so no
    code makes it slow. `check` names the routine by which the digits of the group `check` follow from all others, in their order.
    `currency` is the site's where it is "". Raises BillTemplateError.
    """

    biller: str
    length: int
    pattern: str
    check: str = "none"
    currency: str = ""
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not LENGTHS[0] <= self.length <= LENGTHS[1]:
            raise BillTemplateError(f"length {self.length} is not between {LENGTHS[0]} and {LENGTHS[1]}")
        if self.check not in CHECKS:
            raise BillTemplateError(f"check {self.check!r} is not one of {', '.join(CHECKS)}")
        groups = _groups(self.pattern)
        if "reference" not in groups:
            raise BillTemplateError("the pattern has no group (?P<reference>...), which tells one bill from another")
        if ("check" in groups) != (self.check != "none"):
            raise BillTemplateError("a group (?P<check>...) and a check other than none go together")
        try:
            object.__setattr__(self, "_compiled", re.compile(self.pattern, re.ASCII))
        except re.error as error:
            raise BillTemplateError(f"the pattern cannot be read: {error}") from None

    def read(self, text: str, currency: str) -> Bill | Refusal | None:
        """What `text` (ASCII) says, or None where it is of another layout; `currency` is the site's."""
        match = self._compiled.fullmatch(text) if len(text) == self.length else None
        return None if match is None else self._bill(match, self.currency or currency)

    @refusing
    def _bill(self, match: re.Match[str], currency: str) -> Bill:
        said = match.groupdict()
        if self.check != "none":
            start, end = match.span("check")
            digits = re.sub("[^0-9]", "", match.string[:start] + match.string[end:])
            require(digits and ROUTINES[self.check](digits) == said["check"], Reason.CHECK_DIGIT)
        require(said["reference"], Reason.REFERENCE)
        amount = said.get("amount") or "0"
        require(re.fullmatch("[0-9]{1,12}", amount), Reason.AMOUNT)
        return Bill(
            standard=TEMPLATE,
            account=said.get("account") or self.biller,
            currency=currency,
            payee=self.biller,
            reference=said["reference"],
            amount=Money(int(amount), currency) if int(amount) else None,
            due=_day(said.get("due") or "0"),
            message=said.get("message") or None,
        )


def _day(text: str) -> date | None:
    if not text.strip("0"):
        return None
    full = text if len(text) == 8 else f"20{text}"
    require(re.fullmatch("[0-9]{8}", full), Reason.DATE)
    try:
        return date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        raise Refused(Reason.DATE) from None


def _groups(pattern: str) -> list[str]:
    """The names of the groups. Raises BillTemplateError for anything that could make matching slow, or that is no pattern."""
    groups: list[str] = []
    at, is_open, varying = 0, False, 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise BillTemplateError(
                f"the pattern cannot have {pattern[at : at + 12]!r}: only characters, [classes], \\d, "
                "{n}, {n,m}, ? and groups (?P<name>...), none inside another and none repeated"
            )
        if token["name"]:
            if is_open or token["name"] in groups or token["name"] not in GROUPS:
                raise BillTemplateError(
                    f"group {token['name']!r} is not one of {', '.join(GROUPS)}, once and not nested"
                )
            groups.append(token["name"])
        if token["name"] or token["close"]:
            if bool(token["close"]) != is_open:
                raise BillTemplateError("the pattern closes a group that is not open")
            is_open = not is_open
        varying += token["most"] is not None or token["maybe"] is not None
        at = token.end()
    if is_open:
        raise BillTemplateError("the pattern leaves a group open")
    if varying > 2:
        raise BillTemplateError("the pattern has more than two parts of varying length")
    return groups


_TOKEN = re.compile(
    r"""\(\?P<(?P<name>[a-z]+)> | (?P<close>\))
    | (?:[A-Za-z0-9 /:;,\#%&=_@!'"~-] | \\d | \\[^A-Za-z0-9] | \[(?![^]]*--)[A-Za-z0-9 ./:_-]+\])
      (?:\{[0-9]{1,3}(?:,(?P<most>[0-9]{1,3}))?\} | (?P<maybe>\?))?""",
    re.VERBOSE,
)
