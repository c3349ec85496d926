"""Takes every signed request the same way: reads it within bounds, admits it, proves it, works on it in one transaction, answers."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar

from fastapi import Request, Response
from pydantic import ValidationError
from sqlalchemy import Connection

from sync.central import alerts, commands, keys
from sync.central.batches import refused
from sync.central.database import Database, one
from sync.central.door import Door
from sync.central.errors import DatabaseAwayError, Refusal
from sync.central.heads import Sender
from sync.central.polling import Polls
from sync.central.seen_here import SeenHere
from sync.central.settings import Settings
from sync.protocol import wire
from sync.protocol.commands import CommandList
from sync.protocol.problems import MEDIA_TYPE, Problem, ProblemType
from sync.protocol.wire import RequestClass
from sync.signing import Parts

log = logging.getLogger(__name__)

T = TypeVar("T")
M = TypeVar("M", bound=wire.Request)
BODY_WAIT_S: Final = 30.0
LONGEST_DEADLINE_MS: Final = 120_000
_MOST_TOLD: Final = 50_000
_NOTHING_OPEN: Final = CommandList(commands=()).model_dump_json().encode()
_ALERT_EVERY_S: Final = 10.0
# What is worth a person's look: someone signs with what he should not have, or sends what was sent before.
_SEEN: Final = (
    ProblemType.BAD_SIGNATURE,
    ProblemType.REPLAY,
    ProblemType.REVOKED,
    ProblemType.UNKNOWN_KEY,
    ProblemType.OTHER_TERMINAL,
    ProblemType.BAD_CHAIN,
)


class Desk:
    """Where a process of the service takes requests. Used on one event loop; `database` and `settings` from anywhere."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.door = Door(settings.workers)
        self.taken_in = asyncio.Event()  # set when entries came in, for the projections
        self.waiting: list[Callable[[], None]] = []  # each lets those go who wait for something to happen
        self._seen_here = SeenHere(settings.now_s())
        self._is_away = False
        self._told: dict[tuple[str, str], float] = {}

    async def changing(
        self, request: Request, read: Callable[[bytes, str], T], work: Callable[[Connection, Sender, T], wire.Answer]
    ) -> Response:
        """A request that changes something: `read(content, terminal_id)` without the database, then `work` in one transaction.

        Both may raise Refusal, which stores nothing. A Problem that `work` gives is answered as one, and what it stored stays.
        """

        def on_thread(parts: Parts, raw: bytes) -> wire.Answer:
            now_s = self.settings.now_s()
            signed, sender = self.database.read(lambda connection: keys.authenticate(connection, parts, now_s))
            wanted = read(_content(parts, raw), signed.terminal_id)

            def in_transaction(connection: Connection) -> wire.Answer:
                keys.use_once(connection, signed)
                keys.note_seen(connection, sender, parts.headers.get(wire.CLOCK_HEADER))
                return work(connection, sender, wanted)

            return self.database.write(in_transaction)

        return await self._answer(request, on_thread)

    async def asking(
        self, request: Request, read: Callable[[bytes, str], T], work: Callable[[Sender, T], wire.Answer]
    ) -> Response:
        """As `changing`, for what somebody else has to be asked about: `work` makes its transactions itself, and none waits meanwhile."""

        def on_thread(parts: Parts, raw: bytes) -> wire.Answer:
            now_s = self.settings.now_s()
            signed, sender = self.database.read(lambda connection: keys.authenticate(connection, parts, now_s))
            wanted = read(_content(parts, raw), signed.terminal_id)

            def once(connection: Connection) -> None:
                keys.use_once(connection, signed)
                keys.note_seen(connection, sender, parts.headers.get(wire.CLOCK_HEADER))

            self.database.write(once)
            return work(sender, wanted)

        return await self._answer(request, on_thread)

    async def reading(self, request: Request, work: Callable[[Connection, Sender], wire.Answer]) -> Response:
        """A request that changes nothing. Its nonce is remembered in this process only: made again, it tells the terminal what it knows."""

        def on_thread(parts: Parts, _raw: bytes) -> wire.Answer:
            def in_transaction(connection: Connection) -> wire.Answer:
                now_s = self.settings.now_s()
                signed, sender = keys.authenticate(connection, parts, now_s)
                found = work(connection, sender)
                self._seen_here.use_once(
                    signed, now_s
                )  # last, for no rollback undoes it: the transaction may be tried again
                return found

            return self.database.read(in_transaction)

        return await self._answer(request, on_thread)

    async def polling(self, request: Request, polls: Polls, wait_s: int) -> Response:
        """Open commands of the terminal that asks: at once, or as soon as there are any, or none after `wait_s`."""
        asked: list[Sender] = []

        def ask(connection: Connection, sender: Sender) -> wire.Answer:
            asked.append(sender)
            return commands.open_for(connection, sender.terminal_id, self.settings.now_s())

        response = await self.reading(request, ask)
        if not wait_s or not asked or response.status_code != HTTPStatus.OK or response.body != _NOTHING_OPEN:
            return response
        terminal_id = asked[0].terminal_id
        await polls.wait(terminal_id, wait_s)

        def ask_again(connection: Connection) -> wire.Answer:
            return commands.open_for(connection, terminal_id, self.settings.now_s())

        try:
            return answer(await self.through(lambda: self.database.read(ask_again)))
        except (Refusal, DatabaseAwayError):
            return response

    async def open(self, request: Request, work: Callable[[bytes], wire.Answer]) -> Response:
        """A request that nobody has signed: of a terminal that is not enrolled yet."""
        return await self._answer(request, lambda _, raw: work(raw), unless_told=RequestClass.LIVE)

    async def through(self, work: Callable[[], T]) -> T:
        """`work` on a worker's thread as something live, for what waits on the loop. Raises Refusal, DatabaseAwayError."""
        return await self.door.through(RequestClass.LIVE, time.monotonic() + LONGEST_DEADLINE_MS / 1000, work)

    def let_go(self) -> None:
        """Answer who only waits for something to happen: the service is about to end. On the event loop."""
        for let_them_go in self.waiting:
            let_them_go()

    def close(self) -> None:
        """Let go of threads and connections."""
        self.door.close()
        self.database.close()

    async def _answer(
        self,
        request: Request,
        on_thread: Callable[[Parts, bytes], wire.Answer],
        unless_told: RequestClass = RequestClass.BACKLOG,
    ) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        claimed = headers.get("signature-input", "")
        try:
            kind, deadline_s = _asked_class(headers, unless_told), _deadline_s(headers)
            try:
                self.door.refuse_early(kind)
            except Refusal:
                await _drain(request)
                raise
            raw = await _body(request, headers)
            parts = Parts(request.method, headers.get("host", ""), _target(request), headers, raw)
            found = answer(await self.door.through(kind, deadline_s, lambda: on_thread(parts, raw)))
            self._is_away = False
            return found
        except Refusal as refusal:
            self._note(claimed, refusal)
            return refused_answer(refusal)
        except DatabaseAwayError as error:
            if not self._is_away:  # said once: every terminal of a fleet asks meanwhile
                log.error("%s", error)
            self._is_away = True
            return refused_answer(Refusal(ProblemType.UNAVAILABLE, "nothing was acknowledged", retry_after_s=5.0))

    def _note(self, claimed: str, refusal: Refusal) -> None:
        """Tell people, at most once in a while for each terminal, so that nobody can fill the database with refusals."""
        if refusal.kind not in _SEEN:
            return
        terminal_id = claimed.partition(';keyid="')[2].partition('"')[0].rpartition("/")[0][:64]
        now_s = self.settings.now_s()
        if self._told.get((terminal_id, refusal.kind), -_ALERT_EVERY_S) + _ALERT_EVERY_S > now_s:
            return
        if len(self._told) > _MOST_TOLD:
            self._told.clear()
        self._told[terminal_id, refusal.kind] = now_s
        log.warning("refused a request of terminal %r: %s", terminal_id, refusal)

        def note(connection: Connection) -> None:
            known = one(connection, "SELECT store_id FROM terminal WHERE terminal_id = :terminal", terminal=terminal_id)
            if known is not None:
                alerts.raise_alert(
                    connection,
                    terminal_id,
                    alerts.REFUSED,
                    refusal.kind.value,
                    str(refusal),
                    store_id=known.store_id,
                    now_s=now_s,
                )

        asyncio.get_running_loop().run_in_executor(None, self._write_quietly, note)

    def _write_quietly(self, note: Callable[[Connection], None]) -> None:
        try:
            self.database.write(note)
        except DatabaseAwayError as error:
            log.error("an alert was not written: %s", error)


