"""How one process of the service is set up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sync.central.accounts.office import Accounts
from sync.central.billers.configured import Billers


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url`: `sqlite:///PATH` or `postgresql://...`. `ca_pem`: the authority that terminals pin when they enrol.

    `public_url` is the https: address under which shoppers reach it ("" where they do not); `workers` is how many requests are worked on
    at once; `now_s` the clock (seconds since 1970); `projects`: whether this process also makes the projections, which at least one has to;
    `billers`: who is asked about bills and told of payments, by each process that has them; `accounts`: the core that
    accounts are kept in, None where none are offered.
    """

    database_url: str
    ca_pem: str = ""
    public_url: str = ""
    workers: int = 4
    now_s: Callable[[], float] = time.time
    projects: bool = True
    billers: Billers = field(default_factory=Billers)
    accounts: Accounts | None = field(default=None, repr=False)

    @property
    def receipt_url(self) -> str:
        """What terminals put before a receipt's token, "" for nowhere."""
        return f"{self.public_url.rstrip('/')}/r" if self.public_url else ""
