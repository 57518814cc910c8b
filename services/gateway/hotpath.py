"""The hot path: submitting a turn goes past the framework, whose work would cost as much as the turn itself."""

import re
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

_TURNS: Final = re.compile(r"/v1/sessions/(?P<session_id>[^/]+)/turns")


class HotPath:
    """ASGI application: has `submit` answer submitted turns, and `app` everything else."""

    def __init__(self, app: ASGIApp, submit: ASGIApp) -> None:
        self._app = app
        self._submit = submit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = _TURNS.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if match is None:
            await self._app(scope, receive, send)
        else:
            scope["path_params"] = match.groupdict()
            await self._submit(scope, receive, send)
