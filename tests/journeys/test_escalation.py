"""An angry conversation: it is answered, escalated once, and operators see it."""

from datetime import timedelta
from typing import Any

from deploy.local.topics import stored_records
from shared.events.outcomes import ConversationEscalated
from shared.events.topics import OUTCOMES
from shared.runtime.polling import read_until
from tests.support.client import Client
from tests.support.stack import Stack

PATIENCE = timedelta(seconds=10)
ANGRY = ["This is useless, you are not listening!", "I am fed up, what a waste of time!!!", "Terrible service, worst."]


async def escalations(stack: Stack, session: str) -> list[ConversationEscalated]:
    """What the topic says of a session, once there is something."""

    async def found() -> list[ConversationEscalated]:
        records = await stored_records(stack.servers.kafka, [OUTCOMES.name])
        events = [record.value or b"" for record in records if (record.key or b"").endswith(session.encode())]
        return [ConversationEscalated.model_validate_json(event) for event in events]

    return await read_until(found, bool, within=PATIENCE)


async def reported(client: Client) -> dict[str, Any]:
    return await client.get("/v1/admin/monitoring", days="1", domain="shop")


def frustrated(report: dict[str, Any]) -> int:
    return sum(each["conversations"] for each in report["escalations"] if each["reason"] == "frustrated")


async def test_an_angry_conversation_is_escalated_once_and_operators_see_it(client: Client, stack: Stack) -> None:
    async with Client(stack.gateway.url, "operator") as operator:
        before = frustrated(await reported(operator))
        session = await client.open("shop")
        for words in (*ANGRY, "Where is my order?"):
            await client.ask(session, words)

        events = await escalations(stack, session)
        assert [(each.reason, each.turn_no, each.language) for each in events] == [("frustrated", 2, "en")]

        experience = (await client.get(f"/v1/sessions/{session}"))["experience"]
        assert experience["escalation"] == "frustrated"
        assert experience["is_predicted"]
        assert experience["satisfaction"] < 3

        report = await read_until(lambda: reported(operator), lambda seen: frustrated(seen) > before, within=PATIENCE)
        assert frustrated(report) == before + 1


async def test_who_asks_for_a_person_in_chinese_is_escalated_and_still_answered(client: Client, stack: Stack) -> None:
    session = await client.open("luxury")

    ended = await client.ask(session, "转人工")

    assert ended["reply"]["text"]
    [event] = await escalations(stack, session)
    assert (event.reason, event.language) == ("asked_for_person", "zh")
