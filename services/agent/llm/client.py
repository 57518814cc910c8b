"""The only file that knows the model library. Asks one endpoint after the other until one has answered whole."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx2
import structlog
from openai import AsyncOpenAI, OpenAIError
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import ModelConnectionError, ModelHTTPError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from services.agent.llm.budget import Budget, Limits, SilentError
from services.agent.llm.messages import Call, Endpoint, Listener, Request, Result, Said, Words
from services.agent.llm.metrics import ModelMetrics

_TRIES: Final = 2
_BREATH: Final = 0.25
_REST: Final = 5.0
_REFUSED: Final = 60.0
"""Pauses of an endpoint in seconds: after an error or a broken answer, after silence, after a request it refuses."""
_CHARACTERS_PER_TOKEN: Final = 3
_SLACK: Final = 64

_log = structlog.get_logger()


class _BrokenError(ValueError):
    """The answer is not whole."""


_TROUBLE: Final = (
    OpenAIError,
    httpx2.HTTPError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a server can bring about by what it sends or does not send, here or in the libraries that read it."""


@dataclass(slots=True, eq=False)
class _Source:
    """An endpoint, and when it may be asked again, on the event loop's clock."""

    name: str
    model: OpenAIChatModel
    settings: ModelSettings
    ready_at: float = 0.0


@dataclass(frozen=True, slots=True)
class _Prompt:
    """A request in the library's words, and its tokens, roughly."""

    messages: list[ModelMessage]
    parameters: ModelRequestParameters
    max_tokens: int
    size: int


class Client:
    """Asks the endpoints in order. What one says is never mixed with what another says."""

    def __init__(
        self, endpoints: Sequence[Endpoint], limits: Limits, metrics: ModelMetrics, *, at_once: int = 20
    ) -> None:
        self._http = httpx2.AsyncClient(timeout=httpx2.Timeout(None, connect=limits.first_token))
        self._sources = [_source(endpoint, self._http) for endpoint in endpoints]
        self._limits = limits
        self._metrics = metrics
        self._slots = asyncio.Semaphore(at_once)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(self, request: Request, budget: Budget, listener: Listener) -> Said:
        """The first whole answer. Raises `SilentError` when there is none within the budget."""
        if self._slots.locked():
            raise SilentError("as many requests as allowed are under way")
        prompt = _prompt(request)
        tries = dict.fromkeys(self._sources, _TRIES)
        async with self._slots:
            while True:
                source = await self._next([each for each in self._sources if tries[each]], budget)
                tries[source] -= 1
                await listener.restart()
                said = await self._try(source, prompt, budget, listener)
                if said is not None:
                    return said

    async def _next(self, sources: Sequence[_Source], budget: Budget) -> _Source:
        """The first endpoint that is ready; after a pause if none is and the pause is short."""
        now = asyncio.get_running_loop().time()
        source = min(sources, key=lambda each: max(each.ready_at, now), default=None)
        pause = 0.0 if source is None else max(0.0, source.ready_at - now)
        if source is None or pause > self._limits.patience or now + pause >= budget.deadline:
            raise SilentError("no endpoint is ready")
        await asyncio.sleep(pause)
        return source

    async def _try(self, source: _Source, prompt: _Prompt, budget: Budget, listener: Listener) -> Said | None:
        if budget.tokens_left < prompt.size + _SLACK:
            raise SilentError("the turn's tokens are spent")
        budget.request(source.name)
        try:
            said = await self._once(source, prompt, budget, listener)
        except _TROUBLE as error:
            pause, outcome = _pause_after(error)
            source.ready_at = asyncio.get_running_loop().time() + pause
            # The error's own words may hold what was asked.
            _log.warning("model not heard", model=source.name, outcome=outcome, error=type(error).__name__)
            self._metrics.requests.labels(source.name, outcome).inc()
            return None
        self._metrics.requests.labels(source.name, "answered").inc()
        return said

    async def _once(self, source: _Source, prompt: _Prompt, budget: Budget, listener: Listener) -> Said:
        clock = asyncio.get_running_loop().time
        room = min(prompt.max_tokens, budget.tokens_left - prompt.size)
        heard = 0
        async with (
            asyncio.timeout_at(min(clock() + self._limits.first_token, budget.deadline)) as patience,
            model_request_stream(
                source.model,
                prompt.messages,
                model_settings=ModelSettings(**{**source.settings, "max_tokens": room}),
                model_request_parameters=prompt.parameters,
                instrument=False,
            ) as stream,
        ):
            try:
                async for event in stream:
                    patience.reschedule(min(clock() + self._limits.idle, budget.deadline))
                    heard += 1
                    if heard > 2 * room + _SLACK:
                        raise _BrokenError("longer than asked for")
                    if text := _text(event):
                        await listener.hear(text)
            finally:
                # As reported, or as estimated where a server reports nothing.
                used = stream.usage
                self._count(source, budget, used.input_tokens or prompt.size, used.output_tokens or heard)
            return _whole(stream.get())

    def _count(self, source: _Source, budget: Budget, read: int, written: int) -> None:
        budget.spend(read, written)
        self._metrics.tokens.labels(source.name, "input").inc(max(0, read))
        self._metrics.tokens.labels(source.name, "output").inc(max(0, written))


