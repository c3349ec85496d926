"""Runs the service on a socket, with TLS: for `kiosk central serve`, and on a thread for whoever wants one beside."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI

from sync.central.authority import TlsFiles
from sync.central.errors import CentralError

KEEP_ALIVE_S: Final = 75
MOST_HEADER_BYTES: Final = 16_384
START_WAIT_S: Final = 30.0


def server(app: FastAPI, tls: TlsFiles | None) -> uvicorn.Server:
    """uvicorn, set up for terminals: no access log of every request, bounded headers, a moment to end what runs."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        ssl_certfile=str(tls.certificate) if tls else None,
        ssl_keyfile=str(tls.key) if tls else None,
    )
    return _Server(config, app)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises CentralError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named: asyncio switches Nagle's algorithm off only where it sees one, and every answer (a head, then a body) would
    # wait 40 ms for the other end's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CentralError(
            f"port {port} of {host} cannot be opened ({error.strerror}); choose another with --port"
        ) from error
    return listener


class _Server(uvicorn.Server):
    """Lets go of who only waits (long polls, live pages) before it waits for what runs: they would hold every end up."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.desk.let_go()
        await super().shutdown(sockets)


class RunningService:
    """The service on a thread of this process, until `stop`."""

    def __init__(self, app: FastAPI, listener: socket.socket, tls: TlsFiles | None = None) -> None:
        self._listener = listener
        self._server = server(app, tls)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="central-service", daemon=True
        )
        self.port: int = listener.getsockname()[1]
        self.ca: Path | None = tls.ca if tls else None

    def start(self) -> None:
        """Come back when it serves. Raises CentralError."""
        self._thread.start()
        waited = threading.Event()
        for _ in range(int(START_WAIT_S / 0.02)):
            if self._server.started:
                return
            if not self._thread.is_alive():
                break
            waited.wait(0.02)
        raise CentralError("the central service did not start; its log says why")

    def stop(self) -> None:
        """End what runs, close the socket. Callable more than once."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(START_WAIT_S)
        self._listener.close()
