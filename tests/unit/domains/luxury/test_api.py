"""The luxury pack's endpoints over a surface that keeps what it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import Request, Response
from pydantic import BaseModel, JsonValue

from shared.domains.luxury.api import routes
from shared.domains.luxury.prediction import Metrics
from shared.domains.luxury.state import Intent, LuxuryState, TurnRecord
from shared.domains.surface import (
    Asked,
    Conversation,
    Page,
    Principal,
    Respond,
    Summaries,
    Surface,
    Tell,
    Transcript,
    Translate,
)
from shared.errors import Unavailable
from shared.events.ids import OPEN_TENANT, SessionId
from shared.events.turns import Text
from shared.runtime.http import create_app
from shared.runtime.process import utc_now

OLD = SessionId(uuid4())
CALLER = Principal(OPEN_TENANT, "mei", "request-1")


@dataclass(slots=True)
class SurfaceInMemory:
    """One session `OLD` in this state; None: the agent cannot be asked."""

    remembered: LuxuryState | None
    asked: list[tuple[UUID, Asked]] = field(default_factory=list)
    deleted: list[UUID] = field(default_factory=list)

    def caller(self, request: Request, user_id: str | None = None) -> Principal:
        return CALLER

    async def open(self, caller: Principal, key: str | None = None) -> Conversation:
        return Conversation(SessionId(uuid4()), caller, utc_now())

    async def find(self, request: Request, session_id: str | UUID, user_id: str | None = None) -> Conversation:
        return Conversation(OLD, CALLER, utc_now() - timedelta(days=9))

    async def conversations(self, caller: Principal, page: Page) -> Summaries:
        raise NotImplementedError

    async def messages(self, conversation: Conversation, page: Page) -> Transcript:
        raise NotImplementedError

    async def delete(self, conversation: Conversation) -> None:
        self.deleted.append(conversation.session_id)

    async def answer(
        self, request: Request, conversation: Conversation, asked: Asked, respond: Respond, tell: Tell | None = None
    ) -> Response:
        self.asked.append((conversation.session_id, asked))
        return Response(status_code=200)

    async def stream(
        self, request: Request, conversation: Conversation, asked: Asked, translate: Translate
    ) -> Response:
        self.asked.append((conversation.session_id, asked))
        return Response(status_code=200)

    async def resumed(self, request: Request, translate: Translate) -> Response | None:
        return None

    async def state(self, conversation: Conversation) -> Mapping[str, JsonValue]:
        if self.remembered is None:
            raise Unavailable("the agent is down")
        state: dict[str, JsonValue] = self.remembered.model_dump(mode="json")
        return state

    async def operate(self, caller: Principal, operation: str, arguments: BaseModel) -> JsonValue:
        raise NotImplementedError


def spoken_at(moment: datetime, words: str = "推广手袋", turn_no: int = 1) -> LuxuryState:
    turn = TurnRecord(
        turn_no=turn_no, user_input=words, is_modification=False, intent=None, response="好", timestamp=moment
    )
    return LuxuryState(turns=(turn,))


async def call(surface: SurfaceInMemory, method: str, path: str, **request: Any) -> httpx.Response:
    app = create_app(alive=lambda: None, ready={})
    # The part of a surface that this pack uses.
    app.include_router(routes(cast(Surface, surface)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        return await client.request(method, f"/api/v1{path}", **request)


async def test_a_session_that_nobody_used_for_a_day_has_expired_and_is_deleted() -> None:
    surface = SurfaceInMemory(spoken_at(utc_now() - timedelta(hours=25)))

    response = await call(surface, "GET", f"/session/{OLD}", headers={"accept-language": "zh"})

    assert (response.status_code, response.json()["detail"]) == (410, "会话因长时间没有活动已过期，请新建会话。")
    assert surface.deleted == [OLD]


async def test_speaking_in_an_expired_session_opens_a_new_one() -> None:
    surface = SurfaceInMemory(spoken_at(utc_now() - timedelta(hours=25)))

    await call(surface, "POST", "/analysis", json={"prompt": "推广手袋", "session_id": str(OLD)})

    assert surface.asked[0][0] != OLD


async def test_a_session_that_is_used_goes_on() -> None:
    surface = SurfaceInMemory(spoken_at(utc_now() - timedelta(hours=23)))

    assert (await call(surface, "GET", f"/session/{OLD}")).status_code == 200
    await call(surface, "POST", "/analysis", json={"prompt": "推广手袋", "session_id": str(OLD)})
    assert surface.asked == [(OLD, Asked(Text(text="推广手袋")))]


async def test_turns_are_accepted_while_the_agent_cannot_be_asked() -> None:
    surface = SurfaceInMemory(None)

    await call(surface, "POST", "/analysis", json={"prompt": "推广手袋", "session_id": str(OLD)})

    assert surface.asked[0][0] == OLD


@pytest.mark.parametrize(("seconds", "same"), [(5, True), (60, False)])
async def test_the_same_words_right_after_their_turn_are_that_turn(*, seconds: int, same: bool) -> None:
    running = SurfaceInMemory(spoken_at(utc_now(), "别的"))
    await call(running, "GET", "/analysis/stream", params={"prompt": "只要VVIP", "session_id": str(OLD)})
    turn = spoken_at(utc_now() - timedelta(seconds=seconds), "只要VVIP", turn_no=2).turns
    ended = SurfaceInMemory(LuxuryState(turns=(*spoken_at(utc_now(), "别的").turns, *turn)))
    await call(ended, "GET", "/analysis/stream", params={"prompt": "只要VVIP", "session_id": str(OLD)})

    assert (running.asked[0][1].key == ended.asked[0][1].key) is same


async def test_the_context_has_the_last_three_campaign_turns_and_the_strategy() -> None:
    metrics = Metrics(audience_size=1, conversion_rate=0.4, estimated_revenue=1, cost=1, roi=0.0)
    turns = tuple(
        spoken_at(utc_now(), f"第{n}次", n).turns[0].model_copy(update={"intent": Intent(), "audience_size": n})
        for n in range(1, 6)
    )
    state = LuxuryState(turns=turns, intent=Intent(), metrics=metrics, audience_ids=("C001",), tiers=("VVIP",))

    context = (await call(SurfaceInMemory(state), "GET", f"/session/{OLD}")).json()["context"]

    assert [each["user_request"] for each in context["history_summary"]] == ["第3次", "第4次", "第5次"]
    assert context["history_summary"][0]["kpi_goal"] == "提升转化率"
    assert context["current_strategy"]["target_tiers"] == ["VVIP"]
