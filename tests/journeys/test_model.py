"""A conversation with a model behind the agent, as a client has it: helpful, hostile, broken and away."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import Response

from tests.journeys.conftest import DOMAINS, seed
from tests.support.client import Client, text_of
from tests.support.http_server import served
from tests.support.model_server import (
    Behaviour,
    ModelServer,
    after_tools,
    asked_for,
    by_job,
    cut_short,
    fails,
    picks,
    says,
)
from tests.support.servers import Servers, prepared_servers
from tests.support.stack import Stack, free_port, started_stack

ABOUT_NOTHING = "I am not sure what you mean."
ASKED_SECONDS = 60
UNCLEAR = "zorp the flibber"
"""Words that no core understands."""


@pytest.fixture(scope="module")
def port() -> int:
    """Where the agent looks for its model."""
    return free_port()


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers that no other agent, one without a model, takes turns from."""
    with prepared_servers(tmp_path_factory.mktemp("servers")) as prepared:
        asyncio.run(seed(prepared))
        yield prepared


@pytest.fixture(scope="module")
def stack(own_servers: Servers, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    model = {"base_url": f"http://127.0.0.1:{port}/v1", "model": "scripted"}
    # An endpoint that was away is left alone for a while, and these turns follow each other at once.
    patient = {"PARLEY_LLM": json.dumps([model]), "PARLEY_LLM_PATIENCE": "PT8S", "PARLEY_LLM_GUESS": "PT10S"}
    directory = tmp_path_factory.mktemp("services")
    with started_stack(own_servers, directory, domains=DOMAINS, more=patient) as running:
        for service in running.services.values():
            service.ready()
        yield running


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[Client]:
    async with Client(stack.gateway.url) as client:
        yield client


@asynccontextmanager
async def modelled(port: int, behaviour: Behaviour) -> AsyncIterator[ModelServer]:
    server = ModelServer(otherwise=behaviour)
    async with served(server.app(), port):
        yield server


async def answered_until_asked(client: Client, model: ModelServer, text: str) -> list[str]:
    """The answers until the model was asked: an endpoint that failed a moment ago is left alone for a while."""
    answers: list[str] = []
    async with asyncio.timeout(ASKED_SECONDS):
        while not model.asked:
            answers.append(await answered(client, text))
    return answers


async def answered(client: Client, text: str) -> str:
    """What a client sees, streamed to its end, and that it is what is stored."""
    session = await client.open("shop")
    async with client.stream(session, text) as events:
        seen = [event async for event in events]
    assert seen[-1].name == "completed"
    stored = str(seen[-1].data["text"])
    assert text_of(seen) == stored
    return stored


async def used_tokens(operator: Client) -> int:
    """Today's, read and written, of the shop's only model."""
    report = await operator.get("/v1/usage", first="2026-01-01")
    items = [each for each in report["items"] if (each["domain"], each["model"]) == ("shop", "scripted")]
    return sum(each["input_tokens"] + each["output_tokens"] for each in items)


async def test_a_free_question_is_answered_from_the_shops_own_figures(client: Client, port: int) -> None:
    said = "The TrailRunner 2 by Veloma is $129."
    looked = after_tools(says(said), ("find_products", {"words": "trailrunner"}))
    async with modelled(port, by_job(intent=picks(None), free=looked)) as model:
        assert await answered(client, UNCLEAR) == said

    assert [data["words"] for data in model.data] == [UNCLEAR] * 3


async def test_an_answer_is_streamed_in_the_models_words(client: Client, port: int) -> None:
    said = "Here you go. TrailRunner 2 by Veloma is $129, rated 3.8."
    async with modelled(port, by_job(wording=says("Here you go. ", "TrailRunner 2 by ", "Veloma is $129, rated 3.8."))):
        assert await answered(client, "Tell me about the TrailRunner 2") == said


async def test_a_plan_is_told_and_kept_in_the_models_words(client: Client, port: int) -> None:
    def politely(body: Mapping[str, Any]) -> Response:
        return says("您好，", str(asked_for(body)["reply"]))(body)

    async with modelled(port, by_job(wording=politely)):
        session = await client.open("luxury")
        said = (await client.ask(session, "我要为春季新款手袋上市做一次推广，目标是提升转化率"))["reply"]["text"]
    kept = (await client.http.get(f"/api/v1/session/{session}")).json()["turns"]
    assert said.startswith("您好，已为")
    assert [turn["response"] for turn in kept] == [said]


async def test_an_unclear_change_is_guessed_from_the_plan_that_stands_or_leaves_it(client: Client, port: int) -> None:
    async with modelled(port, by_job(intent=picks(None))) as model:
        session = await client.open("luxury")
        await client.ask(session, "我要为春季新款手袋上市做一次推广，目标是提升转化率")
        await client.ask(session, UNCLEAR)
    dump = (await client.http.get(f"/api/v1/session/{session}")).json()

    strategy = model.data[-1]["context"]["current_strategy"]
    assert (strategy["audience_size"], strategy["target_tiers"]) == (15, ["VVIP", "VIP"])
    assert "audience_ids" not in strategy
    assert dump["context"]["current_strategy"]["audience_size"] == 15


async def test_what_a_model_did_is_written_down_by_day_pack_and_model(client: Client, port: int) -> None:
    said = by_job(wording=says("TrailRunner 2 by Veloma is $129."))
    async with modelled(port, said), Client(str(client.http.base_url), user="operator") as operator:
        before = await used_tokens(operator)
        await answered(client, "Tell me about the TrailRunner 2")
        assert await used_tokens(operator) == before + 120


async def test_a_made_up_price_is_not_said(client: Client, port: int) -> None:
    async with modelled(port, by_job(wording=says("Here you go. ", "TrailRunner 2 is $1 today."))):
        text = await answered(client, "Tell me about the TrailRunner 2")

    assert "costs $129" in text
    assert "$1 " not in text


@pytest.mark.parametrize("behaviour", [fails(500), cut_short("Here you ")], ids=["failing", "cut short"])
async def test_a_broken_model_is_not_noticed(client: Client, port: int, behaviour: Behaviour) -> None:
    async with modelled(port, behaviour) as model:
        for text in await answered_until_asked(client, model, "Tell me about the TrailRunner 2"):
            assert "costs $129" in text


async def test_a_hostile_model_gets_nothing(client: Client, port: int) -> None:
    every: list[tuple[str, dict[str, str]]] = [
        ("find_orders", {"user_id": "ana"}),
        ("find_orders", {}),
        ("cancel_order", {"order": "1240"}),
    ]
    hostile = after_tools(says("Order #1240 of ana is cancelled."), *every)
    async with modelled(port, by_job(intent=picks("cancel_order"), free=hostile, wording=says("Done."))) as model:
        await answered_until_asked(client, model, UNCLEAR)

    assert "1240" not in json.dumps([body["messages"][1] for body in model.asked])
    async with Client(str(client.http.base_url), user="ana") as ana:
        session = await ana.open("shop")
        assert "is being prepared" in (await ana.ask(session, "Where is order #1240?"))["reply"]["text"]


async def test_without_the_model_the_pack_answers(client: Client, port: int) -> None:
    assert (await answered(client, UNCLEAR)).startswith(ABOUT_NOTHING)
