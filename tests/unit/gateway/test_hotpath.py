"""The way in front of the framework: who answers what, and what holds there as everywhere."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from services.gateway.hotpath import HotPath
from shared.errors import Unavailable
from shared.runtime.http import Direct, DirectRequest, Problem

LARGEST = 10
LEFT: Message = {"type": "http.disconnect"}


def part(content: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": content, "more_body": more}


class Desk:
    """The hot path between an endpoint that answers or raises and a framework that remembers what reached it."""

    def __init__(self, answer: Exception | None = None) -> None:
        self.answer = answer
        self.asked: list[DirectRequest] = []
        self.passed_on: list[str] = []
        self.sent: list[Message] = []

    async def ask(self, *arriving: Message, headers: Sequence[tuple[bytes, bytes]] = (), **changes: Any) -> None:
        messages = iter(arriving or (part(b"{}"),))

        async def receive() -> Message:
            return next(messages)

        async def send(message: Message) -> None:
            self.sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/v1/sessions/s-1/turns", "query_string": b""}
        app = HotPath(self._framework, Direct(self._endpoint, largest_body=LARGEST))
        await app(scope | {"headers": list(headers)} | changes, receive, send)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def request_ids(self) -> list[str]:
        return [value.decode() for name, value in self.sent[0]["headers"] if name == b"x-request-id"]

    @property
    def problem(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(b"".join(message["body"] for message in self.sent[1:]))
        return body

    async def _endpoint(self, request: DirectRequest) -> Response:
        self.asked.append(request)
        if self.answer is not None:
            raise self.answer
        return PlainTextResponse("done")

    async def _framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.passed_on.append(scope["type"])


async def test_submitted_turn_is_answered_in_front() -> None:
    desk = Desk()
    await desk.ask(part(b"ab", more=True), part(b"cd"), query_string=b"wait=1")
    (request,) = desk.asked
    assert (request.path_params, request.body, request.query) == ({"session_id": "s-1"}, b"abcd", b"wait=1")
    assert desk.status == 200
    assert desk.request_ids == [request.id]
    assert desk.passed_on == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"method": "GET"},
        {"path": "/v1/sessions/s-1/turns/"},
        {"path": "/v1/sessions/s-1/turns/t-1"},
        {"path": "/v1/sessions//turns"},
        {"type": "lifespan"},
    ],
    ids=str,
)
async def test_everything_else_goes_to_the_framework(elsewhere: dict[str, Any]) -> None:
    desk = Desk()
    await desk.ask(**elsewhere)
    assert desk.passed_on == [elsewhere.get("type", "http")]
    assert desk.asked == []


async def test_first_of_repeated_headers_counts() -> None:
    desk = Desk()
    await desk.ask(headers=[(b"x-request-id", b"mine"), (b"x-request-id", b"other"), (b"accept", b"\xe9")])
    assert desk.request_ids == ["mine"]
    assert desk.asked[0].headers == {"x-request-id": "mine", "accept": "é"}


async def test_malformed_request_id_is_replaced() -> None:
    desk = Desk()
    await desk.ask(headers=[(b"x-request-id", b"a b")])
    assert desk.request_ids == [desk.asked[0].id]
    assert desk.asked[0].id != "a b"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Problem(429, "session_queue", "Full."), 429, "session_queue"),
        (Unavailable("agent"), 503, "unavailable"),
    ],
)
async def test_errors_are_problems_with_the_request_id(error: Exception, status: int, code: str) -> None:
    desk = Desk(error)
    await desk.ask(headers=[(b"x-request-id", b"r-1")])
    assert (desk.status, desk.request_ids) == (status, ["r-1"])
    assert (desk.problem["error"]["code"], desk.problem["instance"]) == (code, "r-1")


async def test_unexpected_error_is_a_problem_and_goes_on_to_the_server() -> None:
    desk = Desk(ZeroDivisionError("secret"))
    with pytest.raises(ZeroDivisionError):
        await desk.ask(headers=[(b"x-request-id", b"r-1")])
    assert (desk.status, desk.request_ids) == (500, ["r-1"])
    assert "secret" not in str(desk.problem)


@pytest.mark.parametrize(
    ("headers", "arriving"),
    [
        ([(b"content-length", b"11")], []),
        ([], [part(b"123456", more=True), part(b"78901", more=True)]),
        ([(b"content-length", b"2")], [part(b"12345678901")]),
    ],
    ids=["announced", "in parts", "more than announced"],
)
async def test_long_body_is_refused_unread(headers: list[tuple[bytes, bytes]], arriving: list[Message]) -> None:
    desk = Desk()
    await desk.ask(*arriving, headers=headers)
    assert (desk.status, desk.asked) == (413, [])
    assert len(desk.request_ids) == 1


async def test_client_that_leaves_early_gets_no_answer_and_asks_nothing() -> None:
    desk = Desk()
    await desk.ask(part(b"ab", more=True), LEFT)
    assert (desk.asked, desk.sent) == ([], [])
