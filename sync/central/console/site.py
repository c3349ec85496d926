"""The console's addresses: who comes, what he may, and that a form was made for his session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote

from fastapi import FastAPI
from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sync.central import audit
from sync.central.console import accounts, acting, bills, forms, live, people, seeing, sessions
from sync.central.console.pages import ASSETS, HEADERS, LANGUAGE_COOKIE, LANGUAGES, Page, chosen_language, draw
from sync.central.console.people import Person
from sync.central.console.sessions import Session
from sync.central.console.visits import Ended, Visit
from sync.central.desk import Desk
from sync.central.errors import DatabaseAwayError, Refusal
from sync.central.feeds import EVERY_STORE

MOST_FORM_BYTES: Final = 16_384
_PREFIX: Final = "/console"
Show = Callable[[Connection, Visit], Page]
Act = Callable[[Connection, Visit], str]
Answer = Callable[[Request], Awaitable[Response]]


def add_console(app: FastAPI, desk: Desk) -> None:
    """`/console/...` and the public receipts under `/r/...`."""
    console = Console(desk)
    app.mount(_PREFIX, console.site())
    app.add_route("/r/{token}", console.receipt, methods=["GET", "HEAD"], include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Guest:
    """Who sent a request, as far as its cookie says; `person` None before the log-in."""

    person: Person | None
    session: Session
    form_token: str
    is_new: bool


class Console:
    """The console of one process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._key = b""
        self._pulse = live.Pulse(self._marks)
        desk.waiting.append(self._pulse.close)

    def site(self) -> ASGIApp:
        """Everything under `/console`."""
        store = "/stores/{store}"
        routes = [
            Route("/", self._shows(seeing.store_list)),
            Route("/login", self._log_in_page, methods=["GET"]),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/logout", self._log_out, methods=["POST"]),
            Route("/language/{code}", self._switch_language),
            Route(f"{store}/live", self._live),
            Route(f"{store}/terminals", self._shows(seeing.store)),
            Route(f"{store}/approvals", self._shows(seeing.approvals), methods=["GET"]),
            Route(f"{store}/approvals", self._acts(acting.answer), methods=["POST"]),
            Route(f"{store}/sales", self._shows(seeing.sales)),
            Route(f"{store}/sales/{{terminal}}/{{sale}}", self._shows(seeing.sale)),
            Route(f"{store}/bills", self._shows(bills.bill_list), methods=["GET"]),
            Route(f"{store}/bills", self._acts(bills.close_case), methods=["POST"]),
            Route(f"{store}/commands", self._shows(seeing.command_list), methods=["GET"]),
            Route(f"{store}/commands", self._acts(acting.command), methods=["POST"]),
            Route(f"{store}/alerts", self._shows(seeing.alert_list), methods=["GET"]),
            Route(f"{store}/alerts", self._acts(acting.close_alert), methods=["POST"]),
            Route(f"{store}/forms", self._shows(forms.show), methods=["GET"]),
            Route(f"{store}/forms", self._acts(forms.act), methods=["POST"]),
            Route(f"{store}/accounts", self._shows(accounts.show), methods=["GET"]),
            Route(f"{store}/accounts", self._acts(accounts.act), methods=["POST"]),
            Route(f"{store}/audit", self._shows(seeing.audit_trail)),
            Mount("/static", StaticFiles(directory=ASSETS / "console" / "static")),
            Mount("/fonts", StaticFiles(directory=ASSETS / "fonts")),
            Mount("/pictures", StaticFiles(directory=ASSETS / "pictures")),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: self._no_such_page})

    async def receipt(self, request: Request) -> Response:
        """`GET /r/{token}`: for whoever holds the receipt."""
        token = str(request.path_params["token"])

        def look(connection: Connection) -> Page | None:
            return seeing.public_receipt(connection, token)

        async def answered() -> Response:
            page = await self._desk.through(lambda: self._desk.database.read(look))
            return draw(page or Page("no_receipt.html", status=404), _language(request))

        response = await self._guarded(request, answered)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _shows(self, show: Show) -> Answer:
        async def handle(request: Request) -> Response:
            async def answered() -> Response:
                guest = await self._guest(request)
                if guest.person is None:
                    return _to_log_in(request)
                visit = _visit(request, guest.person, self._desk.settings.now_s())
                page = await self._desk.through(
                    lambda: self._desk.database.read(lambda connection: show(connection, visit))
                )
                return self._drawn(request, page, guest)

            return await self._guarded(request, answered)

        return handle

    def _acts(self, act: Act) -> Answer:
        async def handle(request: Request) -> Response:
            async def answered() -> Response:
                guest = await self._guest(request)
                form = await _form(request)
                if guest.person is None:
                    return _to_log_in(request)
                self._check(form, guest)
                visit = replace(_visit(request, guest.person, self._desk.settings.now_s()), form=form)
                where = await self._desk.through(
                    lambda: self._desk.database.write(lambda connection: act(connection, visit))
                )
                return RedirectResponse(where, 303, HEADERS)

            return await self._guarded(request, answered)

        return handle

    async def _log_in_page(self, request: Request) -> Response:
        async def answered() -> Response:
            guest = await self._guest(request)
            page = Page(
                "login.html", {"next": _local(request.query_params.get("next", "")), "name": "", "is_wrong": False}
            )
            return self._drawn(request, page, guest)

        return await self._guarded(request, answered)

    async def _log_in(self, request: Request) -> Response:
        async def answered() -> Response:
            guest = await self._guest(request)
            form = await _form(request)
            self._check(form, guest)
            now_s, name = self._desk.settings.now_s(), form.get("name", "").strip().lower()[:64]
            database, password = self._desk.database, form.get("password", "")
            person = await self._desk.through(lambda: people.log_in(database, name, password, now_s))
            where = _local(form.get("next", ""))
            if person is None:
                return self._drawn(
                    request, Page("login.html", {"next": where, "name": name, "is_wrong": True}, 401), guest
                )
            response = RedirectResponse(_begins_at(person, where), 303, HEADERS)
            self._give(request, response, sessions.begin(person.name, now_s))
            return response

        return await self._guarded(request, answered)

    async def _log_out(self, request: Request) -> Response:
        async def answered() -> Response:
            guest = await self._guest(request)
            self._check(await _form(request), guest)
            person, now_s = guest.person, self._desk.settings.now_s()

            def ends(connection: Connection) -> None:
                if person is not None:
                    people.log_out(connection, person.name, now_s)
                    act = audit.Act(person.store_id, person.name, "console.log-out", person.name)
                    audit.write(connection, act, now_s)

            await self._desk.through(lambda: self._desk.database.write(ends))
            response = RedirectResponse(f"{_PREFIX}/login", 303, HEADERS)
            response.delete_cookie(sessions.COOKIE, path=_PREFIX)
            return response

        return await self._guarded(request, answered)

    async def _switch_language(self, request: Request) -> Response:
        code = str(request.path_params["code"])
        response = RedirectResponse(_local(request.query_params.get("next", "")), 303, HEADERS)
        if code in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, code, max_age=365 * 86_400, httponly=True, samesite="lax", path="/")
        return response

    async def _live(self, request: Request) -> Response:
        async def answered() -> Response:
            guest = await self._guest(request)
            if guest.person is None:
                raise Ended(401, "console.error.forbidden")
            store_id = _visit(request, guest.person, 0).store_id
            if self._pulse.is_full:
                raise Ended(503, "console.error.busy")
            return StreamingResponse(
                self._pulse.events(store_id),
                headers=HEADERS | {"X-Accel-Buffering": "no"},
                media_type="text/event-stream",
            )

        return await self._guarded(request, answered)

    async def _guest(self, request: Request) -> _Guest:
        """Whose session the cookie is: signed here, not too old, not ended, of someone who still may log in."""
        if not self._key:
            self._key = await self._desk.through(lambda: self._desk.database.write(sessions.key))
        now_s = self._desk.settings.now_s()
        session = sessions.opened(request.cookies.get(sessions.COOKIE, ""), self._key, now_s)
        if session is None:
            session = sessions.begin("", now_s)
            return _Guest(None, session, sessions.form_token(session, self._key), True)
        person = None
        if name := session.name:
            database = self._desk.database
            person = await self._desk.through(lambda: database.read(lambda connection: people.find(connection, name)))
        if person is not None and session.begun_ms < person.sessions_from_ms:
            person = None
        if session.name and person is None:
            session = sessions.begin("", now_s)
            return _Guest(None, session, sessions.form_token(session, self._key), True)
        return _Guest(person, session, sessions.form_token(session, self._key), False)

    def _check(self, form: dict[str, str], guest: _Guest) -> None:
        if not sessions.is_form_token(form.get("form_token", ""), guest.session, self._key):
            raise Ended(403, "console.error.form-token")

    def _drawn(self, request: Request, page: Page, guest: _Guest) -> Response:
        response = draw(
            page,
            _language(request),
            person=guest.person,
            form_token=guest.form_token,
            here=request.url.path,
            may_audit=guest.person is not None and guest.person.may(people.May.READ_AUDIT),
            may_accounts=guest.person is not None and guest.person.may(people.May.READ_ACCOUNTS),
        )
        if guest.is_new:
            self._give(request, response, guest.session)
        return response

    def _give(self, request: Request, response: Response, session: Session) -> None:
        response.set_cookie(
            sessions.COOKIE,
            sessions.seal(session, self._key),
            max_age=sessions.LIFE_S,
            path=_PREFIX,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )

    async def _guarded(self, request: Request, answered: Callable[[], Awaitable[Response]]) -> Response:
        """Whatever goes wrong is a page, too."""
        try:
            return await answered()
        except Ended as ended:
            page = Page("error.html", {"words": ended.words}, ended.status)
        except (DatabaseAwayError, Refusal):
            page = Page("error.html", {"words": "console.error.busy"}, 503)
        return draw(page, _language(request))

    async def _no_such_page(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return draw(Page("error.html", {"words": "console.error.not-found"}, status), _language(request))

    async def _marks(self, stores: frozenset[str]) -> dict[str, str]:
        def look(connection: Connection) -> dict[str, str]:
            return {store_id: live.mark(connection, store_id) for store_id in stores}

        return await self._desk.through(lambda: self._desk.database.read(look))


async def _form(request: Request) -> dict[str, str]:
    """The fields of an ordinary form. Raises Ended."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise Ended(415, "console.error.form")
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MOST_FORM_BYTES:
            raise Ended(413, "console.error.form")
    try:
        return dict(parse_qsl(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=30))
    except (ValueError, UnicodeDecodeError):
        raise Ended(400, "console.error.form") from None


def _visit(request: Request, person: Person, now_s: float) -> Visit:
    place = {name: str(value)[:200] for name, value in request.path_params.items()}
    asked = {name: value[:200] for name, value in request.query_params.items()}
    return Visit(person, place, asked, {}, now_s)


def _language(request: Request) -> str:
    return chosen_language(request.cookies.get(LANGUAGE_COOKIE, ""), request.headers.get("accept-language", ""))


def _to_log_in(request: Request) -> Response:
    here = request.url.path if request.method == "GET" else f"{_PREFIX}/"
    return RedirectResponse(f"{_PREFIX}/login?next={quote(here, safe='/')}", 303, HEADERS)


def _begins_at(person: Person, where: str) -> str:
    """Whoever works in one store sees it at once."""
    if where != f"{_PREFIX}/" or person.store_id == EVERY_STORE:
        return where
    return f"{_PREFIX}/stores/{quote(person.store_id, safe='')}/terminals"


def _local(address: str) -> str:
    """An address of the console and nothing else: never somewhere that a link from outside names."""
    is_local = address.startswith(f"{_PREFIX}/") and not any(sign in address for sign in ("\\", "//", "..", "\r", "\n"))
    return address[:500] if is_local else f"{_PREFIX}/"