def reader(model: type[M]) -> Callable[[bytes, str], M]:
    """Reads a body as `model`, for `Desk.changing`."""

    def read(content: bytes, _terminal_id: str) -> M:
        try:
            return model.model_validate_json(content)
        except ValidationError as error:
            raise refused(error) from None

    return read


def answer(found: wire.Answer, status: int = 200) -> Response:
    """An answer, or the problem document that it is."""
    if isinstance(found, Problem):
        return problem_response(found)
    return Response(found.model_dump_json(), status, media_type="application/json")


def problem_response(found: Problem, retry_after_s: float | None = None) -> Response:
    """A problem document, with when to try again: to the millisecond for terminals, in whole seconds for everyone else."""
    headers = {}
    if retry_after_s is not None:
        headers = {"Retry-After": str(math.ceil(retry_after_s))}
        found = found.model_copy(update={"retry_after_ms": math.ceil(retry_after_s * 1_000)})
    return Response(found.model_dump_json(exclude_none=True), found.status, headers, MEDIA_TYPE)


def refused_answer(refusal: Refusal) -> Response:
    """The problem document of a refusal."""
    return problem_response(refusal.problem, refusal.retry_after_s)


def _asked_class(headers: dict[str, str], unless_told: RequestClass) -> RequestClass:
    if headers.get(wire.PROTOCOL_HEADER, str(wire.VERSION)) != str(wire.VERSION):
        raise Refusal(ProblemType.PROTOCOL, f"this service speaks version {wire.VERSION} ({wire.PROTOCOL_HEADER})")
    given = headers.get(wire.CLASS_HEADER, unless_told.value)
    try:
        return RequestClass(given)
    except ValueError:
        raise Refusal(
            ProblemType.MALFORMED, f"{wire.CLASS_HEADER}: {', '.join(RequestClass)}", field=wire.CLASS_HEADER
        ) from None


