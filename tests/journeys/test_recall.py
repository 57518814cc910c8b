"""What was asked in one session is told in the next, in every pack, and found by its owner alone."""

import asyncio

import pytest

from shared.domains.registry import load_domains
from shared.runtime.polling import read_until
from tests.support.client import Client
from tests.support.stack import Stack
from tests.support.turns import PATIENCE

INSTALLED = sorted(load_domains())


async def said(client: Client, domain: str, *texts: str) -> str:
    """A session in which these were said, once memory has them."""
    session = await client.open(domain)
    for text in texts:
        await client.ask(session, text)
    assert (await client.get(f"/v1/sessions/{session}/messages"))["complete"]
    return session


@pytest.mark.parametrize("domain", INSTALLED)
async def test_any_pack_tells_what_was_asked_in_the_last_session(client: Client, domain: str) -> None:
    await said(client, domain, "Do you know anything about purple elephants?")

    second = await client.open(domain)
    told = (await client.ask(second, "What did I ask about last time?"))["reply"]

    assert told["text"] == ("Last time, earlier today, you asked: “Do you know anything about purple elephants?”.")
    assert [each["said"] for each in told["data"][0]["value"]] == ["Do you know anything about purple elephants?"]


async def test_a_topic_is_found_and_what_was_never_said_is_not(client: Client) -> None:
    await said(client, "property", "Show me 2BHK in Whitefield with parking", "Which schools are near Brigade Citrine?")

    second = await client.open("property")
    found = (await client.ask(second, "Did I ask about schools before?"))["reply"]["text"]
    missing = (await client.ask(second, "Did I mention a helicopter pad?"))["reply"]["text"]
    yesterday = (await client.ask(second, "What were we talking about yesterday?"))["reply"]["text"]

    assert found == "Earlier today you said: “Which schools are near Brigade Citrine?”."
    assert missing == "I find nothing about “a helicopter pad” in our earlier conversations."
    assert yesterday.startswith("I find nothing from then. Last time, earlier today, you asked:")


async def test_chinese_is_asked_and_told_in_chinese(client: Client) -> None:
    await said(client, "luxury", "我想给VVIP客户推广新款手袋")

    second = await client.open("luxury")
    last = (await client.ask(second, "上次我问了什么？"))["reply"]["text"]
    topic = (await client.ask(second, "我有没有提过手袋？"))["reply"]["text"]
    never = (await client.ask(second, "我之前说过直升机吗？"))["reply"]["text"]

    assert last == "上次（今天早些时候）您问的是：“我想给VVIP客户推广新款手袋”。"
    assert topic == "今天早些时候您说过：“我想给VVIP客户推广新款手袋”。"
    assert never == "在之前的对话里，我没有找到您提到“直升机”。"


async def test_a_first_conversation_has_nothing_before_it(client: Client) -> None:
    session = await client.open("shop")

    told = (await client.ask(session, "What did I ask about last time?"))["reply"]["text"]

    assert told == "I find no earlier conversation with you."


async def test_the_talk_goes_on_where_it_was(client: Client) -> None:
    await said(client, "property", "Show me 2BHK in Whitefield")
    session = await client.open("property")
    shown = await client.ask(session, "Show me 3BHK in Whitefield")
    listed = next(part for part in shown["reply"]["data"] if part["kind"] == "listings")["value"]

    await client.ask(session, "What did I ask about last time?")
    about = (await client.ask(session, "tell me about the second one"))["reply"]["text"]

    assert listed[1]["project"] in about


async def test_everybody_finds_their_own_words_only(client: Client, stack: Stack) -> None:
    session = await said(client, "scripted", "say parking in Zanzibar")

    [found] = (await client.get("/v1/users/me/recall", q="zanzibar parking"))["items"]
    assert (found["said"], found["answered"]) == ("say parking in Zanzibar", "parking in Zanzibar")
    assert found["session_id"] == session
    async with Client(stack.gateway.url) as stranger:
        assert (await stranger.get("/v1/users/me/recall", q="zanzibar parking"))["items"] == []


async def test_a_deleted_session_is_told_no_more(client: Client) -> None:
    session = await said(client, "scripted", "say a secret about Zanzibar")
    assert len((await client.get("/v1/users/me/recall", q="zanzibar"))["items"]) == 1
    assert (await client.http.delete(f"/v1/sessions/{session}")).status_code == 204
    assert (await client.get("/v1/users/me/recall", q="zanzibar"))["items"] == []
    later = await client.open("scripted")
    told = await read_until(
        lambda: client.ask(later, "did I mention zanzibar?"),
        lambda ended: "I find nothing" in ended["reply"]["text"],
        within=PATIENCE,
    )

    assert told["reply"]["text"] == "I find nothing about “zanzibar” in our earlier conversations."


async def test_without_memory_the_chat_goes_on_and_says_so(client: Client, stack: Stack) -> None:
    session = await client.open("shop")
    memory = stack.services["memory"]
    memory.kill()
    try:
        told = (await client.ask(session, "What did I ask about last time?"))["reply"]["text"]
        other = (await client.ask(session, "hello"))["status"]
    finally:
        memory.start()
        await asyncio.to_thread(memory.ready)

    assert told == "I cannot look into our earlier conversations right now. Please ask me again in a moment."
    assert other == "completed"
