"""The addresses that nobody has to sign for: enrolment, and whether the service is well."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from sync.central import enrolment
from sync.central.database import one
from sync.central.described import takes
from sync.central.desk import Desk, reader
from sync.central.errors import Refusal
from sync.central.keys import iso
from sync.protocol.enrolment import EnrolmentAnswer, EnrolmentOffer, EnrolmentRequest
from sync.protocol.problems import Problem, ProblemType
from sync.protocol.wire import Answer

_PROBLEMS: Final[dict[int | str, dict[str, object]]] = {code: {"model": Problem} for code in (400, 403, 413, 422, 503)}


class Health(Answer):
    """The process runs and its database answers."""

    status: str


def open_routes(desk: Desk) -> APIRouter:
    """`/v1/enrolment`, `/v1/health`."""
    router = APIRouter(prefix="/v1", tags=["enrolment"], responses=_PROBLEMS)
    settings = desk.settings

    def offer(_raw: bytes) -> EnrolmentOffer:
        if not settings.ca_pem:
            raise Refusal(ProblemType.UNKNOWN, "this service has no certificate authority to offer; start it with TLS")
        return EnrolmentOffer(ca_pem=settings.ca_pem, service_time=iso(settings.now_s()))

    def take(raw: bytes) -> Answer:
        asked = reader(EnrolmentRequest)(raw, "")

        def enrol(connection: Connection) -> Answer:
            found = enrolment.enrol(connection, asked, settings.ca_pem, settings.now_s())
            is_in = isinstance(found, EnrolmentAnswer)
            return found.model_copy(update={"receipt_url": settings.receipt_url}) if is_in else found

        return desk.database.write(enrol)

    def well(_raw: bytes) -> Health:
        desk.database.read(lambda connection: one(connection, "SELECT 1"))
        return Health(status="ok")

    @router.get("/enrolment", response_model=EnrolmentOffer)
    async def enrolment_offer(request: Request) -> Response:
        """Which certificate authority to trust; proven by the answer to the request."""
        return await desk.open(request, offer)

    @router.post(
        "/enrolment",
        response_model=EnrolmentAnswer,
        openapi_extra=takes(EnrolmentRequest),
    )
    async def enrol_terminal(request: Request) -> Response:
        """A terminal with a pairing code makes its key known."""
        return await desk.open(request, take)

    @router.get("/health", response_model=Health)
    async def health(request: Request) -> Response:
        """For a balancer."""
        return await desk.open(request, well)

    return router
