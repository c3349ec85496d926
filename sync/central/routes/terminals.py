"""The addresses that terminals use once they are enrolled."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from sync.central import claims, commands, feeds, heads, ingest, reports
from sync.central.batches import read_batch
from sync.central.billers.asking import BillQuestions
from sync.central.described import takes
from sync.central.desk import Desk, reader
from sync.central.polling import Polls
from sync.protocol.bills import BillAnswered, BillAsk
from sync.protocol.commands import CommandList, CommandResult
from sync.protocol.feeds import FeedList, FeedName, FeedPage
from sync.protocol.journal import Acknowledgement, JournalBatch, JournalHeads, JournalPage
from sync.protocol.problems import Problem
from sync.protocol.reports import Accepted, Claim, ClaimAnswer, SetAside, StateAnswer, TelemetryBatch, TerminalState
from sync.protocol.wire import FEED_PAGE_MOST_ROWS, LONG_POLL_MOST_S

_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"
BODIES: Final = (JournalBatch, SetAside, CommandResult, TerminalState, TelemetryBatch, Claim, BillAsk)
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    code: {"model": Problem} for code in (400, 401, 403, 404, 409, 413, 415, 422, 503, 504)
}


def terminal_routes(desk: Desk, polls: Polls, bills: BillQuestions) -> APIRouter:
    """`/v1/...`, signed."""
    router = APIRouter(prefix="/v1", tags=["terminals"], responses=_PROBLEMS)
    _journal_routes(router, desk)
    _feed_routes(router, desk)
    _command_routes(router, desk, polls)
    _report_routes(router, desk)
    _bill_routes(router, bills)
    return router


def _journal_routes(router: APIRouter, desk: Desk) -> None:
    @router.post("/journal", response_model=Acknowledgement, openapi_extra=takes(JournalBatch))
    async def take_entries(request: Request) -> Response:
        """A batch of the journal; acknowledged once it is durable."""
        response = await desk.changing(request, read_batch, ingest.take_in)
        desk.taken_in.set()
        return response

    @router.get("/journal", response_model=JournalHeads)
    async def journal_heads(request: Request) -> Response:
        """Where to resume."""
        return await desk.reading(request, lambda connection, sender: heads.heads(connection, sender.terminal_id))

    @router.get("/journal/{journal_id}", response_model=JournalPage)
    async def entries_given_back(
        request: Request,
        journal_id: Annotated[str, Path(pattern=_NAME)],
        after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
    ) -> Response:
        """Acknowledged entries, for a terminal whose disk was lost."""
        return await desk.reading(
            request, lambda connection, sender: heads.page(connection, sender.terminal_id, journal_id, after)
        )

    @router.post("/quarantine", response_model=Acknowledgement, openapi_extra=takes(SetAside))
    async def take_what_is_set_aside(request: Request) -> Response:
        """Entries that are not what they should be: kept beside the books."""
        return await desk.changing(request, reader(SetAside), ingest.set_aside)


def _feed_routes(router: APIRouter, desk: Desk) -> None:
    @router.get("/feeds", response_model=FeedList)
    async def list_feeds(request: Request) -> Response:
        """Where every feed of this terminal's store stands."""
        return await desk.reading(request, lambda connection, sender: feeds.listed(connection, sender.store_id))

    @router.get("/feeds/{name}", response_model=FeedPage)
    async def feed_page(
        request: Request,
        name: FeedName,
        epoch: Annotated[str, Query(max_length=64)] = "",
        after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
        limit: Annotated[int, Query(ge=1, le=FEED_PAGE_MOST_ROWS)] = 1000,
    ) -> Response:
        """What changed behind a cursor."""
        return await desk.reading(
            request,
            lambda connection, sender: feeds.page(connection, sender.store_id, name, epoch, after=after, limit=limit),
        )


def _command_routes(router: APIRouter, desk: Desk, polls: Polls) -> None:
    @router.get("/commands", response_model=CommandList)
    async def open_commands(request: Request, wait_s: Annotated[int, Query(ge=0, le=LONG_POLL_MOST_S)] = 0) -> Response:
        """What is open for this terminal; waits for it."""
        return await desk.polling(request, polls, wait_s)

    @router.post("/commands/{command_id}/result", response_model=Accepted, openapi_extra=takes(CommandResult))
    async def command_result(request: Request, command_id: Annotated[str, Path(pattern=_NAME)]) -> Response:
        """What became of a command."""
        return await desk.changing(
            request,
            reader(CommandResult),
            lambda connection, sender, result: commands.answer(connection, sender, command_id, result),
        )


def _report_routes(router: APIRouter, desk: Desk) -> None:
    @router.put("/state", response_model=StateAnswer, openapi_extra=takes(TerminalState))
    async def take_state(request: Request) -> Response:
        """What the terminal is doing."""
        return await desk.changing(request, reader(TerminalState), reports.keep_state)

    @router.post("/telemetry", response_model=Accepted, openapi_extra=takes(TelemetryBatch))
    async def take_telemetry(request: Request) -> Response:
        """Journey steps, timings, feedback; may be shed."""
        return await desk.changing(request, reader(TelemetryBatch), reports.keep_telemetry)

    @router.post("/claims", response_model=ClaimAnswer, openapi_extra=takes(Claim))
    async def claim(request: Request) -> Response:
        """A voucher or a held basket for one sale of the store."""
        return await desk.changing(request, reader(Claim), claims.claim)

    @router.post("/claims/release", response_model=Accepted, openapi_extra=takes(Claim))
    async def release(request: Request) -> Response:
        """The sale did not come about."""
        return await desk.changing(request, reader(Claim), claims.release)


def _bill_routes(router: APIRouter, bills: BillQuestions) -> None:
    @router.post("/bills/ask", response_model=BillAnswered, openapi_extra=takes(BillAsk))
    async def ask(request: Request) -> Response:
        """How a bill stands; kept for the sale where it can be paid."""
        return await bills.ask(request)

    @router.post("/bills/release", response_model=Accepted, openapi_extra=takes(BillAsk))
    async def release(request: Request) -> Response:
        """The sale does not pay it."""
        return await bills.release(request)
