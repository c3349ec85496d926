"""The back office's addresses under `/api/v1`, with an OpenAPI document of their own at `/api/v1/openapi.json`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from sync.central.backoffice import bills, catalogue, forms, problems, refunds, sales, tokens, webhooks
from sync.central.backoffice.models import (
    MOST_BYTES,
    BillPage,
    CatalogueLine,
    Currency,
    FormPage,
    ImportMode,
    ImportReport,
    NewWebhook,
    NewWebhookAnswer,
    ProblemDocument,
    RefundCasePage,
    RefundDay,
    SalePage,
    StoreList,
    Tells,
    Webhook,
    WebhookList,
)
from sync.central.backoffice.problems import ApiProblem, Refused
from sync.central.backoffice.tokens import Caller, Scope
from sync.central.database import rows
from sync.central.described import describe
from sync.central.desk import Desk
from sync.central.errors import DatabaseAwayError, Refusal

log = logging.getLogger(__name__)
T = TypeVar("T")
StoreId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
ItsId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
After = Annotated[int, Query(ge=0, lt=2**63, description="the `next` of the page before; 0 begins with the first sale")]
Limit = Annotated[int, Query(ge=1, le=1000)]
Day = Annotated[str, Query(pattern=r"^\d{4}-\d{2}-\d{2}$", description="by the terminals' wall clocks, ISO 8601")]
Token = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
_PROBLEM: Final = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": words, **_PROBLEM}
    for status, words in {
        400: "It cannot be read",
        401: "The token is missing or not good",
        403: "The token is not good for this",
        404: "There is no such thing",
        409: "It is not in a state for this",
        413: "It is too large",
        415: "This kind of content is not taken",
        422: "It is not what it should be",
        503: "Try again, no sooner than Retry-After says",
    }.items()
}
_LINES: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/CatalogueLine"}}},
            "text/csv": {
                "schema": {"type": "string"},
                "example": "number,name_en,category,price_minor\n4012345678901,Butter,dairy,199\n",
            },
        },
    }
}


def add_back_office(app: FastAPI, desk: Desk) -> None:
    """`/api/v1/...`"""
    app.mount("/api/v1", BackOffice(desk).site())


class BackOffice:
    """The API of one process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def site(self) -> FastAPI:
        """The API as an application of its own."""
        api = FastAPI(title="Tern back office", version="1", docs_url=None, redoc_url=None, responses=_PROBLEMS)
        self._stores(api)
        self._catalogue(api)
        self._sales(api)
        self._bills(api)
        self._forms(api)
        self._webhooks(api)
        _answer_every_error(api)
        # FastAPI documents refusals of its own, which are answered as problems here.
        describe(api, (CatalogueLine, ProblemDocument), without=("HTTPValidationError", "ValidationError"))
        return api

    def _stores(self, api: FastAPI) -> None:
        @api.get("/stores", operation_id="listStores", tags=["stores"])
        async def list_stores(token: Token) -> StoreList:
            """The stores that the token is good for."""

            def look(connection: Connection, caller: Caller) -> StoreList:
                found = rows(connection, "SELECT DISTINCT store_id FROM terminal ORDER BY store_id")
                return StoreList(stores=[row.store_id for row in found if caller.works_in(row.store_id)])

            return await self._reads(token, None, None, look)

    def _catalogue(self, api: FastAPI) -> None:
        address = "/stores/{store_id}/catalogue-imports"

        @api.post(
            address, operation_id="createCatalogueImport", tags=["catalogue"], status_code=201, openapi_extra=_LINES
        )
        async def create(
            request: Request,
            token: Token,
            store_id: StoreId,
            currency: Annotated[Currency, Query()],
            mode: ImportMode = ImportMode.CHANGES,
        ) -> ImportReport:
            """Articles with prices, as CSV or JSON: every line is checked, the report says what is wrong; nothing is sold by it yet."""
            # The token before the body: nobody else makes the service read 16 MB.
            await self._reads(token, Scope.CATALOGUE, store_id, lambda _connection, _caller: None)
            lines_of = _reader(request)
            raw = await _body(request)
            now_s = self._desk.settings.now_s()
            lines = await self._desk.through(lambda: lines_of(raw))
            return await self._writes(
                token,
                Scope.CATALOGUE,
                store_id,
                lambda connection, caller: catalogue.stage(
                    connection, caller, store_id, lines, mode=mode, currency=currency, now_s=now_s
                ),
            )

        @api.get(f"{address}/{{import_id}}", operation_id="getCatalogueImport", tags=["catalogue"])
        async def get(token: Token, store_id: StoreId, import_id: ItsId) -> ImportReport:
            """The report of an import."""
            return await self._reads(
                token, Scope.CATALOGUE, store_id, lambda connection, _: catalogue.find(connection, store_id, import_id)
            )

        @api.post(f"{address}/{{import_id}}/publish", operation_id="publishCatalogueImport", tags=["catalogue"])
        async def publish(token: Token, store_id: StoreId, import_id: ItsId) -> ImportReport:
            """The import becomes what the store's terminals fetch, all of it at once."""
            now_s = self._desk.settings.now_s()
            return await self._writes(
                token,
                Scope.CATALOGUE,
                store_id,
                lambda connection, caller: catalogue.publish(connection, caller, store_id, import_id, now_s),
            )

    def _sales(self, api: FastAPI) -> None:
        async def page(token: HTTPAuthorizationCredentials | None, store_id: str, after: int, limit: int) -> SalePage:
            return await self._reads(
                token, Scope.SALES, store_id, lambda connection, _: sales.page(connection, store_id, after, limit)
            )

        @api.get("/stores/{store_id}/sales", operation_id="listSales", tags=["sales"])
        async def as_page(token: Token, store_id: StoreId, after: After = 0, limit: Limit = 100) -> SalePage:
            """Sales behind a cursor, in the order in which the service learned of them."""
            return await page(token, store_id, after, limit)

        @api.get(
            "/stores/{store_id}/sales.jsonl",
            operation_id="exportSalesAsJsonLines",
            tags=["sales"],
            response_class=_JsonLines,
        )
        async def as_lines(token: Token, store_id: StoreId, after: After = 0, limit: Limit = 1000) -> Response:
            """As listSales, a sale a line; the header Tern-Next holds the cursor."""
            found = await page(token, store_id, after, limit)
            return _JsonLines(sales.as_json_lines(found), headers={"Tern-Next": str(found.next)})

        @api.get("/stores/{store_id}/sales.csv", operation_id="exportSalesAsCsv", tags=["sales"], response_class=_Csv)
        async def as_csv(token: Token, store_id: StoreId, after: After = 0, limit: Limit = 1000) -> Response:
            """As listSales, without the lines of each sale; the header Tern-Next holds the cursor."""
            found = await page(token, store_id, after, limit)
            return _Csv(sales.as_csv(found), headers={"Tern-Next": str(found.next)})

        @api.get("/stores/{store_id}/refunds", operation_id="listRefunds", tags=["sales"])
        async def given_back(token: Token, store_id: StoreId, day: Day) -> RefundDay:
            """The refunds of goods on a day, with what came back to the store."""
            return await self._reads(
                token, Scope.SALES, store_id, lambda connection, _: refunds.of_day(connection, store_id, day)
            )

    def _bills(self, api: FastAPI) -> None:
        @api.get("/stores/{store_id}/bill-payments", operation_id="listBillPayments", tags=["bills"])
        async def paid(token: Token, store_id: StoreId, after: After = 0, limit: Limit = 100) -> BillPage:
            """Bills that were paid, and where each stands with its biller, behind a cursor."""
            return await self._reads(
                token, Scope.SALES, store_id, lambda connection, _: bills.payments(connection, store_id, after, limit)
            )

        @api.get("/stores/{store_id}/refund-cases", operation_id="listRefundCases", tags=["bills"])
        async def cases(token: Token, store_id: StoreId, after: After = 0, limit: Limit = 100) -> RefundCasePage:
            """What has to be given back to customers, behind a cursor."""
            return await self._reads(
                token,
                Scope.SALES,
                store_id,
                lambda connection, _: bills.refund_cases(connection, store_id, after, limit),
            )

    def _forms(self, api: FastAPI) -> None:
        @api.get("/stores/{store_id}/forms", operation_id="listForms", tags=["forms"])
        async def sent(token: Token, store_id: StoreId, after: After = 0, limit: Limit = 100) -> FormPage:
            """Queue tickets, appointments and requests of customers, and how far people are with each, behind a cursor."""
            return await self._reads(
                token, Scope.FORMS, store_id, lambda connection, _: forms.page(connection, store_id, after, limit)
            )

    def _webhooks(self, api: FastAPI) -> None:
        address = "/stores/{store_id}/webhooks"
        scope = Scope.WEBHOOKS

        @api.post(address, operation_id="createWebhook", tags=["webhooks"], status_code=201)
        async def create(token: Token, store_id: StoreId, new: NewWebhook) -> NewWebhookAnswer:
            """Have sales sent, or what else it tells, beginning with the first. The answer's secret verifies their signatures."""
            now_s = self._desk.settings.now_s()

            def add(connection: Connection, caller: Caller) -> NewWebhookAnswer:
                if new.tells is Tells.FORMS and Scope.FORMS not in caller.scopes:
                    raise Refused(ApiProblem.SCOPE, f"a webhook of forms needs a token with {Scope.FORMS} as well")
                return webhooks.add(connection, store_id, new, now_s)

            return await self._writes(token, scope, store_id, add)

        @api.get(address, operation_id="listWebhooks", tags=["webhooks"])
        async def listed(token: Token, store_id: StoreId) -> WebhookList:
            """Every webhook of the store."""
            return await self._reads(
                token, scope, store_id, lambda connection, _: webhooks.listed(connection, store_id)
            )

        @api.delete(f"{address}/{{webhook_id}}", operation_id="deleteWebhook", tags=["webhooks"], status_code=204)
        async def delete(token: Token, store_id: StoreId, webhook_id: ItsId) -> None:
            """Send nothing there any more."""
            await self._writes(
                token, scope, store_id, lambda connection, _: webhooks.remove(connection, store_id, webhook_id)
            )

        @api.post(f"{address}/{{webhook_id}}/resume", operation_id="resumeWebhook", tags=["webhooks"])
        async def resume(token: Token, store_id: StoreId, webhook_id: ItsId) -> Webhook:
            """Try again at once, from where it stopped."""
            return await self._writes(
                token, scope, store_id, lambda connection, _: webhooks.resume(connection, store_id, webhook_id)
            )

    async def _reads(
        self,
        token: HTTPAuthorizationCredentials | None,
        scope: Scope | None,
        store_id: str | None,
        work: Callable[[Connection, Caller], T],
    ) -> T:
        def admitted(connection: Connection) -> T:
            return work(connection, _admit(connection, token, scope, store_id))

        return await self._desk.through(lambda: self._desk.database.read(admitted))

    async def _writes(
        self,
        token: HTTPAuthorizationCredentials | None,
        scope: Scope,
        store_id: str,
        work: Callable[[Connection, Caller], T],
    ) -> T:
        def admitted(connection: Connection) -> T:
            return work(connection, _admit(connection, token, scope, store_id))

        return await self._desk.through(lambda: self._desk.database.write(admitted))


