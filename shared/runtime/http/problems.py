"""Errors as RFC 9457 problems, with the `error` member that OpenAI clients read. Nothing a client sent is echoed."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from shared.errors import Unavailable

_log = structlog.get_logger()


# Pydantic's own words for these quote what was sent.
_UNQUOTED = {
    "union_tag_invalid": "Input should have a known type",
    "uuid_parsing": "Input should be a valid UUID",
    "extra_forbidden": "Input should have known fields only",
}


class ErrorMember(BaseModel):
    """The same error in the shape OpenAI clients expect."""

    message: str
    type: str
    param: str | None = None
    code: str


class ProblemBody(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="What is wrong and what to do.")
    instance: str | None = Field(default=None, description="The request's x-request-id.")
    error: ErrorMember


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An error to send to the client. `code` is for programs, `detail` for people."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.param = param
        self.headers = dict(headers or {})
        self.members = members

    def response(self, request_id: str | None) -> Response:
        """The problem as a response."""
        phrase = HTTPStatus(self.status).phrase
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        error = ErrorMember(message=self.detail, type=kind, param=self.param, code=self.code)
        body = ProblemBody(title=phrase, status=self.status, detail=self.detail, instance=request_id, error=error)
        content = orjson.dumps(body.model_dump() | self.members, default=str)
        return Response(content, self.status, self.headers, media_type="application/problem+json")


def invalid(error: RequestValidationError) -> Problem:
    """What is wrong with a request, by place and reason, without what was sent."""
    places = [_place(each) for each in error.errors()]
    first = places[0] if places else {"loc": "body", "msg": "is not valid"}
    return Problem(422, "invalid_request", f"{first['loc']}: {first['msg']}", param=first["loc"], errors=places)


def _place(error: Mapping[str, Any]) -> dict[str, str]:
    kind = error["type"]
    # The name of a field that should not be there is what the client sent, too.
    place = error["loc"][:-1] if kind == "extra_forbidden" else error["loc"]
    return {
        "loc": ".".join(str(part) for part in place),
        "msg": _UNQUOTED.get(kind, error["msg"]),
        "type": kind,
    }


def unavailable(error: Unavailable) -> Problem:
    """Something behind this endpoint is down."""
    _log.warning("dependency unavailable", error=str(error))
    return Problem(503, "unavailable", "A part of the system is down. Try again shortly.", headers={"Retry-After": "2"})


def _from_http(error: HTTPException) -> Problem:
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return Problem(error.status_code, code, str(error.detail), headers=error.headers)


EXPECTED = (Problem, RequestValidationError, HTTPException, Unavailable)
"""What endpoints raise to answer with a problem."""


def answer(error: Exception, request_id: str | None) -> Response:
    """One of the `EXPECTED` errors as a response."""
    return _problem(error).response(request_id)


def broken(request_id: str | None) -> Response:
    """The answer to an error that nobody expected. It goes out past whatever adds the id to all others."""
    detail = "Something went wrong on our side; it has been logged."
    headers = {"x-request-id": request_id or ""}
    return Problem(500, "internal_error", detail, headers=headers).response(request_id)


def _problem(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return invalid(error)
        case HTTPException():
            return _from_http(error)
        case Unavailable():
            return unavailable(error)
        case _:
            raise error


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem."""

    async def expected(request: Request, error: Exception) -> Response:
        return answer(error, _id_of(request))

    async def unexpected(request: Request, error: Exception) -> Response:
        return broken(_id_of(request))

    for kind in EXPECTED:
        app.add_exception_handler(kind, expected)
    app.add_exception_handler(Exception, unexpected)


def _id_of(request: Request) -> str | None:
    request_id: str | None = request.scope.get("state", {}).get("request_id")
    return request_id