def _source(endpoint: Endpoint, http: httpx2.AsyncClient) -> _Source:
    client = AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.api_key.get_secret_value() or "none",
        max_retries=0,
        http_client=http,
    )
    provider = OpenAICompatibleProvider("endpoint", openai_client=client)
    # A stream that just ends is not an answer: without a reason to end, the connection may have gone.
    profile = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
    model = OpenAIChatModel(endpoint.model, provider=provider, profile=profile)
    settings = ModelSettings(temperature=0.2)
    if endpoint.reasoning_effort is not None:
        # In the body as it is: the library drops it for models it does not know to reason.
        settings["extra_body"] = {"reasoning_effort": endpoint.reasoning_effort}
    return _Source(endpoint.model, model, settings)


def _prompt(request: Request) -> _Prompt:
    tools = [
        ToolDefinition(name=each.name, parameters_json_schema=dict(each.schema), description=each.description)
        for each in request.tools
    ]
    contents = (each.content if isinstance(each, Result) else each.text for each in request.history)
    schemas = json.dumps([tool.parameters_json_schema for tool in tools])
    size = sum(map(len, (request.instructions, schemas, *contents))) // _CHARACTERS_PER_TOKEN
    return _Prompt(_messages(request), ModelRequestParameters(function_tools=tools), request.max_tokens, size)


def _messages(request: Request) -> list[ModelMessage]:
    messages: list[ModelMessage] = []
    for each in request.history:
        match each:
            case Words(text):
                messages.append(ModelRequest([UserPromptPart(text)], instructions=request.instructions))
            case Said(text, calls):
                made = [ToolCallPart(call.name, call.arguments, call.id) for call in calls]
                messages.append(ModelResponse([*([TextPart(text)] if text else []), *made]))
            case Result(call, content):
                part = ToolReturnPart(call.name, content, call.id)
                messages.append(ModelRequest([part], instructions=request.instructions))
    return messages


def _text(event: ModelResponseStreamEvent) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)) | PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
        case _:
            return ""


def _whole(response: ModelResponse) -> Said:
    """The answer; a stream that just ended, or was filtered or cut at its length, is none."""
    if response.finish_reason not in {"stop", "tool_call"}:
        raise _BrokenError(f"ended by {response.finish_reason}")
    calls = tuple(
        Call(part.tool_call_id, part.tool_name, part.args_as_json_str())
        for part in response.parts
        if isinstance(part, ToolCallPart)
    )
    text = "".join(part.content for part in response.parts if isinstance(part, TextPart))
    if not text and not calls:
        raise _BrokenError("nothing was said")
    return Said(text, calls)


def _pause_after(error: Exception) -> tuple[float, str]:
    """How many seconds to leave the endpoint alone, and what to call its trouble."""
    if isinstance(error, ModelHTTPError):
        asked = _retry_after(error.headers or {})
        if error.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            return (asked or 1.0), "limited"
        if error.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
            return (asked or _BREATH), "failed"
        return _REFUSED, "refused"
    if isinstance(error, TimeoutError):
        return _REST, "slow"
    return (_REST, "unreachable") if isinstance(error, ModelConnectionError) else (_BREATH, "broken")


def _retry_after(headers: "dict[str, str]") -> float | None:
    """The header in seconds, which it may give as a date."""
    value = headers.get("retry-after", "")
    try:
        seconds = float(value) if value.strip().isdecimal() else _until(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, seconds)


def _until(value: str) -> float:
    return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