class _JsonLines(Response):
    media_type = "application/jsonl"


class _Csv(Response):
    media_type = "text/csv"


def _admit(
    connection: Connection, token: HTTPAuthorizationCredentials | None, scope: Scope | None, store_id: str | None
) -> Caller:
    caller = tokens.caller(connection, token.credentials) if token else None
    if caller is None:
        raise Refused(ApiProblem.NO_TOKEN, "send a good token: Authorization: Bearer ...")
    if scope is not None and scope.value not in caller.scopes:
        raise Refused(ApiProblem.SCOPE, f"this needs the scope {scope.value}")
    if store_id is not None and not caller.works_in(store_id):
        raise Refused(ApiProblem.UNKNOWN, "there is no such store for this token")
    return caller


def _reader(request: Request) -> Callable[[bytes], list[catalogue.Numbered]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    found = {"text/csv": catalogue.read_csv, "application/json": catalogue.read_json}.get(kind)
    if found is None:
        raise Refused(ApiProblem.MEDIA_TYPE, "send text/csv or application/json")
    return found


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BYTES:
            raise Refused(ApiProblem.TOO_LARGE, f"an import has at most {MOST_BYTES} bytes; send several")
        parts.append(chunk)
    return b"".join(parts)


def _answer_every_error(api: FastAPI) -> None:
    @api.exception_handler(Refused)
    async def refused(_request: Request, error: Refused) -> Response:
        return problems.answer(error.kind, str(error), error.field)

    @api.exception_handler(RequestValidationError)
    async def malformed(_request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first.get("loc", ())[1:])[:80]
        return problems.answer(ApiProblem.MALFORMED, str(first.get("msg", ""))[:200], field or None)

    @api.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> Response:
        kind = {404: ApiProblem.UNKNOWN, 405: ApiProblem.METHOD}.get(error.status_code, ApiProblem.MALFORMED)
        found = problems.answer(kind, "see /api/v1/openapi.json for what there is", status=error.status_code)
        found.headers.update(error.headers or {})
        return found

    @api.exception_handler(Refusal)
    @api.exception_handler(DatabaseAwayError)
    async def busy(_request: Request, _error: Exception) -> Response:
        return problems.answer(ApiProblem.BUSY, "nothing was done; try again")

    @api.exception_handler(Exception)
    async def mistake(request: Request, error: Exception) -> Response:
        log.error("a request to %s failed", request.url.path, exc_info=error)
        return problems.answer(ApiProblem.INTERNAL, "it was written down; try again later")
