"""What goes wrong at the back office's API, each with a type that never changes once released (RFC 9457)."""

from __future__ import annotations

from enum import StrEnum

from fastapi import Response

from sync.central.backoffice.models import ProblemDocument


class ApiProblem(StrEnum):
    """The `type` of a problem."""

    MALFORMED = "urn:tern:problem:malformed"
    NO_TOKEN = "urn:tern:problem:no-token"  # noqa: S105 - a name
    SCOPE = "urn:tern:problem:scope"
    UNKNOWN = "urn:tern:problem:not-found"
    METHOD = "urn:tern:problem:method"
    TOO_LARGE = "urn:tern:problem:too-large"
    MEDIA_TYPE = "urn:tern:problem:media-type"
    STATE = "urn:tern:problem:state"
    BUSY = "urn:tern:problem:busy"
    INTERNAL = "urn:tern:problem:internal"


_TITLES = {
    ApiProblem.MALFORMED: (422, "The request is not what it should be"),
    ApiProblem.NO_TOKEN: (401, "The token is missing or not good"),
    ApiProblem.SCOPE: (403, "The token is not good for this"),
    ApiProblem.UNKNOWN: (404, "There is no such thing"),
    ApiProblem.METHOD: (405, "This cannot be done here"),
    ApiProblem.TOO_LARGE: (413, "The request is too large"),
    ApiProblem.MEDIA_TYPE: (415, "This kind of content is not taken"),
    ApiProblem.STATE: (409, "It is not in a state for this"),
    ApiProblem.BUSY: (503, "Too many at once"),
    ApiProblem.INTERNAL: (500, "A mistake of the service"),
}


class Refused(Exception):  # noqa: N818 - an answer, and no error of the service
    """The request is refused, and nothing of it is kept."""

    def __init__(self, kind: ApiProblem, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.field = field


def answer(kind: ApiProblem, detail: str, field: str | None = None, status: int | None = None) -> Response:
    """The problem document."""
    usual, title = _TITLES[kind]
    found = ProblemDocument(type=kind.value, title=title, status=status or usual, detail=detail, field=field)
    headers = {ApiProblem.NO_TOKEN: {"WWW-Authenticate": "Bearer"}, ApiProblem.BUSY: {"Retry-After": "5"}}.get(kind)
    return Response(found.model_dump_json(exclude_none=True), found.status, headers, "application/problem+json")
