"""The application factory: health, metrics, request ids and problems, the same for every service."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.errors import Unavailable
from shared.runtime.http import problems
from shared.runtime.http.requests import RequestIds

Check = Callable[[], Awaitable[None]]
"""Raises `Unavailable` with a sentence when what it checks cannot serve."""


def create_app(*, alive: Callable[[], str | None], ready: Mapping[str, Check], **fastapi: Any) -> FastAPI:
    """A FastAPI application with /healthz, /readyz and /metrics.

    `alive` returns None, or why this process no longer makes progress and must be restarted. `ready` names what this
    process needs in order to serve. Other arguments go to FastAPI.
    """
    app = FastAPI(**fastapi)
    problems.install(app)
    app.add_middleware(RequestIds)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        reason = alive()
        return _json({"status": "ok"} if reason is None else {"status": "stalled", "reason": reason}, reason is None)

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        checks = {name: await _outcome(check) for name, check in ready.items()}
        return _json({"checks": checks}, all(outcome == "ok" for outcome in checks.values()))

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


async def _outcome(check: Check) -> str:
    try:
        await check()
    except Unavailable as error:
        return str(error)
    return "ok"


def _json(body: dict[str, Any], good: bool) -> Response:  # noqa: FBT001 - private, one caller a line above
    return Response(orjson.dumps(body), 200 if good else 503, media_type="application/json")
