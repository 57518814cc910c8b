"""A scripted OpenAI-compatible server: over real HTTP it says, calls, stalls and breaks as a test tells it to."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

Behaviour = Callable[[Mapping[str, Any]], Response]
"""What the server answers to a request's body."""

_DONE: Final = "data: [DONE]\n\n"
_USAGE: Final = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


@dataclass
class ModelServer:
    """Answers requests by the script, one behaviour each; then by `otherwise`."""

    script: deque[Behaviour] = field(default_factory=deque)
    otherwise: Behaviour = field(default_factory=lambda: fails(500))
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def then(self, *behaviours: Behaviour) -> "ModelServer":
        """Add to the script."""
        self.script.extend(behaviours)
        return self

    @property
    def data(self) -> list[dict[str, Any]]:
        """The data of each request's job: the JSON of its user message."""
        return [asked_for(body) for body in self.asked]

    def app(self) -> FastAPI:
        """The application."""
        app = FastAPI()

        @app.post("/v1/chat/completions")
        async def complete(request: Request) -> Response:
            body = await request.json()
            self.asked.append(body)
            self.keys.append(request.headers.get("authorization", ""))
            behave = self.script.popleft() if self.script else self.otherwise
            return behave(body)

        return app


def by_job(**behaviours: Behaviour) -> Behaviour:
    """Behave by what is asked: `intent`, `wording` or `free`; the server fails at the rest."""

    def behave(body: Mapping[str, Any]) -> Response:
        data = asked_for(body)
        job = "intent" if "intents" in data else "wording" if "facts" in data else "free"
        return behaviours.get(job, fails(500))(body)

    return behave


def says(*pieces: str, usage: Mapping[str, int] | None = None) -> Behaviour:
    """Say the pieces, one event each, and end properly."""
    return _streaming([*map(_text, pieces), _finish("stop"), _used(usage or _USAGE), _DONE])


def picks(intent: str | None) -> Behaviour:
    """Answer an intent."""
    return says(json.dumps({"intent": intent}))


def calls(*made: tuple[str, Mapping[str, Any] | str]) -> Behaviour:
    """Call tools, by name and arguments."""
    parts = [
        {
            "index": index,
            "id": f"call-{index}",
            "type": "function",
            "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for index, (name, given) in enumerate(made)
    ]
    return _streaming([_chunk({"tool_calls": parts}), _finish("tool_calls"), _used(_USAGE), _DONE])


def after_tools(then: Behaviour, *made: tuple[str, Mapping[str, Any] | str]) -> Behaviour:
    """Call tools until their results are there, then do something else."""

    def behave(body: Mapping[str, Any]) -> Response:
        done = any(message["role"] == "tool" for message in body["messages"])
        return then(body) if done else calls(*made)(body)

    return behave


def fails(status: int, **headers: str) -> Behaviour:
    """Answer an error; underscores in header names are dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: JSONResponse({"error": {"message": "no"}}, status, headers=named)


def cut_short(*pieces: str) -> Behaviour:
    """Say the pieces, then end the stream without an end."""
    return _streaming([*map(_text, pieces)])


def cut_at_length(*pieces: str) -> Behaviour:
    """Say the pieces and stop where the tokens end."""
    return _streaming([*map(_text, pieces), _finish("length"), _used(_USAGE), _DONE])


def stalls(*pieces: str) -> Behaviour:
    """Say the pieces, then nothing more, with the connection open."""
    return _streaming([*map(_text, pieces)], then_waits=True)


def babbles(*pieces: str) -> Behaviour:
    """Send these lines as events, whatever they are."""
    return _streaming([f"data: {piece}\n\n" for piece in pieces])


def endless(piece: str) -> Behaviour:
    """Say the same for ever."""

    async def body() -> AsyncIterator[str]:
        while True:
            yield _text(piece)
            await asyncio.sleep(0)

    return lambda _: StreamingResponse(body(), media_type="text/event-stream")


def _streaming(events: list[str], *, then_waits: bool = False) -> Behaviour:
    async def body() -> AsyncIterator[str]:
        for event in events:
            yield event
            await asyncio.sleep(0)
        if then_waits:
            await asyncio.Event().wait()

    return lambda _: StreamingResponse(body(), media_type="text/event-stream")


def asked_for(body: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a request's job: the JSON of its user message."""
    data: dict[str, Any] = json.loads(next(each["content"] for each in body["messages"] if each["role"] == "user"))
    return data


def _text(piece: str) -> str:
    return _chunk({"content": piece})


def _chunk(delta: Mapping[str, Any]) -> str:
    return _event([{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}])


def _finish(reason: str) -> str:
    return _event([{"index": 0, "delta": {}, "finish_reason": reason}])


def _used(usage: Mapping[str, int]) -> str:
    return _event([], usage=dict(usage))


def _event(choices: list[Any], **more: Any) -> str:
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": choices}
    return f"data: {json.dumps(chunk | more)}\n\n"
