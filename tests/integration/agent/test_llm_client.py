"""Asking models over real HTTP: whatever a server does, the answer is whole and from one of them, or there is none."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from prometheus_client import CollectorRegistry

from services.agent.llm.budget import Budget, Limits, SilentError
from services.agent.llm.client import Client
from services.agent.llm.messages import Call, Deaf, Endpoint, Request, Result, Said, Tool, Words
from services.agent.llm.metrics import ModelMetrics
from tests.support.http_server import served
from tests.support.model_server import (
    Behaviour,
    ModelServer,
    babbles,
    calls,
    cut_at_length,
    cut_short,
    endless,
    fails,
    says,
    stalls,
)

LIMITS = Limits(first_token=0.5, idle=0.5, total=10, patience=1.5)
REQUEST = Request(instructions="Be brief.", history=(Words("{}"),), max_tokens=50)

TROUBLES: dict[str, Behaviour] = {
    "server error": fails(500),
    "overloaded": fails(503, retry_after="3600"),
    "rate limited": fails(429, retry_after="3600"),
    "key refused": fails(401),
    "model unknown": fails(404),
    "never begins": stalls(),
    "stops in the middle": stalls("Half an "),
    "cut short": cut_short("Half an "),
    "cut at its length": cut_at_length("Half an "),
    "says nothing": says(),
    "goes on for ever": endless("more "),
    "no JSON": babbles('{"choices": [{"delta": {"content": "x"'),
    "JSON of another kind": babbles("[1, 2]", '"text"', "null"),
    "types all wrong": babbles('{"choices": [{"index": "a", "delta": {"content": {"x": 1}}, "finish_reason": 7}]}'),
    "choices missing": babbles('{"id": 1}', "[DONE]"),
    "an error in the stream": babbles('{"error": {"message": "overloaded", "code": 529}}'),
}


@dataclass
class Ear:
    """What was heard since the last restart, and how often it was started."""

    text: str = ""
    started: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def restart(self) -> None:
        self.text = ""
        self.started += 1

    async def hear(self, text: str) -> None:
        self.text += text
        self.heard.set()


@dataclass
class Bench:
    client: Client
    servers: list[ModelServer]
    registry: CollectorRegistry
    budget: Budget = field(default_factory=lambda: Budget(LIMITS))
    ear: Ear = field(default_factory=Ear)

    async def ask(self, request: Request = REQUEST) -> Said:
        return await self.client.ask(request, self.budget, self.ear)

    def counted(self, outcome: str, model: str = "model-0") -> float:
        return self.registry.get_sample_value("parley_llm_requests_total", {"model": model, "outcome": outcome}) or 0


@asynccontextmanager
async def bench(*scripts: Sequence[Behaviour], limits: Limits = LIMITS, at_once: int = 20) -> AsyncIterator[Bench]:
    async with AsyncExitStack() as stack:
        servers = [ModelServer().then(*script) for script in scripts]
        urls = [await stack.enter_async_context(served(server.app())) for server in servers]
        endpoints = [Endpoint(base_url=f"{url}/v1", model=f"model-{n}", api_key="key") for n, url in enumerate(urls)]
        registry = CollectorRegistry()
        client = Client(endpoints, limits, ModelMetrics(registry), at_once=at_once)
        stack.push_async_callback(client.close)
        yield Bench(client, servers, registry, Budget(limits))


async def test_an_answer_is_heard_as_it_is_written_and_counted() -> None:
    async with bench([says("Two ", "fit.")]) as b:
        assert await b.ask() == Said("Two fit.")

    assert (b.ear.text, b.ear.started) == ("Two fit.", 1)
    usage = b.budget.usage
    assert usage is not None
    assert (usage.model, usage.requests, usage.input_tokens, usage.output_tokens) == ("model-0", 1, 100, 20)
    assert b.counted("answered") == 1
    [asked] = b.servers[0].asked
    assert (asked["model"], asked["stream"], asked["messages"][0]["content"]) == ("model-0", True, "Be brief.")
    assert b.servers[0].keys == ["Bearer key"]


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_the_next_model_answers_whole_when_one_is_in_trouble(trouble: Behaviour) -> None:
    async with bench([trouble, trouble], [says("Two fit.")]) as b:
        assert await b.ask() == Said("Two fit.")

    assert b.ear.text == "Two fit."
    assert len(b.servers[1].asked) == 1
    assert b.counted("answered", "model-0") == 0
    assert b.counted("answered", "model-1") == 1


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_nobody_answers_when_every_model_is_in_trouble(trouble: Behaviour) -> None:
    async with bench([trouble] * 5, [trouble] * 5) as b:
        with pytest.raises(SilentError):
            await b.ask()

    assert all(1 <= len(server.asked) <= 2 for server in b.servers)


async def test_a_server_that_is_not_there_is_passed_over() -> None:
    async with bench([says("Hello.")]) as b:
        await b.ask()
        [endpoint] = [Endpoint(base_url="http://127.0.0.1:9/v1", model="gone")]
        client = Client([endpoint], LIMITS, ModelMetrics(CollectorRegistry()))
        with pytest.raises(SilentError):
            await client.ask(REQUEST, Budget(LIMITS), Deaf())
        await client.close()


@pytest.mark.parametrize("dated", [False, True])
async def test_a_short_retry_after_is_waited_for(dated: bool) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if dated else "1"
    async with bench([fails(429, retry_after=at), says("Now.")], limits=replace(LIMITS, patience=3)) as b:
        asked_at = asyncio.get_running_loop().time()
        assert await b.ask() == Said("Now.")
        waited = asyncio.get_running_loop().time() - asked_at

    assert waited > (0.5 if dated else 0.95)
    assert b.counted("limited") == 1


async def test_a_long_retry_after_is_honoured_by_the_turns_that_follow() -> None:
    async with bench([fails(429, retry_after="60"), says("Too soon.")], [says("One."), says("Two.")]) as b:
        assert await b.ask() == Said("One.")
        assert await b.ask() == Said("Two.")

    assert len(b.servers[0].asked) == 1


async def test_an_answer_that_broke_off_is_tried_again_from_the_start() -> None:
    async with bench([cut_short("Half an answer "), says("Whole.")]) as b:
        assert await b.ask() == Said("Whole.")

    assert (b.ear.text, b.ear.started) == ("Whole.", 2)


async def test_tools_are_offered_and_their_results_told() -> None:
    tool = Tool("find", "Finds.", {"type": "object", "properties": {"words": {"type": "string"}}})
    async with bench([calls(("find", {"words": "red"})), says("Red.")]) as b:
        said = await b.ask(replace(REQUEST, tools=(tool,)))
        [call] = said.calls
        assert (call.name, call.arguments) == ("find", '{"words":"red"}')
        history = (*REQUEST.history, said, Result(call, "[1]"))
        assert await b.ask(replace(REQUEST, tools=(tool,), history=history)) == Said("Red.")

    first, second = b.servers[0].asked
    assert first["tools"][0]["function"]["name"] == "find"
    assert [message["role"] for message in second["messages"]] == ["system", "user", "assistant", "tool"]
    assert second["messages"][-1]["content"] == "[1]"


async def test_a_call_is_kept_though_its_arguments_are_no_json() -> None:
    async with bench([calls(("find", "{not json"))]) as b:
        said = await b.ask(replace(REQUEST, tools=(Tool("find", "Finds.", {"type": "object"}),)))

    assert [type(call) for call in said.calls] == [Call]


async def test_a_turn_without_tokens_asks_nobody() -> None:
    async with bench([says("Two fit.")], limits=replace(LIMITS, tokens=10)) as b:
        with pytest.raises(SilentError):
            await b.ask()

    assert b.servers[0].asked == []
    assert b.budget.usage is None


async def test_tokens_of_earlier_requests_count() -> None:
    many = {"prompt_tokens": 100, "completion_tokens": 10_000_000, "total_tokens": 1}
    async with bench([says("Two fit.", usage=many), says("More.")]) as b:
        await b.ask()
        with pytest.raises(SilentError):
            await b.ask()

    assert len(b.servers[0].asked) == 1


async def test_a_model_is_asked_for_no_more_than_the_tokens_left() -> None:
    async with bench([says("Two fit.")], limits=replace(LIMITS, tokens=100)) as b:
        await b.ask()

    assert b.servers[0].asked[0]["max_completion_tokens"] <= 100


async def test_requests_beyond_those_allowed_at_once_are_not_made() -> None:
    async with bench([stalls("One "), says("Two.")], at_once=1) as b:
        first = asyncio.create_task(b.ask())
        async with asyncio.timeout(5):
            await b.ear.heard.wait()
        with pytest.raises(SilentError):
            await b.client.ask(REQUEST, Budget(LIMITS), Deaf())
        first.cancel()
        await asyncio.wait([first])

    assert len(b.servers[0].asked) == 1


async def test_all_of_a_turns_time_is_bounded() -> None:
    limits = replace(LIMITS, first_token=30, idle=30, total=0.5)
    async with bench([stalls("One ")], [says("Two.")], limits=limits) as b:
        with pytest.raises(SilentError):
            await b.ask()

    assert b.servers[1].asked == []


async def test_reasoning_effort_is_sent_where_it_is_set() -> None:
    server = ModelServer().then(says("Hm."), says("Hm."))
    async with served(server.app()) as url:
        for effort in ("low", None):
            endpoint = Endpoint.model_validate({"base_url": f"{url}/v1", "model": "m", "reasoning_effort": effort})
            client = Client([endpoint], LIMITS, ModelMetrics(CollectorRegistry()))
            await client.ask(REQUEST, Budget(LIMITS), Deaf())
            await client.close()

    assert server.asked[0]["reasoning_effort"] == "low"
    assert "reasoning_effort" not in server.asked[1]
