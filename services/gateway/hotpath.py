"""The hot path: submitting a turn goes past the router, whose work would cost as much as the turn itself."""

import re
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.routes.submission import submit_turn
from shared.runtime.http import request_id_of
from shared.runtime.http.problems import EXPECTED, answer

_TURNS: Final = re.compile(r"/v1/sessions/(?P<session_id>[^/]+)/turns")


class HotPath:
    """ASGI middleware, innermost: what stands outside it (request ids, limits, CORS) holds here as everywhere.

    The same function is also an ordinary route, for the API's documentation.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = _TURNS.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if match is None:
            await self._app(scope, receive, send)
            return
        request = Request({**scope, "path_params": match.groupdict()}, receive, send)
        try:
            response = await submit_turn(request)
        except EXPECTED as error:
            response = answer(error, request_id_of(request))
        await response(scope, receive, send)
