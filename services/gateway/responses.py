"""Responses that stay open: server-sent events straight to ASGI, and a wait for the outcome."""

import asyncio
from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.gateway.sse import MEDIA_TYPE
from services.gateway.streams import TurnStream
from shared.events.replies import TurnEnded


class EventStreamResponse(Response):
    """Sends a turn's stream until it ends or the client is gone; the server drops one that does not read.

    However it ends, the stream is closed, and the client can resume where it was.
    """

    def __init__(self, stream: TurnStream, accepted: bytes, headers: Mapping[str, str]) -> None:
        super().__init__(None, 200, media_type=MEDIA_TYPE)
        self._stream = stream
        self._accepted = accepted
        own = MutableHeaders(raw=self.raw_headers)
        del own["content-length"]
        own.update({"cache-control": "no-cache", "x-accel-buffering": "no"})
        own.update(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch = asyncio.create_task(_until_gone(receive, self._stream.stop))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async for block in self._stream.blocks(self._accepted):
                await send({"type": "http.response.body", "body": block, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            watch.cancel()
            self._stream.close()


class WaitingResponse(Response):
    """Holds a request until its turn has ended; `respond` makes the answer of what came of it."""

    def __init__(
        self, stream: TurnStream, within_seconds: float, respond: Callable[[TurnEnded | None], Response]
    ) -> None:
        super().__init__()
        self._stream = stream
        self._within_seconds = within_seconds
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch = asyncio.create_task(_until_gone(receive, self._stream.stop))
        try:
            ended = await self._stream.ending(self._within_seconds)
        finally:
            watch.cancel()
            self._stream.close()
        await self._respond(ended)(scope, receive, send)


async def _until_gone(receive: Receive, gone: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone()
