"""Which connector serves which account: read from a file of the site, checked whole."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sync.central.billers.connector import BillerConnector
from sync.central.billers.http_connector import HttpConnector
from sync.central.errors import CentralError
from sync.protocol.wire import Name

# A biller's account number to the letter, or what it begins with and an asterisk; an asterisk alone is every account.
Pattern = Annotated[str, StringConstraints(pattern=r"^[^*\x00-\x1f\x7f]{0,100}\*?$", min_length=1)]
_MOST_BYTES: Final = 1_000_000
_MOST_BILLERS: Final = 500


class BillerSettings(BaseModel):
    """`[[biller]]`: one biller's connector. The first whose `accounts` fit is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Name
    url: Annotated[str, StringConstraints(max_length=500)]
    accounts: Annotated[list[Pattern], Field(min_length=1, max_length=1_000)]
    key_file: str = ""
    key_env: str = ""
    ca_file: str = ""
    within_s: Annotated[float, Field(ge=0.2, le=3.0)] = 3.0


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    biller: Annotated[list[BillerSettings], Field(max_length=_MOST_BILLERS)]


@dataclass(frozen=True, slots=True)
class Serves:
    """A connector, and the accounts that it serves."""

    connector: BillerConnector
    accounts: tuple[str, ...]

    def fits(self, account: str) -> bool:
        """Whether it serves this account."""
        return any(account.startswith(each[:-1]) if each.endswith("*") else account == each for each in self.accounts)


class Billers:
    """The connectors of one process. Thread-safe."""

    def __init__(self, served: Sequence[Serves] = ()) -> None:
        """In the order in which they are tried."""
        self._served = tuple(served)

    def __bool__(self) -> bool:
        return bool(self._served)

    def of(self, account: str) -> BillerConnector | None:
        """Who is asked about an account; None where nobody is."""
        return next((each.connector for each in self._served if each.fits(account)), None)

    def close(self) -> None:
        """Let go of every connection."""
        for each in self._served:
            each.connector.close()


def read_billers(path: Path) -> Billers:
    """The connectors of a file (TOML, docs/integrators/billers.md). Raises CentralError, which names the entry and never a key."""
    try:
        raw = path.read_bytes()[: _MOST_BYTES + 1]
        if len(raw) > _MOST_BYTES:
            raise CentralError(f"{path} has more than {_MOST_BYTES} bytes")
        found = _File.model_validate(tomllib.loads(raw.decode("utf-8")))
    except OSError as error:
        raise CentralError(f"{path} cannot be read ({error.strerror}); name another with --billers") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CentralError(f"{path}: {where or 'the file'}: {first['msg']}") from None
    except ValueError as error:  # no TOML, no UTF-8
        raise CentralError(f"{path}: {error}") from None
    names = [each.name for each in found.biller]
    if twice := {name for name in names if names.count(name) > 1}:
        raise CentralError(f"{path}: {', '.join(sorted(twice))}: two billers of one name")
    return Billers([Serves(_connector(path, each), tuple(each.accounts)) for each in found.biller])


def _connector(path: Path, one: BillerSettings) -> BillerConnector:
    def secret(read: Callable[[], str], where: str) -> str:
        try:
            return read()
        except (OSError, KeyError, ValueError) as error:
            raise CentralError(f"{path}: biller {one.name}: {where} cannot be read ({type(error).__name__})") from None

    key = ca_pem = ""
    if one.key_file and one.key_env:
        raise CentralError(f"{path}: biller {one.name}: its key is in key_file or in key_env, not in both")
    if one.key_file:
        key = secret(lambda: (path.parent / one.key_file).read_text("ascii").strip(), "key_file")
    if one.key_env:
        key = secret(lambda: os.environ[one.key_env], "key_env")
    if not (key.isascii() and key.isprintable()):
        raise CentralError(f"{path}: biller {one.name}: its key has to be printable ASCII, in one line")
    if one.ca_file:
        ca_pem = secret(lambda: (path.parent / one.ca_file).read_text("ascii"), "ca_file")
    try:
        return HttpConnector(one.name, one.url, key=key, ca_pem=ca_pem, within_s=one.within_s)
    except (OSError, ValueError) as error:
        raise CentralError(f"{path}: biller {one.name}: {error}") from None
