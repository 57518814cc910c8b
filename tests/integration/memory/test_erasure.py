"""What a person said goes for good, whatever arrives late; what they say afterwards stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from services.memory import handlers
from services.memory.personal_data import PERSONAL
from shared.events.envelope import Envelope
from shared.events.ids import EventId, TenantId
from shared.events.privacy import ErasureCompleted, ErasureRequested
from shared.privacy.erasure import Eraser
from shared.privacy.handlers import on_erasure_completed, on_erasure_requested
from shared.privacy.store import Person, PersonalData
from shared.runtime import failpoints
from shared.runtime.failpoints import FailpointError
from tests.integration.memory.conftest import SUBJECTS, Memory
from tests.support.turns import Conversation, now


@pytest.fixture
def data(memory: Memory) -> PersonalData:
    return PersonalData(memory.database, "memory", PERSONAL, SUBJECTS)


@pytest.fixture
def told() -> list[Envelope]:
    return []


@pytest.fixture
def eraser(data: PersonalData, told: list[Envelope]) -> Eraser:
    async def publish(envelopes: tuple[Envelope, ...]) -> None:
        told.extend(envelopes)

    return Eraser(service="memory", data=data, publish=publish, clock=now)


def until(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


async def held(data: PersonalData, tenant_id: TenantId, user_id: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    async for each in data.export(Person(tenant_id, user_id)):
        counts[each.table] = counts.get(each.table, 0) + 1
    return counts


async def played(memory: Memory, talk: Conversation) -> None:
    """Everything that the log has of a conversation: two turns that ended, one that waits, one without a session."""
    await handlers.on_sessions_opened([talk.opened()], memory.transcripts)
    await handlers.on_turns_submitted([talk.submitted(turn) for turn in (1, 2, 3)], memory.transcripts)
    await handlers.on_turns_completed([talk.completed(1), talk.completed(2), talk.rated(4, 2, 5)], memory.transcripts)
    elsewhere = Conversation(talk.tenant_id, user_id=talk.user_id, began=talk.began)
    lost = elsewhere.failed(1, reason="unknown_session").model_copy(update={"turn_no": 0, "session_no": 0})
    await handlers.on_turns_unanswered([lost], memory.transcripts)


async def test_everything_goes_and_nothing_that_arrives_again_brings_it_back(
    memory: Memory, data: PersonalData, eraser: Eraser, conversation: Conversation, told: list[Envelope]
) -> None:
    tenant_id = conversation.tenant_id
    earlier = Conversation(tenant_id, began=now() - timedelta(hours=1))
    neighbour = Conversation(tenant_id, user_id="bob", began=now() - timedelta(hours=1))
    await played(memory, earlier)
    await played(memory, neighbour)
    deleted = Conversation(tenant_id, began=now() - timedelta(hours=1))
    await handlers.on_turns_completed([deleted.completed(1)], memory.transcripts)
    await handlers.on_session_deleted(deleted.deleted(), memory.transcripts)
    before = await held(data, tenant_id, "bob")
    assert await held(data, tenant_id, "ada") == {**before, "memory.sessions": 2}

    erasure_id, gone_at = uuid4(), now()
    await eraser.finish(Person(tenant_id, "ada"), erasure_id, until(gone_at), "test")
    await played(memory, earlier)
    late = deleted.deleted().model_copy(update={"occurred_at": gone_at})
    await handlers.on_session_deleted(late.model_copy(update={"by_erasure": True}), memory.transcripts)
    await handlers.on_session_deleted(late, memory.transcripts)

    assert await held(data, tenant_id, "ada") == {}
    assert await held(data, tenant_id, "bob") == before
    erasure = await data.find(Person(tenant_id, "ada"), erasure_id)
    assert erasure is not None
    assert erasure.removed == {**before, "memory.sessions": 2}
    assert len(told) == 1


async def test_a_session_that_ends_by_erasure_is_left_to_the_eraser_which_counts(
    memory: Memory, data: PersonalData, conversation: Conversation
) -> None:
    await played(memory, conversation)
    before = await held(data, conversation.tenant_id, "ada")
    deleted = conversation.deleted().model_copy(update={"by_erasure": True})
    await handlers.on_session_deleted(deleted, memory.transcripts)
    assert await held(data, conversation.tenant_id, "ada") == before


async def test_who_comes_back_keeps_what_they_say_from_then_on(
    memory: Memory, data: PersonalData, eraser: Eraser, conversation: Conversation
) -> None:
    earlier = Conversation(conversation.tenant_id, began=now() - timedelta(hours=1))
    later = Conversation(conversation.tenant_id, began=now() + timedelta(minutes=1))
    await played(memory, earlier)
    await played(memory, later)
    await eraser.finish(Person(conversation.tenant_id, "ada"), uuid4(), until(now()), "test")
    await played(memory, earlier)
    left = await memory.history.sessions(conversation.tenant_id, "ada", limit=10)
    assert [session.session_id for session in left] == [later.session_id]


async def test_what_is_said_afterwards_survives_when_the_request_is_read_again(
    memory: Memory, data: PersonalData, eraser: Eraser, conversation: Conversation
) -> None:
    person, asked_at = Person(conversation.tenant_id, "ada"), now() - timedelta(minutes=1)
    identity = {"occurred_at": asked_at, "tenant_id": person.tenant_id, "request_id": "test", "user_id": "ada"}
    request = ErasureRequested(event_id=EventId(uuid4()), **identity)
    done = {"service": "agent", "removed": {}, "log_empty_at": asked_at, "erased_at": asked_at}
    completed = ErasureCompleted(event_id=EventId(uuid4()), erasure_id=request.event_id, **identity, **done)
    for _ in range(2):
        await on_erasure_requested(request, eraser)
        await on_erasure_completed(completed, eraser)
        if not await held(data, person.tenant_id, "ada"):
            await played(memory, Conversation(conversation.tenant_id, began=now()))
    assert "memory.user_interaction_summaries" in await held(data, person.tenant_id, "ada")


@pytest.mark.parametrize(
    "point",
    [
        "erasure.after_tombstone",
        "erasure.after_beside",
        "erasure.after_batch",
        "erasure.before_completion",
        "erasure.after_completion",
    ],
)
async def test_an_erasure_that_died_anywhere_goes_on_and_counts_right(  # noqa: PLR0917
    memory: Memory,
    data: PersonalData,
    eraser: Eraser,
    conversation: Conversation,
    told: list[Envelope],
    monkeypatch: pytest.MonkeyPatch,
    point: failpoints.Point,
) -> None:
    earlier = Conversation(conversation.tenant_id, began=now() - timedelta(hours=1))
    await played(memory, earlier)
    person, erasure_id = Person(earlier.tenant_id, "ada"), uuid4()
    before = await held(data, earlier.tenant_id, "ada")
    monkeypatch.setitem(failpoints._set, point, failpoints.Failpoint("raise"))
    with pytest.raises(FailpointError):
        await eraser.finish(person, erasure_id, until(now()), "test")
    assert told == []

    await eraser.finish(person, erasure_id, until(now()), "test")
    assert await held(data, earlier.tenant_id, "ada") == {}
    erasure = await data.find(person, erasure_id)
    assert erasure is not None
    assert (erasure.removed, len(told)) == (before, 1)


async def test_another_tenants_person_of_the_same_name_is_left_alone(
    memory: Memory, data: PersonalData, eraser: Eraser, conversation: Conversation
) -> None:
    earlier = Conversation(conversation.tenant_id, began=now() - timedelta(hours=1))
    await played(memory, earlier)
    before = await held(data, earlier.tenant_id, "ada")
    await eraser.finish(Person(TenantId(uuid4()), "ada"), uuid4(), until(now()), "test")
    assert await held(data, earlier.tenant_id, "ada") == before
