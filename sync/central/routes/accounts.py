"""The addresses of the accounts, for enrolled terminals: live, signed, and small. What they hold is never written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Request, Response

from sync.central.accounts.office import AccountDesk
from sync.central.described import takes
from sync.central.desk import Desk, reader
from sync.central.errors import Refusal
from sync.protocol import accounts
from sync.protocol.problems import Problem, ProblemType

BODIES: Final = (
    accounts.VerifyAsked,
    accounts.TicketAsked,
    accounts.StepUpAsked,
    accounts.StatementAsked,
    accounts.RequestAsked,
    accounts.KeyAsked,
)
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    code: {"model": Problem} for code in (400, 401, 403, 409, 413, 415, 422, 503, 504)
}
M = TypeVar("M", bound=accounts.Asked)


def account_routes(desk: Desk) -> APIRouter:
    """`/v1/accounts/...`, signed."""
    router = APIRouter(prefix="/v1/accounts", tags=["accounts"], responses=_PROBLEMS)
    office = AccountDesk(desk.database, desk.settings.accounts, max(1, desk.settings.workers // 2))
    _visit_routes(router, desk, office)
    _account_routes(router, desk, office)
    return router


def _visit_routes(router: APIRouter, desk: Desk, office: AccountDesk) -> None:
    @router.post("/verify", response_model=accounts.VerifyAnswer, openapi_extra=takes(accounts.VerifyAsked))
    async def verify(request: Request) -> Response:
        """Whether number and PIN belong together."""
        return await desk.asking(request, _small(accounts.VerifyAsked), office.verify)

    @router.post("/code", response_model=accounts.CodeAnswer, openapi_extra=takes(accounts.TicketAsked))
    async def send_code(request: Request) -> Response:
        """Have a one-time code made."""
        return await desk.asking(request, _small(accounts.TicketAsked), office.code)

    @router.post("/step-up", response_model=accounts.StepUpAnswer, openapi_extra=takes(accounts.StepUpAsked))
    async def step_up(request: Request) -> Response:
        """Whether a one-time code is right."""
        return await desk.asking(request, _small(accounts.StepUpAsked), office.step_up)

    @router.post("/leave", response_model=accounts.LeaveAnswer, openapi_extra=takes(accounts.TicketAsked))
    async def leave(request: Request) -> Response:
        """The visit is over."""
        return await desk.asking(request, _small(accounts.TicketAsked), office.leave)


def _account_routes(router: APIRouter, desk: Desk, office: AccountDesk) -> None:
    @router.post("/overview", response_model=accounts.OverviewAnswer, openapi_extra=takes(accounts.TicketAsked))
    async def overview(request: Request) -> Response:
        """What is on the account."""
        return await desk.asking(request, _small(accounts.TicketAsked), office.overview)

    @router.post("/statement", response_model=accounts.StatementAnswer, openapi_extra=takes(accounts.StatementAsked))
    async def statement(request: Request) -> Response:
        """The movements of the last months."""
        return await desk.asking(request, _small(accounts.StatementAsked), office.statement)

    @router.post("/request", response_model=accounts.RequestAnswer, openapi_extra=takes(accounts.RequestAsked))
    async def take_request(request: Request) -> Response:
        """Another address or telephone number, for people to decide."""
        return await desk.asking(request, _small(accounts.RequestAsked), office.request)

    @router.post("/key", response_model=accounts.KeyAnswer, openapi_extra=takes(accounts.KeyAsked))
    async def key(request: Request) -> Response:
        """The key of the store's snapshot."""
        return await desk.asking(request, _small(accounts.KeyAsked), office.key)


def _small(model: type[M]) -> Callable[[bytes, str], M]:
    read = reader(model)

    def within_bounds(content: bytes, terminal_id: str) -> M:
        if len(content) > accounts.ACCOUNT_BODY_MOST_BYTES:
            raise Refusal(ProblemType.TOO_LARGE, f"more than {accounts.ACCOUNT_BODY_MOST_BYTES} bytes")
        return read(content, terminal_id)

    return within_bounds
