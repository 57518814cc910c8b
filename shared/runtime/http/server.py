"""The HTTP server: uvicorn on uvloop, with deadlines on reading and on being read, which uvicorn itself lacks."""

import asyncio
import gc
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_READ_DEADLINE = 15.0
_WRITE_DEADLINE = 10.0
_KEEP_ALIVE = 75
_YOUNG_OBJECTS = 20_000


class _DeadlineProtocol(HttpToolsProtocol):
    """Closes a connection whose request is not read within the deadline: silent, slow headers or slow body.

    The same for one whose client leaves more unread than the buffers hold: a slow reader of a stream.
    """

    _deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self._unblock()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._disarm()
        self._arm()

    def on_message_complete(self) -> None:
        self._disarm()
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_deadline = asyncio.get_running_loop().call_later(_WRITE_DEADLINE, self.transport.abort)

    def resume_writing(self) -> None:
        self._unblock()
        super().resume_writing()

    def _unblock(self) -> None:
        if self._write_deadline is not None:
            self._write_deadline.cancel()
            self._write_deadline = None

    def _arm(self) -> None:
        self._deadline = asyncio.get_running_loop().call_later(_READ_DEADLINE, self.transport.abort)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class _Server(uvicorn.Server):
    """Tells the application that it is stopping while connections are still open, so that streams can end."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What start-up made stays as long as the process: looking through it again and again finds nothing.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG_OBJECTS, 20, 50)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping()
        await super().shutdown(sockets)


def serve(
    app: ASGIApp, *, host: str, port: int, grace: timedelta, stopping: Callable[[], None] = lambda: None, **more: Any
) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests finish within `grace`."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_DeadlineProtocol,
        loop="uvloop",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=int(grace.total_seconds()),
        **more,
    )
    _Server(config, stopping).run()
