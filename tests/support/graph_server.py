"""A stand-in for WhatsApp's Graph API: over real HTTP it takes messages, fails, stalls and hangs up as it is told."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import default
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import Receive, Scope, Send

Behaviour = Callable[["Received"], Awaitable[Response]]
"""What the server answers to a request."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request: to which number, with which token, saying what; and the id it would get."""

    number_id: str
    token: str
    body: dict[str, Any]
    message_id: str

    @property
    def text(self) -> str:
        """The words of a text message."""
        return str(self.body["text"]["body"])

    @property
    def reference(self) -> str:
        """What comes back in all news of the message."""
        return str(self.body["biz_opaque_callback_data"])


class _HungUp(Response):
    """Begins to answer, and drops the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"999")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


@dataclass
class GraphServer:
    """Answers requests by the script of their recipient, one behaviour each; then as if all were well."""

    received: list[Received] = field(default_factory=list)
    """Every request, in order."""
    taken: list[Received] = field(default_factory=list)
    """What a person got, answered or not."""
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    """Uploaded files by id: name, media type, content."""
    _scripts: defaultdict[str, deque[Behaviour]] = field(default_factory=lambda: defaultdict(deque))

    def then(self, phone: str, *behaviours: Behaviour) -> None:
        """Add to the script for a recipient, or for uploads as `media`."""
        self._scripts[phone].extend(behaviours)

    def got(self, phone: str) -> list[Received]:
        """What a person got, in order."""
        return [each for each in self.taken if each.body["to"] == phone]

    def asked(self, phone: str) -> list[Received]:
        """All requests for a person, in order."""
        return [each for each in self.received if each.body["to"] == phone]

    def app(self) -> FastAPI:
        """The application."""
        app = FastAPI()

        @app.post("/{version}/{number_id}/messages")
        async def send(version: str, number_id: str, request: Request) -> Response:
            token = request.headers["authorization"].removeprefix("Bearer ")
            message_id = f"wamid.out-{len(self.received)}"
            received = Received(number_id, token, await request.json(), message_id)
            self.received.append(received)
            script = self._scripts[received.body["to"]]
            return await (script.popleft() if script else self.accepts())(received)

        @app.post("/{version}/{number_id}/media")
        async def upload(version: str, number_id: str, request: Request) -> Response:
            script = self._scripts["media"]
            if script:
                return await script.popleft()(Received(number_id, "", {}, ""))
            media_id = f"media-{len(self.files)}"
            self.files[media_id] = _file(request.headers["content-type"], await request.body())
            return JSONResponse({"id": media_id})

        return app

    def accepts(self) -> Behaviour:
        """Take the message and say so."""

        async def behave(received: Received) -> Response:
            self.taken.append(received)
            to = received.body["to"]
            return JSONResponse(
                {
                    "messaging_product": "whatsapp",
                    "contacts": [{"input": to, "wa_id": to}],
                    "messages": [{"id": received.message_id}],
                }
            )

        return behave

    def takes_and_hangs_up(self) -> Behaviour:
        """Take the message, and drop the connection before that is said."""

        async def behave(received: Received) -> Response:
            self.taken.append(received)
            return _HungUp()

        return behave

    def stalls(self, seconds: float) -> Behaviour:
        """Take the message, and say so too late."""

        async def behave(received: Received) -> Response:
            self.taken.append(received)
            await asyncio.sleep(seconds)
            return JSONResponse({"messages": [{"id": received.message_id}]})

        return behave


def _file(content_type: str, body: bytes) -> tuple[str, str, bytes]:
    """The one file of a form."""
    form = BytesParser(policy=default).parsebytes(f"content-type: {content_type}\r\n\r\n".encode() + body)
    (part,) = [part for part in form.iter_parts() if part.get_filename()]
    return str(part.get_filename()), part.get_content_type(), bytes(part.get_payload(decode=True))


def refuses(
    status: int, code: int = 0, message: str = "Told to refuse", *, retry_after: int | None = None
) -> Behaviour:
    """Answer an error of the Graph API."""

    async def behave(received: Received) -> Response:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return JSONResponse({"error": {"message": message, "code": code}}, status, headers)

    return behave


def hangs_up() -> Behaviour:
    """Drop the connection without having taken the message."""

    async def behave(received: Received) -> Response:
        return _HungUp()

    return behave
