"""What operators see: planted conversations, exact figures."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry

from services.memory import handlers
from services.memory.figures import (
    ActiveUsers,
    Activity,
    DomainActivity,
    IntentCount,
    LanguageCount,
    Period,
    ReasonCount,
    Satisfaction,
)
from services.memory.monitoring.job import Measuring, means
from services.memory.monitoring.metrics import MonitoringMetrics
from services.memory.store import Monitoring
from shared.events.ids import TenantId
from shared.events.replies import TurnCompleted, Understood
from shared.privacy.tasks import Tasks
from tests.integration.memory.conftest import Memory
from tests.support.turns import Conversation

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)
"""Two days ago: one week's partition or two, and the day's end far enough away."""
WEEK = Period(NOON - timedelta(days=5), NOON + timedelta(days=2))
CALM = Understood(intent="search", confidence=0.9, language="en", sentiment=0.0)


@pytest.fixture
def monitoring(memory: Memory) -> Monitoring:
    return Monitoring(memory.database)


@pytest.fixture
def tenant() -> TenantId:
    return TenantId(uuid4())


def said(talk: Conversation, turn_no: int, **more: Any) -> TurnCompleted:
    return talk.completed(turn_no, understood=CALM.model_copy(update=more))


async def keep(memory: Memory, *endings: TurnCompleted) -> None:
    await handlers.on_turns_completed(endings, memory.transcripts)


async def session_of(memory: Memory, talk: Conversation) -> Any:
    return await memory.history.session(talk.tenant_id, talk.session_id)


async def test_activity_is_told_in_all_by_day_and_by_domain(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    ada = Conversation(tenant, user_id="ada", domain="shop", began=NOON)
    bo = Conversation(tenant, user_id="bo", domain="shop", began=NOON)
    again = Conversation(tenant, user_id="ada", domain="property", began=NOON - timedelta(days=1))
    silent = Conversation(tenant, user_id="cy", domain="shop", began=NOON)
    before = Conversation(tenant, user_id="old", domain="shop", began=WEEK.since - timedelta(hours=1))
    await keep(memory, *(said(ada, no) for no in (1, 2, 3)), said(bo, 1), said(again, 1), said(before, 1))
    await handlers.on_turns_unanswered([bo.failed(2)], memory.transcripts)
    await handlers.on_sessions_opened([silent.opened()], memory.transcripts)

    in_all, days, domains = await monitoring.activity(tenant, WEEK)

    assert in_all == Activity(
        sessions=4, conversations=3, messages=11, failed=1, users=2, messages_per_conversation=11 / 3
    )
    assert [(each.day, each.sessions, each.conversations, each.messages, each.users) for each in days] == [
        ((NOON - timedelta(days=1)).date(), 1, 1, 2, 1),
        (NOON.date(), 3, 2, 9, 2),
    ]
    assert domains == [
        DomainActivity(
            domain="property", sessions=1, conversations=1, messages=2, users=1, messages_per_conversation=2
        ),
        DomainActivity(
            domain="shop", sessions=3, conversations=2, messages=9, failed=1, users=2, messages_per_conversation=4.5
        ),
    ]
    only_property, _, _ = await monitoring.activity(tenant, Period(WEEK.since, WEEK.until, "property"))
    assert only_property == Activity(sessions=1, conversations=1, messages=2, users=1, messages_per_conversation=2)


async def test_of_nothing_there_is_nothing_to_tell(monitoring: Monitoring, tenant: TenantId) -> None:
    in_all, days, domains = await monitoring.activity(tenant, WEEK)
    satisfaction, by_day = await monitoring.satisfaction(tenant, WEEK)

    assert (in_all, days, domains) == (Activity(), [], [])
    assert (satisfaction.conversations, satisfaction.mean, by_day) == (0, None, [])
    assert await monitoring.active_users(tenant, WEEK) == ActiveUsers(0, 0, 0)


async def test_users_are_active_by_day_week_and_month_once_each(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    for user, days in (("ada", 0), ("ada", 5), ("bo", 5), ("cy", 20), ("old", 31)):
        talk = Conversation(tenant, user_id=user, began=WEEK.until - timedelta(days=days, hours=1))
        await keep(memory, said(talk, 1))
    silent = Conversation(tenant, user_id="dee", began=WEEK.until - timedelta(hours=1))
    await handlers.on_sessions_opened([silent.opened()], memory.transcripts)

    assert await monitoring.active_users(tenant, WEEK) == ActiveUsers(day=1, week=2, month=3)


async def test_intents_languages_and_escalations_are_counted(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    shop, property_ = (Conversation(tenant, domain=domain, began=NOON) for domain in ("shop", "property"))
    lost = said(shop, 3, intent=None, language="und")
    await keep(memory, said(shop, 1), said(shop, 2, intent="order", language="zh"), lost, said(property_, 1))
    await keep(memory, said(property_, 2, language="zh").model_copy(update={"escalation": "asked_for_person"}))

    intents, languages = await monitoring.topics(tenant, WEEK)

    assert intents == [
        IntentCount("property", "search", 2),
        IntentCount("shop", "order", 1),
        IntentCount("shop", "search", 1),
        IntentCount("shop", None, 1),
    ]
    assert languages == [LanguageCount("en", 2), LanguageCount("zh", 2)]
    assert await monitoring.escalations(tenant, WEEK) == [ReasonCount("asked_for_person", 1)]


@pytest.mark.parametrize(
    ("turns", "satisfaction"),
    [
        ([{}, {}], 4.0),
        ([{"sentiment": 0.8}, {"sentiment": 0.4}], 4.6),
        ([{"sentiment": -0.5, "frustration": 0.6}, {"sentiment": -0.5, "frustration": 0.2}], 2.5),
        ([{"intent": None}, {}], 3.5),
        ([{"sentiment": -1.0, "frustration": 1.0, "intent": None}], 1.0),
        ([{"sentiment": 1.0}], 5.0),
    ],
)
async def test_satisfaction_is_predicted_from_mood_frustration_and_what_was_not_understood(
    memory: Memory, monitoring: Monitoring, tenant: TenantId, turns: list[dict[str, Any]], satisfaction: float
) -> None:
    talk = Conversation(tenant, began=NOON)
    await keep(memory, *(said(talk, no, **more) for no, more in enumerate(turns, 1)))

    experience = await monitoring.experience(tenant, await session_of(memory, talk))

    assert experience.satisfaction == pytest.approx(satisfaction)
    assert experience.is_predicted


async def test_failures_count_and_cancelled_turns_do_not(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    talk = Conversation(tenant, began=NOON)
    await keep(memory, said(talk, 1))
    await handlers.on_turns_unanswered([talk.failed(2), talk.cancelled(3)], memory.transcripts)

    experience = await monitoring.experience(tenant, await session_of(memory, talk))

    assert experience.satisfaction == pytest.approx(3.0)


async def test_ratings_count_where_there_are_some_and_sentiment_has_a_trend(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    talk = Conversation(tenant, began=NOON)
    await keep(memory, *(said(talk, no, sentiment=0.5 - 0.25 * no, frustration=0.9) for no in (1, 2, 3)))
    await keep(memory, talk.rated(4, rated=1, rating=5), talk.rated(5, rated=2, rating=4))

    experience = await monitoring.experience(tenant, await session_of(memory, talk))

    assert (experience.satisfaction, experience.is_predicted) == (4.5, False)
    assert experience.sentiment == pytest.approx(0.0)
    assert experience.trend == pytest.approx(-0.5)


async def test_a_session_without_words_says_nothing_of_how_it_went(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    talk = Conversation(tenant, began=NOON)
    await handlers.on_sessions_opened([talk.opened()], memory.transcripts)

    experience = await monitoring.experience(tenant, await session_of(memory, talk))

    assert (experience.sentiment, experience.trend, experience.satisfaction) == (None, None, None)
    assert not experience.is_predicted


async def test_satisfaction_of_a_period_keeps_ratings_and_predictions_apart(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    rated, calm = Conversation(tenant, began=NOON), Conversation(tenant, began=NOON)
    happy = Conversation(tenant, began=NOON - timedelta(days=1))
    await keep(memory, said(rated, 1), rated.rated(2, rated=1, rating=1), said(calm, 1), said(happy, 1, sentiment=0.5))

    in_all, days = await monitoring.satisfaction(tenant, WEEK)

    assert (in_all.conversations, in_all.rated) == (3, 1)
    assert in_all.mean == pytest.approx((1 + 4 + 4.5) / 3)
    assert in_all.mean_rated == pytest.approx(1.0)
    assert in_all.mean_predicted == pytest.approx(4.25)
    assert [(each.day, each.conversations) for each in days] == [
        ((NOON - timedelta(days=1)).date(), 1),
        (NOON.date(), 2),
    ]
    assert [each.mean for each in days] == pytest.approx([4.5, 2.5])


async def test_orphans_were_opened_long_ago_never_spoken_in_and_wait_for_nothing(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    orphan, spoken, waiting, new, deleted = (Conversation(tenant, began=NOON) for _ in range(5))
    new = Conversation(tenant, began=NOON + timedelta(days=2))
    opened = [each.opened() for each in (orphan, spoken, waiting, new, deleted)]
    await handlers.on_sessions_opened(opened, memory.transcripts)
    await keep(memory, said(spoken, 1))
    await handlers.on_turns_submitted([waiting.submitted(1)], memory.transcripts)
    await handlers.on_session_deleted(deleted.deleted(), memory.transcripts)
    before = NOON + timedelta(days=1)

    listed = await monitoring.sessions(tenant, unspoken=True, before=before, after=UUID(int=0), limit=10)

    assert await monitoring.unspoken(tenant, before) == 1
    assert [each.session_id for each in listed] == [orphan.session_id]
    assert await monitoring.unspoken(TenantId(uuid4()), before) == 0


async def test_silent_sessions_are_listed_page_by_page(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    talks = [Conversation(tenant, began=NOON) for _ in range(5)]
    late = Conversation(tenant, began=NOON + timedelta(days=2))
    await keep(memory, *(said(talk, 1) for talk in (*talks, late)))

    found, after = [], UUID(int=0)
    while page := await monitoring.sessions(
        tenant, unspoken=False, before=NOON + timedelta(days=1), after=after, limit=2
    ):
        found += [each.session_id for each in page]
        after = page[-1].session_id

    assert found == sorted(talk.session_id for talk in talks)


async def test_indexes_of_partitions_are_told_together(
    memory: Memory, monitoring: Monitoring, tenant: TenantId
) -> None:
    await keep(memory, said(Conversation(tenant, began=NOON), 1))

    found = {(each.table, each.index) for each in await monitoring.indexes()}

    assert ("messages", "messages_pkey") in found
    assert ("sessions", "sessions_unspoken") in found
    assert {table for table, _ in found if "w" in table.removeprefix("messages_")[4:5]} == set()


async def test_the_gauges_show_the_last_day_of_all_tenants(memory: Memory, monitoring: Monitoring) -> None:
    registry, here = CollectorRegistry(), [TenantId(uuid4()), TenantId(uuid4())]
    measuring = Measuring(
        tasks=Tasks(memory.database, "memory"),
        monitoring=monitoring,
        metrics=MonitoringMetrics(registry),
        now=lambda: NOON + timedelta(hours=2),
    )

    def measured(name: str, **labels: str) -> float:
        return registry.get_sample_value(f"parley_memory_{name}", labels) or 0.0

    await measuring.run()
    names = ("last_day_sessions", "last_day_conversations", "last_day_messages", "last_day_failed_messages")
    before = [measured(name) for name in names] + [measured("active_users", window="day")]
    for tenant in here:
        talk = Conversation(tenant, began=NOON)
        await keep(memory, said(talk, 1))
        await handlers.on_turns_unanswered([talk.failed(2)], memory.transcripts)
    await measuring.run()

    after = [measured(name) for name in names] + [measured("active_users", window="day")]
    assert [new - old for new, old in zip(after, before, strict=True)] == [2, 2, 6, 2, 2]
    assert 1 <= measured("satisfaction", by="prediction") <= 5
    assert 0 < measured("index_hit_ratio", table="sessions", index="sessions_pkey") <= 1


def test_means_over_tenants_have_the_weight_of_their_conversations() -> None:
    found = [
        Satisfaction(conversations=3, rated=1, mean_rated=1.0, mean_predicted=4.0),
        Satisfaction(conversations=1, rated=1, mean_rated=5.0),
        Satisfaction(),
    ]

    assert means(found) == {"rating": 3.0, "prediction": 4.0}
    assert means([Satisfaction()]) == {}
