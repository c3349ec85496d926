"""A terminal asks about a bill: the company's books say, then which sale has it, then the biller. It is kept for the sale that asks."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import Request, Response
from sqlalchemy import Connection

from kiosk.domain.bills.bill import Bill
from kiosk.domain.bills.identity import bill_key
from kiosk.ports.billing import BillAnswer, BillStanding
from sync.central import claims
from sync.central.billers import heard, standing
from sync.central.billers.configured import Billers
from sync.central.billers.connector import BillerConnector, UnreachableError
from sync.central.claims import Wanted
from sync.central.desk import Desk, answer, reader
from sync.central.errors import DatabaseAwayError, Refusal
from sync.central.feeds import EVERY_STORE
from sync.central.heads import Sender
from sync.protocol.bills import BillAnswered, BillAsk
from sync.protocol.problems import ProblemType
from sync.protocol.reports import Accepted

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = (
    32  # questions to billers; more than these are not asked, and their terminals go by their offline rules
)
_OPEN: Final = BillAnswer(BillStanding.OPEN)
_AWAY: Final = BillAnswer(BillStanding.AWAY)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A question whose bill is kept for its sale, as far as that is needed."""

    sender: Sender
    asked: BillAsk
    bill: Bill


class BillQuestions:
    """Answers `POST /v1/bills/...` in one process.

    A biller is asked outside the database and outside the door: a slow one holds up nobody.
    """

    def __init__(self, desk: Desk, billers: Billers) -> None:
        self._desk = desk
        self._billers = billers
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="biller")
        self._under_way = 0

    def close(self) -> None:
        """Ask no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def ask(self, request: Request) -> Response:
        """`POST /v1/bills/ask`."""
        kept: list[_Kept] = []

        def keep(connection: Connection, sender: Sender, asked: BillAsk) -> BillAnswered:
            bill = _true_bill(asked)
            found = _found_here(connection, sender, asked, bill)
            kept[:] = [_Kept(sender, asked, bill)] if found.standing is BillStanding.OPEN else []
            return BillAnswered.of(asked, found)

        response = await self._desk.changing(request, reader(BillAsk), keep)
        if not kept or response.status_code != 200:
            return response
        return await self._with_the_biller(kept[0])

    async def release(self, request: Request) -> Response:
        """`POST /v1/bills/release`."""
        return await self._desk.changing(request, reader(BillAsk), _give_back)

    async def _with_the_biller(self, kept: _Kept) -> Response:
        connector = self._billers.of(kept.bill.account)
        if connector is None:
            return answer(BillAnswered.of(kept.asked, BillAnswer(BillStanding.ALONE)))
        found = await self._asked(connector, kept.bill)
        if found.standing not in (BillStanding.OPEN, BillStanding.AWAY):
            try:
                await self._desk.through(
                    lambda: self._desk.database.write(lambda c: _give_back(c, kept.sender, kept.asked))
                )
            except (Refusal, DatabaseAwayError) as error:
                log.info("bill %s is kept until it ends by itself: %s", kept.asked.key, error)
        return answer(BillAnswered.of(kept.asked, found))

    async def _asked(self, connector: BillerConnector, bill: Bill) -> BillAnswer:
        if self._under_way >= MOST_AT_ONCE:
            log.warning("%s is not asked: %d questions to billers are under way", connector.name, self._under_way)
            return _AWAY
        self._under_way += 1
        try:
            running = asyncio.get_running_loop().run_in_executor(self._threads, connector.standing, bill)
            async with asyncio.timeout(connector.within_s + 0.5):
                return await running
        except (UnreachableError, TimeoutError, RuntimeError) as error:  # the last: the service ends
            log.warning("a biller was not asked: %s", str(error) or connector.name)
            return _AWAY
        except Exception:
            log.exception("the connector of %s failed", connector.name)
            return _AWAY
        finally:
            self._under_way -= 1


def _true_bill(asked: BillAsk) -> Bill:
    bill = asked.bill.bill
    if bill_key(bill) != asked.key:
        raise Refusal(ProblemType.MALFORMED, "the key is not that of the bill", field="key")
    return bill


def _found_here(connection: Connection, sender: Sender, asked: BillAsk, bill: Bill) -> BillAnswer:
    """OPEN where the books know nothing, and it is this sale's now."""
    if bill.amount is None:  # the same slip may be paid by many, each what he likes
        return _OPEN
    paid_at = standing.paid_at(connection, asked.key)
    if paid_at is not None:
        return BillAnswer(BillStanding.PAID, paid_on=_day(paid_at))
    holder = claims.keep(connection, sender, _wanted(asked))
    return _OPEN if holder == asked.sale_id else BillAnswer(BillStanding.BEING_PAID)


def _give_back(connection: Connection, sender: Sender, asked: BillAsk) -> Accepted:
    return Accepted(new=claims.give_back(connection, sender, _wanted(asked)))


def _wanted(asked: BillAsk) -> Wanted:
    return Wanted(EVERY_STORE, heard.CLAIM, asked.key, asked.sale_id)


def _day(at: str) -> date | None:
    try:
        return date.fromisoformat(at[:10])
    except ValueError:
        return None
