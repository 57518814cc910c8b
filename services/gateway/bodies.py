"""The limit on request bodies: refused while they are read, so that no memory is spent on what is too long."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime.http.direct import too_long

LARGEST: Final = 256 * 1024


class BodyLimit:
    """ASGI middleware: a longer body is a 413, announced or not."""

    def __init__(self, app: ASGIApp, larger: Mapping[str, int]) -> None:
        """`larger` has the paths whose bodies may be longer than `LARGEST`, with their limits in bytes."""
        self._app = app
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS", "DELETE"):
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        left = largest = self._larger.get(scope["path"], LARGEST)
        is_too_long = announced.isdigit() and int(announced) > largest

        async def limited() -> Message:
            nonlocal left
            if is_too_long:
                raise too_long(largest)
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise too_long(largest)
            return message

        await self._app(scope, limited, send)
