"""The demo holders, read from a file: what a real core would have in its own books."""

from __future__ import annotations

import base64
import binascii
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kiosk.domain.bills.bill import Bill, BillScan
from kiosk.domain.bills.reading import BillRules, number_bill, text_bill
from sync.central.errors import CentralError

_Text = Annotated[str, Field(max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DemoBalance(_Part):
    """An account or card: what was on it when the demo's time begins, in minor units."""

    name: _Text
    number: _Text
    opening_minor: int
    limit_minor: int | None = None


class DemoCoupon(_Part):
    """A coupon."""

    code: _Text
    text: _Text
    until: date | None = None


class DemoAccount(_Part):
    """A demo holder, as assets/store/accounts.toml describes them."""

    id: _Text
    name: _Text
    cards: tuple[_Text, ...]
    number: _Text
    pin: Annotated[str, Field(pattern=r"^[0-9]{4,12}$", repr=False)]
    address: _Text
    phone: _Text
    kind: Literal["bank", "shop"]
    balances: tuple[DemoBalance, ...]
    points: int
    bills: tuple[Annotated[str, Field(max_length=997)], ...]
    coupons: tuple[DemoCoupon, ...] = ()
    totp: Annotated[str, Field(repr=False)] = ""
    sms: bool = False
    is_closed: bool = False

    @property
    def secret(self) -> bytes:
        """The secret of the holder's app, b"" for none."""
        return base64.b32decode(self.totp)


def read_accounts(path: Path) -> tuple[DemoAccount, ...]:
    """Every holder of the file. Raises CentralError with what is wrong."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        accounts = tuple(DemoAccount.model_validate(one) for one in found.get("account", []))
        for one in accounts:
            _ = one.secret
    except (OSError, tomllib.TOMLDecodeError, binascii.Error) as error:
        raise CentralError(f"the accounts in {path} cannot be read ({error})") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise CentralError(f"an account in {path} is not what it should be: {place}: {first['msg']}") from None
    return accounts


def bill_of(code: str, currency: str, today: date) -> Bill:
    """The bill of a code. Raises CentralError."""
    data, rules = code.encode(), BillRules()
    reads = text_bill if "\n" in code else number_bill
    found = reads(BillScan(data, "", today, currency), rules)
    if not isinstance(found, Bill):
        raise CentralError(f"{code[:24]!r} is the code of no bill that is known here ({found})")
    return found
