"""Responses that stay open: server-sent events straight to ASGI, and a wait for the outcome."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.gateway.sse import MEDIA_TYPE
from services.gateway.streams import TurnStream
from shared.events.replies import TurnEnded

_STREAM_HEADERS: Final = (
    (b"content-type", f"{MEDIA_TYPE}; charset=utf-8".encode()),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
)
_UNWATCHED_SECONDS: Final = 1.0


class EventStreamResponse(Response):
    """Sends a turn's stream until it ends or the client is gone; the server drops one that does not read.

    However it ends, the stream is closed, and the client can resume where it was.
    """

    def __init__(self, stream: TurnStream, accepted: bytes, headers: Mapping[str, str]) -> None:
        self.status_code = 200
        self.background = None
        self.raw_headers = [*_STREAM_HEADERS, *((name.encode(), value.encode()) for name, value in headers.items())]
        self._stream = stream
        self._accepted = accepted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        stream = self._stream
        try:
            with _watched(receive, stream.stop):
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                async for block in stream.blocks(self._accepted):
                    await send({"type": "http.response.body", "body": block, "more_body": not stream.is_over})
                if not stream.is_over:
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            stream.close()


class WaitingResponse(Response):
    """Holds a request until its turn has ended; `respond` makes the answer of what came of it.

    Headers that it is given go with that answer.
    """

    def __init__(
        self, stream: TurnStream, within_seconds: float, respond: Callable[[TurnEnded | None], Response]
    ) -> None:
        self.status_code = 200
        self.background = None
        self.raw_headers = []
        self._stream = stream
        self._within_seconds = within_seconds
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with _watched(receive, self._stream.stop):
                ended = await self._stream.ending(self._within_seconds)
        finally:
            self._stream.close()
        response = self._respond(ended)
        response.raw_headers += self.raw_headers
        await response(scope, receive, send)


@contextmanager
def _watched(receive: Receive, gone: Callable[[], None]) -> Iterator[None]:
    """Calls `gone` when the client leaves. Looks from a second on: a task for each of many short streams costs more."""
    tasks: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()
    timer = loop.call_later(_UNWATCHED_SECONDS, lambda: tasks.append(loop.create_task(_until_gone(receive, gone))))
    try:
        yield
    finally:
        timer.cancel()
        for task in tasks:
            task.cancel()


async def _until_gone(receive: Receive, gone: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone()
