"""What operators are told of conversations, and how they clean up sessions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.gateway.conftest import Town
from tests.support.client import Client

AT = "2026-03-01T09:30:00Z"
ACTIVITY = {
    "sessions": 4,
    "conversations": 3,
    "messages": 11,
    "failed": 1,
    "users": 2,
    "messages_per_conversation": 3.5,
}
SATISFACTION = {
    "conversations": 3,
    "mean": 3.2,
    "rated": 1,
    "mean_rated": 1.0,
    "mean_predicted": 4.3,
    "sentiment": 0.1,
}
REPORT = {
    "since": AT,
    "until": AT,
    "domain": "shop",
    "activity": ACTIVITY,
    "days": [ACTIVITY | {"day": "2026-03-01"}],
    "domains": [ACTIVITY | {"domain": "shop"}],
    "active_users": {"day": 1, "week": 2, "month": 3},
    "intents": [{"domain": "shop", "intent": None, "messages": 2}],
    "languages": [{"language": "zh", "messages": 5}],
    "escalations": [{"reason": "frustrated", "conversations": 1}],
    "satisfaction": SATISFACTION,
    "satisfaction_by_day": [SATISFACTION | {"day": "2026-03-01"}],
    "unspoken_sessions": 6,
    "store": {
        "pool": {"in_use": 1, "open": 2, "limit": 10},
        "statements": [{"statement": "end", "count": 9, "p50": 0.001, "p95": 0.002, "p99": 0.003}],
        "indexes": [
            {"table": "t", "index": "i", "scans": 1, "blocks_read": 0, "blocks_hit": 0, "hit_rate": None},
        ],
    },
}


@pytest.fixture
async def operator(client: Client) -> Client:
    client.http.headers["X-Parley-User"] = "operator"
    return client


def upkeep(due: int) -> dict[str, Any]:
    task = {"task": "deleted_messages", "after": "P90D", "due": due, "oldest": AT, "done": 0, "last_at": None}
    return {"items": [task]}


def silent(*users: str) -> list[dict[str, str]]:
    return [{"session_id": str(uuid4()), "user_id": user, "last_active_at": AT} for user in users]


@pytest.mark.parametrize("due", [0, 3])
async def test_operators_see_the_report_and_whether_upkeep_is_on_time(operator: Client, town: Town, due: int) -> None:
    town.memory.answers |= {"GET /internal/monitoring": REPORT, "GET /internal/upkeep": upkeep(due)}
    town.profiles.answers["GET /internal/upkeep"] = upkeep(0)

    told = await operator.get("/v1/admin/monitoring", days="3", domain="shop")

    asked = [query for question, query, _ in town.memory.asked if question == "GET /internal/monitoring"]
    assert asked[-1] == {"days": "3", "domain": "shop"}
    assert {name: told[name] for name in REPORT} == REPORT
    assert told["on_time"] is (due == 0)
    assert [(each["service"], each["due"]) for each in told["upkeep"]] == [
        ("agent", 0),
        ("memory", due),
        ("profiles", 0),
    ]


async def test_monitoring_and_clean_up_are_for_operators(client: Client) -> None:
    refused = [
        await client.http.get("/v1/admin/monitoring"),
        await client.http.post("/v1/admin/sessions/cleanup", json={}),
    ]

    assert [(each.status_code, each.json()["error"]["code"]) for each in refused] == [(403, "operators_only")] * 2


async def test_a_dry_run_tells_what_would_go_and_leaves_it(operator: Client, town: Town) -> None:
    sessions = town.memory.answers["GET /internal/monitoring/sessions"] = silent("ada", "bo", "cy")
    asked = datetime.now(UTC)

    response = await operator.http.post("/v1/admin/sessions/cleanup", json={"limit": 2})

    told, query = response.json(), town.memory.asked[-1][1]
    assert told["sessions"] == [each["session_id"] for each in sessions[:2]]
    assert (told["dry_run"], told["kind"], told["next"]) == (True, "unspoken", sessions[1]["session_id"])
    assert query["unspoken"] == "true"
    assert abs(datetime.fromisoformat(query["before"]) - asked + timedelta(days=1)) < timedelta(minutes=1)
    assert not town.agent.deleted & {UUID(each["session_id"]) for each in sessions}


async def test_what_is_cleaned_up_is_deleted_as_if_by_its_owner(operator: Client, town: Town) -> None:
    sessions = town.memory.answers["GET /internal/monitoring/sessions"] = silent("ada", "bo")
    ids = {UUID(each["session_id"]) for each in sessions}

    response = await operator.http.post("/v1/admin/sessions/cleanup", json={"dry_run": False})

    assert (len(response.json()["sessions"]), response.json()["next"]) == (2, None)
    await town.agent.until(lambda: ids <= town.agent.deleted)


async def test_sessions_without_an_owner_are_those_that_the_agent_does_not_know(operator: Client, town: Town) -> None:
    known = await operator.open("painted")
    await town.agent.until(lambda: UUID(known) in town.agent.sessions)
    [lost] = silent("ada")
    sessions = [{"session_id": known, "user_id": operator.user, "last_active_at": AT}, lost]
    town.memory.answers["GET /internal/monitoring/sessions"] = sessions

    response = await operator.http.post("/v1/admin/sessions/cleanup", json={"kind": "ownerless", "days": 2})

    assert response.json()["sessions"] == [lost["session_id"]]
    assert response.json()["checked"] == 2


@pytest.mark.parametrize("wrong", [{"kind": "all"}, {"days": 0}, {"limit": 100_000}, {"after": "x"}])
async def test_a_clean_up_that_makes_no_sense_is_refused(operator: Client, wrong: dict[str, Any]) -> None:
    response = await operator.http.post("/v1/admin/sessions/cleanup", json=wrong)

    assert response.status_code == 422
