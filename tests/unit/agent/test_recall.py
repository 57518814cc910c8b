"""Answering what is asked about earlier sessions: from memory, in time, and never at the cost of the conversation."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.agent.recall import Recall
from services.agent.understanding import RECALL, Core, Utterance
from shared.domains.base import Decision, Dialogue, Gazetteer, Language, Question, Scope, Turn
from shared.events.replies import Clarification
from shared.events.turns import Text
from tests.unit.agent.builders import NOW, SESSION, TENANT, TURN, Seen

CORE = Core(Language(intents={"search": ("show me flats", "find a home"), "loan": ("what is the emi",)}), Gazetteer({}))


def said(text: str, days_ago: int = 9, *found_by: str) -> dict[str, Any]:
    return {
        "session_id": "earlier",
        "said": text,
        "said_at": (NOW - timedelta(days=days_ago)).isoformat(),
        "answered": "Three.",
        "found_by": found_by,
    }


@dataclass
class Bench:
    """Recall over a scripted memory, which answers each request by the next of the answers."""

    answers: list[list[dict[str, Any]]] = field(default_factory=list)
    otherwise: Callable[[], httpx.Response] = lambda: httpx.Response(200, json={"items": []})
    requests: list[dict[str, Any]] = field(default_factory=list)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["x-parley-tenant"] == str(TENANT)
        self.requests.append(json.loads(request.content))
        return httpx.Response(200, json={"items": self.answers.pop(0)}) if self.answers else self.otherwise()

    async def decide(self, text: str, dialogue: Dialogue | None = None) -> Decision[Any] | None:
        transport = httpx.MockTransport(self.handle)
        async with httpx.AsyncClient(transport=transport, base_url="http://memory") as client:
            return await Recall(client, timedelta(milliseconds=150)).decide(turn(text, dialogue or Dialogue()))

    async def say(self, text: str) -> str:
        decision = await self.decide(text)
        assert decision is not None
        return decision.text


def turn(text: str, dialogue: Dialogue) -> Turn[Seen]:
    [understood] = CORE.understand([Utterance(text, dialogue)])
    return Turn(
        id=TURN,
        no=1,
        session_id=SESSION,
        session_no=2,
        scope=Scope(TENANT, "ana"),
        domain="shoes",
        request_id="request-1",
        now=NOW,
        input=Text(text=text),
        understood=understood,
        dialogue=dialogue,
        state=Seen(count=7),
        person=None,
    )


async def test_the_last_session_is_told_with_its_day() -> None:
    bench = Bench([[said("Show me 2BHK in Whitefield"), said("thanks"), said("What about 3BHK there?")]])

    text = await bench.say("What did I ask about last time?")

    assert text == (
        "Last time, on 12 November, you asked, among other things: "
        "“Show me 2BHK in Whitefield” and “What about 3BHK there?”."
    )
    [request] = bench.requests
    assert request == {"user_id": "ana", "domain": "shoes", "excluding": str(SESSION), "text": None, "limit": 20}


async def test_small_talk_is_told_where_there_is_nothing_else() -> None:
    assert await Bench([[said("hello", 0)]]).say("what did I ask last time?") == (
        "Last time, earlier today, you asked: “hello”."
    )


@pytest.mark.parametrize(
    ("text", "since", "until", "told"),
    [
        ("what were we talking about yesterday?", "2026-11-20", "2026-11-21", "Yesterday you asked: “Boots?”."),
        ("What did we discuss last week?", "2026-11-09", "2026-11-16", "Yesterday you asked: “Boots?”."),
        ("what did I ask on Monday?", "2026-11-16", "2026-11-17", "Yesterday you asked: “Boots?”."),
        ("what did I ask on 12 November?", "2026-11-12", "2026-11-13", "Yesterday you asked: “Boots?”."),
        ("what did I ask on 3 December?", "2025-12-03", "2025-12-04", "Yesterday you asked: “Boots?”."),
        ("我们昨天聊了什么？", "2026-11-20", "2026-11-21", "昨天您问的是：“Boots?”。"),
        ("11月12日我问了什么", "2026-11-12", "2026-11-13", "昨天您问的是：“Boots?”。"),
    ],
)
async def test_a_time_that_is_named_is_looked_at(text: str, since: str, until: str, told: str) -> None:
    bench = Bench([[said("Boots?", 1)]])

    assert await bench.say(text) == told

    [request] = bench.requests
    assert request["since"] == f"{since}T00:00:00+00:00"
    assert request["until"] == f"{until}T00:00:00+00:00"


async def test_where_a_time_has_nothing_the_last_session_is_told() -> None:
    bench = Bench([[], [said("Show me red boots", 400)]])

    assert await bench.say("what did we talk about yesterday?") == (
        "I find nothing from then. Last time, on 17 October 2025, you asked: “Show me red boots”."
    )
    assert "since" in bench.requests[0]
    assert "since" not in bench.requests[1]


@pytest.mark.parametrize(
    ("text", "topic", "told"),
    [
        ("Did I mention parking?", "parking", "On 12 November you said: “Is parking extra?”."),
        ("我之前问过停车位吗", "停车位", "11月12日您说过：“Is parking extra?”。"),
        ("pernahkah saya tanya tentang parkir?", "parkir", "Pada 12 November anda berkata: “Is parking extra?”."),
    ],
)
async def test_a_topic_is_searched_for_and_its_day_is_told(text: str, topic: str, told: str) -> None:
    bench = Bench([[said("Is parking extra?", 9, "words", "meaning")]])

    assert await bench.say(text) == told
    assert (bench.requests[0]["text"], bench.requests[0]["limit"]) == (topic, 3)


async def test_what_was_said_in_other_words_is_told_as_such() -> None:
    bench = Bench([[said("Can I leave my car there?", 1, "meaning"), said("Is it green?", 1, "meaning")]])

    assert await bench.say("did I ask about parking before?") == (
        "I find nothing in those words. The closest is what you said yesterday: “Can I leave my car there?”."
    )


async def test_the_second_best_with_the_same_words_is_told_too() -> None:
    bench = Bench([[said("Is parking extra?", 9, "words"), said("Parking for two?", 1, "words")]])

    text = await bench.say("did I mention parking?")

    assert text == "On 12 November you said: “Is parking extra?”. And yesterday: “Parking for two?”."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("What did I ask about last time?", "I find no earlier conversation with you."),
        ("What did I ask yesterday?", "I find nothing from then."),
        ("Did I mention parking?", "I find nothing about “parking” in our earlier conversations."),
        ("上次我问了什么", "我没有找到您之前的对话。"),
        ("我有没有提过停车位？", "在之前的对话里，我没有找到您提到“停车位”。"),
        ("apa yang saya tanya kali lepas?", "Saya tidak menemui perbualan yang lalu dengan anda."),
    ],
)
async def test_nothing_is_made_up(text: str, told: str) -> None:
    decision = await Bench().decide(text)

    assert decision is not None
    assert decision.text == told
    assert decision.data == ()


@pytest.mark.parametrize(
    "trouble", [lambda: httpx.Response(503), lambda: httpx.Response(200, text="no recollection")], ids=["down", "odd"]
)
async def test_trouble_with_memory_is_told(trouble: Callable[[], httpx.Response]) -> None:
    assert "cannot look into our earlier conversations" in await Bench(otherwise=trouble).say("did I mention parking?")
    assert "查不到" in await Bench(otherwise=trouble).say("上次我问了什么")


async def test_a_memory_that_does_not_answer_in_time_is_done_without() -> None:
    class Silent(Bench):
        async def handle(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            return httpx.Response(200)

    async with asyncio.timeout(5):
        assert "cannot look" in await Silent().say("did I mention parking?")


async def test_the_packs_state_stays_and_a_waiting_question_is_put_again() -> None:
    question = Question(about="size", clarification=Clarification(question="Which size?"), asked_in=1)

    decision = await Bench().decide("Did I mention parking?", Dialogue(question=question, last_intent="search"))

    assert decision is not None
    assert decision.state == Seen(count=7)
    assert decision.text.endswith("earlier conversations. Which size?")
    assert decision.question == question


async def test_what_was_told_comes_as_data_too() -> None:
    decision = await Bench([[said("Is parking extra?", 9, "words")]]).decide("did I mention parking?")

    assert decision is not None
    [part] = decision.data
    assert part.kind == "recall"
    assert [each["said"] for each in part.value] == ["Is parking extra?"]  # type: ignore[union-attr, index, call-overload]


async def test_other_words_ask_for_nothing_of_the_past() -> None:
    bench = Bench()

    assert await bench.decide("show me flats") is None
    assert bench.requests == []


async def test_a_long_message_is_shortened() -> None:
    text = await Bench([[said("word " * 60)]]).say("what did I ask last time?")

    assert len(text) < 200
    assert "…”" in text


def test_the_intent_is_the_platforms_in_every_pack() -> None:
    [understood] = CORE.understand([Utterance("what did I ask about last time?", Dialogue())])

    assert (understood.intent, understood.confidence) == (RECALL, 1.0)
