"""Puts one process of the service together: database, desk, addresses, and the projections behind them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from sync.central import commands
from sync.central.accounts.behind import behind_the_accounts
from sync.central.backoffice.behind import behind_the_back_office
from sync.central.backoffice.site import add_back_office
from sync.central.billers.asking import BillQuestions
from sync.central.billers.behind import behind_the_billers
from sync.central.console.site import add_console
from sync.central.database import Database
from sync.central.described import describe
from sync.central.desk import Desk, problem_response
from sync.central.errors import problem
from sync.central.housekeeping import Housekeeping
from sync.central.migrations import migrate
from sync.central.polling import Polls
from sync.central.routes import accounts as accounts_routes
from sync.central.routes.open import open_routes
from sync.central.routes.terminals import BODIES, terminal_routes
from sync.central.settings import Settings
from sync.protocol.enrolment import EnrolmentRequest
from sync.protocol.problems import ProblemType

log = logging.getLogger(__name__)


def create_app(settings: Settings) -> FastAPI:
    """The service as an ASGI application. Stateless: run as many processes as you like on one database.

    The database is migrated at once. Raises CentralError, DatabaseAwayError. `app.state.desk` is for what is built beside (console,
    back office).
    """
    database = Database(settings.database_url, connections=settings.workers + 4)
    migrate(database)
    desk = Desk(settings, database)

    async def waiting(terminal_ids: frozenset[str]) -> frozenset[str]:
        def ask(connection: Connection) -> frozenset[str]:
            return commands.waiting(connection, terminal_ids, settings.now_s())

        return await desk.through(lambda: database.read(ask))

    polls = Polls(waiting)
    desk.waiting.append(polls.close)
    bills = BillQuestions(desk, settings.billers)
    desk.waiting.append(bills.close)

    @contextlib.asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        housekeeping = Housekeeping(desk)
        kept = asyncio.create_task(housekeeping.run())
        try:
            async with behind_the_billers(desk), behind_the_accounts(desk), behind_the_back_office(desk):
                yield
        finally:
            desk.let_go()
            housekeeping.end()
            await kept
            await asyncio.to_thread(desk.close)

    app = FastAPI(title="Tern central service", version="1", lifespan=running, docs_url=None, redoc_url=None)
    app.state.desk = desk
    app.state.polls = polls
    app.include_router(open_routes(desk))
    app.include_router(terminal_routes(desk, polls, bills))
    app.include_router(accounts_routes.account_routes(desk))
    describe(app, (*BODIES, *accounts_routes.BODIES, EnrolmentRequest))
    add_console(app, desk)
    add_back_office(app, desk)
    _answer_every_error(app)
    return app


def _answer_every_error(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def malformed(_request: Request, error: Exception) -> Response:
        first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
        field = ".".join(str(part) for part in first.get("loc", ())[1:])[:80]
        detail = str(first.get("msg", ""))[:200]
        return problem_response(problem(ProblemType.MALFORMED, detail, field=field or None, status=422))

    @app.exception_handler(ClientDisconnect)
    async def gone(_request: Request, _error: Exception) -> Response:
        """The line was cut in the middle of a body: nobody is there to be answered, and it is nothing to be written down."""
        return problem_response(problem(ProblemType.MALFORMED, "the body was cut short"))

    @app.exception_handler(HTTPException)
    async def no_such_address(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 400
        kind = {404: ProblemType.UNKNOWN, 405: ProblemType.METHOD}.get(status, ProblemType.MALFORMED)
        response = problem_response(problem(kind, "see /openapi.json for what there is", status=status))
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    @app.exception_handler(Exception)
    async def mistake(request: Request, error: Exception) -> Response:
        log.error("a request to %s failed", request.url.path, exc_info=error)
        return problem_response(problem(ProblemType.INTERNAL, "it was written down; try again later"))