def _deadline_s(headers: dict[str, str]) -> float:
    given = headers.get(wire.DEADLINE_HEADER, "30000")
    if not (given.isascii() and given.isdigit() and 0 < len(given) <= 9):
        raise Refusal(ProblemType.MALFORMED, "milliseconds, a whole number", field=wire.DEADLINE_HEADER)
    return time.monotonic() + min(int(given), LONGEST_DEADLINE_MS) / 1000


def _target(request: Request) -> str:
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope.get("query_string", b"")
    return (path + (b"?" + query if query else b"")).decode("latin-1")


async def _body(request: Request, headers: dict[str, str]) -> bytes:
    announced = headers.get("content-length", "0")
    too_large = Refusal(ProblemType.TOO_LARGE, f"more than {wire.SENT_MOST_BYTES} bytes; send it in smaller parts")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > wire.SENT_MOST_BYTES:
        await _drain(request)
        raise too_large
    received = bytearray()
    try:
        async with asyncio.timeout(BODY_WAIT_S):
            async for chunk in request.stream():
                received += chunk
                if len(received) > wire.SENT_MOST_BYTES:
                    await _drain(request)
                    raise too_large
    except TimeoutError:
        raise Refusal(ProblemType.EXPIRED, f"the body did not arrive within {BODY_WAIT_S:.0f} s") from None
    return bytes(received)


async def _drain(request: Request) -> None:
    """Read on without keeping it: a terminal that is still sending would see a broken line instead of the answer. Within bounds."""
    seen = 0
    try:
        async with asyncio.timeout(BODY_WAIT_S):
            async for chunk in request.stream():
                seen += len(chunk)
                if seen > 4 * wire.SENT_MOST_BYTES:
                    return
    except (TimeoutError, RuntimeError):
        return


def _content(parts: Parts, raw: bytes) -> bytes:
    coding = parts.headers.get("content-encoding", "identity").strip().lower()
    if coding == "identity":
        return raw
    if coding != "gzip":
        raise Refusal(ProblemType.MALFORMED, "only gzip is understood", field="content-encoding", status=415)
    try:
        return wire.unpacked(raw)
    except wire.TooLargeError as error:
        raise Refusal(ProblemType.TOO_LARGE, str(error)) from None
    except wire.NotGzipError as error:
        raise Refusal(ProblemType.MALFORMED, str(error), field="content-encoding") from None
