"""The luxury product's own endpoints, as its front ends use them."""

import csv
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.client import Event, read_events
from tests.support.stack import Stack

LAUNCH = "我要为春季新款手袋上市做一次推广，目标是提升转化率"
STREAM = "/api/v1/analysis/stream"


@pytest.fixture
async def front_end(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """A front end that knows session ids and nothing else."""
    headers = {"accept-language": "zh-CN,zh;q=0.9"}
    async with httpx.AsyncClient(base_url=stack.gateway.url, headers=headers, timeout=40, trust_env=False) as client:
        yield client


async def analyse(front_end: httpx.AsyncClient, prompt: str, session_id: str | None = None) -> dict[str, Any]:
    body = {"prompt": prompt} if session_id is None else {"prompt": prompt, "session_id": session_id}
    response = await front_end.post("/api/v1/analysis", json=body)
    assert response.status_code == 200, response.text
    result: dict[str, Any] = response.json()
    return result


async def create(front_end: httpx.AsyncClient) -> str:
    response = await front_end.post("/api/v1/session/create")
    assert response.status_code == 200, response.text
    return str(response.json()["session_id"])


@asynccontextmanager
async def event_source(
    front_end: httpx.AsyncClient, prompt: str, session_id: str | None = None, last: str | None = None
) -> AsyncIterator[AsyncIterator[Event]]:
    """What a browser's EventSource does: the same URL each time, with the id of the last event it got."""
    params = {"prompt": prompt} | ({"session_id": session_id} if session_id else {})
    headers = {"accept": "text/event-stream"} | ({"last-event-id": last} if last else {})
    async with front_end.stream("GET", STREAM, params=params, headers=headers) as response:
        assert response.status_code == 200, await response.aread()
        yield read_events(response)


async def test_the_campaign_is_planned_refined_applied_and_exported(front_end: httpx.AsyncClient) -> None:
    first = await analyse(front_end, LAUNCH)
    session = first["session_id"]
    assert (first["is_modification"], first["metrics"]["audience_size"]) == (False, 15)

    only = await analyse(front_end, "只要VVIP客户，去掉VIP", session)
    assert (only["is_modification"], only["metrics"]["audience_size"]) == (True, 7)
    assert only["previous_intent"] == first["intent"]

    wide = await analyse(front_end, "扩大到200人", session)
    assert (wide["metrics"]["audience_size"], len(wide["audience"])) == (200, 200)
    limited = await analyse(front_end, "预算控制在50万以内", session)
    assert limited["metrics"]["cost"] <= 500_000

    applied = (await front_end.post("/api/v1/campaign/apply", json={"session_id": session})).json()
    payload = applied["payload"]
    assert re.fullmatch(r"camp_[0-9a-f]{12}", payload["campaign_id"])
    assert payload["target_audience_ids"] == [person["id"] for person in limited["audience"]]
    assert payload["constraints"]["budget"] == 500_000

    path = f"/api/v1/campaign/{payload['campaign_id']}/audience.csv"
    exported = await front_end.get(path, params={"session_id": session})
    rows = list(csv.reader(io.StringIO(exported.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == payload["target_audience_ids"]

    dump = (await front_end.get(f"/api/v1/session/{session}")).json()
    assert [turn["user_input"] for turn in dump["turns"]] == [
        LAUNCH,
        "只要VVIP客户，去掉VIP",
        "扩大到200人",
        "预算控制在50万以内",
        "apply",
    ]
    assert [each["audience_size"] for each in dump["context"]["history_summary"]] == [7, 200, 200]
    assert dump["context"]["current_strategy"]["campaign_id"] == payload["campaign_id"]


async def test_thinking_steps_come_before_the_analysis(front_end: httpx.AsyncClient) -> None:
    session = await create(front_end)
    async with event_source(front_end, LAUNCH, session) as stream:
        events = [event async for event in stream]

    assert [event.name for event in events][-1] == "analysis_complete"
    assert events[-1].data["prompt"] == LAUNCH
    assert {event.name for event in events[:-1]} == {"thinking_step"}
    assert [event.data["step"] for event in events[1:-1]] == [
        "正在理解活动目标",
        "正在筛选目标客户",
        "正在预测活动效果",
    ]
    assert events[-1].data["session_id"] == session
    assert events[-1].data["metrics"]["audience_size"] == 15


@pytest.mark.parametrize("named", [True, False])
async def test_a_browsers_reconnect_goes_on_with_the_same_turn(front_end: httpx.AsyncClient, *, named: bool) -> None:
    session = await create(front_end) if named else None
    async with event_source(front_end, LAUNCH, session) as stream:
        first = await anext(stream)
    async with event_source(front_end, LAUNCH, session, last=first.id) as stream:
        rest = [event async for event in stream]

    session = rest[-1].data["session_id"]
    assert rest[-1].name == "analysis_complete"
    assert first.id not in [event.id for event in rest]
    again = await front_end.get(STREAM, params={"prompt": LAUNCH}, headers={"last-event-id": rest[-1].id})
    assert again.status_code == 204
    turns = (await front_end.get(f"/api/v1/session/{session}")).json()["turns"]
    assert [turn["user_input"] for turn in turns] == [LAUNCH]


async def test_two_connections_before_a_first_event_are_one_turn(front_end: httpx.AsyncClient) -> None:
    session = await create(front_end)
    async with (
        event_source(front_end, LAUNCH, session) as one,
        event_source(front_end, LAUNCH, session) as other,
    ):
        ends = [[event async for event in stream][-1] for stream in (one, other)]

    assert ends[0].data["turn_id"] == ends[1].data["turn_id"]
    assert len((await front_end.get(f"/api/v1/session/{session}")).json()["turns"]) == 1


async def test_a_reset_session_is_gone_and_a_fresh_one_there(front_end: httpx.AsyncClient) -> None:
    old = (await analyse(front_end, LAUNCH))["session_id"]
    reset = (await front_end.post("/api/v1/session/reset", params={"session_id": old})).json()

    assert reset["session_id"] != reset["previous_session_id"] == old
    assert (await front_end.get(f"/api/v1/session/{old}")).status_code == 404
    assert (await front_end.get(f"/api/v1/session/{reset['session_id']}")).json()["turns"] == []


async def test_errors_are_in_chinese_for_those_who_ask_and_in_english_for_others(
    front_end: httpx.AsyncClient,
) -> None:
    unknown = f"/api/v1/session/{uuid4()}"
    assert (await front_end.get(unknown)).json()["detail"] == "会话不存在或已被删除。"
    assert (await front_end.get(unknown, headers={"accept-language": "en"})).json()["detail"] == (
        "There is no such session."
    )
    body = {"session_id": await create(front_end)}
    refused = await front_end.post("/api/v1/campaign/apply", json=body)
    assert (refused.status_code, refused.json()["detail"]) == (409, "还没有可以应用的活动方案，请先描述您的活动。")
    assert (await front_end.post("/api/v1/analysis", json={"prompt": " "})).json()["detail"] == (
        "请求内容有误，请检查参数。"
    )
    other = await front_end.get(f"/api/v1/campaign/camp_{'0' * 12}/audience.csv")
    assert (other.status_code, other.json()["detail"]) == (404, "活动不存在。")
