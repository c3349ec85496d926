"""The keys below `site.bills` that decide about paying: limits, fees, names, what is taken unasked. Values: `config/default.toml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


Minor = Annotated[int, Field(ge=0, le=10**12)]
Account = Annotated[str, StringConstraints(min_length=1, max_length=140), AfterValidator(_one_line)]
Accounts = Annotated[tuple[Account, ...], Field(max_length=1_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=70), AfterValidator(_one_line)]
AnyStandard = Literal[
    "swiss-qr", "epc", "emv-mpm", "boleto", "boleto-utility", "fi-barcode", "es-csb57", "gs1-slip", "template"
]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class OfflineBillSettings(_Section):
    """What is taken while nobody can be asked."""

    enabled: bool
    amount_max_minor: Minor
    count_max: Annotated[int, Field(ge=0, le=100_000)]
    total_max_minor: Minor
    oldest_hours: Annotated[int, Field(ge=1, le=8_760)]
    standards: tuple[AnyStandard, ...]
    only_accounts: Accounts
    never_accounts: Accounts
    account_max_minor: dict[Account, Minor]
    open_amounts: bool
    overdue: bool


class BillPaymentSettings(_Section):
    """How bills are paid here."""

    mixed: bool
    limit_minor: Minor
    fee_minor: Minor
    fees_minor: dict[Account, Minor]
    billers: dict[Account, Name]
    offline: OfflineBillSettings
