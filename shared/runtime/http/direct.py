"""Endpoints in front of the framework: one pass does for them what routing and middleware do for all others."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from shared.runtime.http import problems
from shared.runtime.http.requests import REQUEST_ID_HEADER, chosen_request_id


@dataclass(frozen=True, slots=True)
class DirectRequest:
    """What came: names of headers in lower case, the first value of each; the query as it was sent."""

    id: str
    path_params: Mapping[str, Any]
    query: bytes
    headers: Mapping[str, str]
    body: bytes


class Direct:
    """ASGI endpoint: gives every request an id, refuses long bodies, and answers errors as problems."""

    def __init__(self, endpoint: Callable[[DirectRequest], Awaitable[Response]], *, largest_body: int) -> None:
        """`largest_body` is in bytes; `path_params` in the scope are handed on."""
        self._endpoint = endpoint
        self._largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
        request_id = chosen_request_id(headers.get(REQUEST_ID_HEADER, ""))
        # Each request has a task of its own, and so a context of its own.
        bind_contextvars(request_id=request_id)
        try:
            body = await self._read(headers, receive)
            path_params = scope.get("path_params", {})
            response = await self._endpoint(
                DirectRequest(request_id, path_params, scope["query_string"], headers, body)
            )
        except problems.EXPECTED as error:
            response = problems.answer(error, request_id)
        except ClientDisconnect:
            return
        except Exception:
            await problems.broken(request_id)(scope, receive, send)
            raise
        response.raw_headers.append((REQUEST_ID_HEADER.encode(), request_id.encode()))
        await response(scope, receive, send)

    async def _read(self, headers: Mapping[str, str], receive: Receive) -> bytes:
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > self._largest_body:
            raise too_long(self._largest_body)
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._largest_body:
                raise too_long(self._largest_body)
        return body


def too_long(largest: int) -> HTTPException:
    """A 413 for a body of more than so many bytes."""
    return HTTPException(413, f"The request body must not be longer than {largest // 1024} KiB.")
