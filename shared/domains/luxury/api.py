"""The luxury pack's own endpoints, as its front ends know them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import JsonValue

from shared.domains.luxury.audiences import AudienceOf, CampaignAudience, as_csv
from shared.domains.luxury.context import context_of
from shared.domains.luxury.localising import LocalisedRoute, as_asked
from shared.domains.luxury.settings import settings
from shared.domains.luxury.state import LuxuryState
from shared.domains.luxury.views import (
    AnalysisRequest,
    AnalysisResult,
    AppliedCampaign,
    ApplyRequest,
    Prompt,
    SessionCreated,
    SessionDump,
    SessionReset,
)
from shared.domains.surface import Asked, Conversation, Surface
from shared.errors import Unavailable
from shared.events.replies import TurnCompleted
from shared.events.turns import Command, Text
from shared.runtime.http import Problem
from shared.runtime.process import utc_now

_SAME_TURN: Final = timedelta(seconds=30)


def routes(surface: Surface) -> APIRouter:
    """The endpoints of this pack."""
    router = APIRouter(prefix="/api/v1", tags=["luxury"], route_class=LocalisedRoute)
    sessions = _Sessions(surface)
    _add_sessions(router, sessions)
    _add_analysis(router, surface, sessions)
    _add_campaigns(router, surface)
    return router


class _Sessions:
    """Sessions, which expire when nobody speaks in them."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface

    async def open(self, request: Request) -> Conversation:
        return await self.surface.open(self.surface.caller(request))

    async def dump(self, request: Request, session_id: UUID) -> tuple[Conversation, LuxuryState]:
        """A session and its state; raises a 410 problem when it has expired."""
        conversation = await self.surface.find(request, session_id)
        state = LuxuryState.model_validate(await self.surface.state(conversation))
        if _last_active(conversation, state) + settings().session_idle < utc_now():
            await self.surface.delete(conversation)
            raise Problem(
                410, "session_expired", "The session expired because nobody used it for long: make a new one."
            )
        return conversation, state

    async def current(self, request: Request, session_id: UUID | None) -> tuple[Conversation, LuxuryState | None]:
        """The session to speak in: the one that is named, or a new one where there is none any more.

        The state is None when it cannot be read now; the turn is accepted all the same.
        """
        if session_id is None:
            return await self.open(request), LuxuryState()
        try:
            return await self.dump(request, session_id)
        except Unavailable:
            return await self.surface.find(request, session_id), None
        except Problem as problem:
            if problem.code != "session_expired":
                raise
            return await self.open(request), LuxuryState()


def _add_sessions(router: APIRouter, sessions: _Sessions) -> None:
    surface = sessions.surface

    @router.post("/session/create", summary="新建会话")
    async def create_session(request: Request) -> SessionCreated:
        """Opens a session."""
        opened = await sessions.open(request)
        return SessionCreated(session_id=opened.session_id, created_at=opened.created_at)

    @router.post("/session/reset", summary="清空会话")
    async def reset_session(request: Request, session_id: Annotated[UUID, Query()]) -> SessionReset:
        """Clears the history: the session is deleted, and a fresh one takes its place."""
        old = await surface.find(request, session_id)
        fresh = await surface.open(old.caller)
        await surface.delete(old)
        return SessionReset(
            session_id=fresh.session_id, created_at=fresh.created_at, previous_session_id=old.session_id
        )

    @router.get("/session/{session_id}", summary="查看会话")
    async def get_session(request: Request, session_id: UUID) -> SessionDump:
        """All turns of a session, and the context of the next."""
        conversation, state = await sessions.dump(request, session_id)
        return SessionDump(
            session_id=conversation.session_id,
            created_at=conversation.created_at,
            last_active_at=_last_active(conversation, state),
            turn_count=len(state.turns),
            turns=state.turns,
            context=context_of(state),
        )


def _add_analysis(router: APIRouter, surface: Surface, sessions: _Sessions) -> None:
    @router.post("/analysis", summary="策划或调整活动", response_model=AnalysisResult)
    async def analyse(request: Request, body: AnalysisRequest) -> Response:
        """Plans a campaign, or changes the one that stands."""
        conversation, _ = await sessions.current(request, body.session_id)
        asked = Asked(Text(text=body.prompt))
        return await surface.answer(request, conversation, asked, _result, as_asked(request))

    @router.get("/analysis/stream", summary="策划或调整活动（流式）", response_class=Response)
    async def stream_analysis(
        request: Request, prompt: Annotated[Prompt, Query()], session_id: Annotated[UUID | None, Query()] = None
    ) -> Response:
        """The same as server-sent events: `thinking_step` while it works, then `analysis_complete`.

        A browser's automatic reconnect goes on with the same turn; when it has ended, the answer is 204.
        """
        translated = partial(_translated, prompt)
        resumed = await surface.resumed(request, translated)
        if resumed is not None:
            return resumed
        conversation, state = await sessions.current(request, session_id)
        asked = Asked(Text(text=prompt), key=_key(prompt, state, utc_now()) if session_id else None)
        return await surface.stream(request, conversation, asked, translated)


def _add_campaigns(router: APIRouter, surface: Surface) -> None:
    @router.post("/campaign/apply", summary="应用活动", response_model=AppliedCampaign)
    async def apply_campaign(request: Request, body: ApplyRequest) -> Response:
        """Applies the session's campaign. Applying it again without a change is the same campaign."""
        conversation = await surface.find(request, body.session_id)
        return await surface.answer(request, conversation, Asked(Command(name="apply")), _applied, as_asked(request))

    @router.get("/campaign/{campaign_id}/audience.csv", summary="导出活动人群", response_class=Response)
    async def export_audience(
        request: Request, campaign_id: str, session_id: Annotated[UUID | None, Query()] = None
    ) -> Response:
        """The audience of an applied campaign as CSV. `session_id` stands for its owner where no user is named."""
        caller = (await surface.find(request, session_id)).caller if session_id else surface.caller(request)
        try:
            found = await surface.operate(caller, "audience", AudienceOf(campaign_id=campaign_id))
        except (Problem, ValueError) as error:
            if isinstance(error, Problem) and error.status != 404:
                raise
            raise Problem(404, "campaign_not_found", "There is no such campaign.") from None
        headers = {"content-disposition": f'attachment; filename="{campaign_id}.csv"'}
        content = as_csv(CampaignAudience.model_validate(found))
        return Response(content, 200, headers, media_type="text/csv; charset=utf-8")


def _key(prompt: str, state: LuxuryState | None, now: datetime) -> str | None:
    """Names the turn when a browser reconnects before it got a first event: same words, same place in the session.

    The turn may have ended meanwhile, so the same words within half a minute of it are that turn too.
    """
    if state is None:
        return None
    before = state.turns
    if before and before[-1].user_input == prompt and now - before[-1].timestamp < _SAME_TURN:
        before = before[:-1]
    last = before[-1].turn_no if before else 0
    return f"stream-{last}-{hashlib.sha256(prompt.encode()).hexdigest()}"


def _translated(prompt: str, name: str, data: JsonValue) -> tuple[str, JsonValue] | None:
    """The events of a turn under the names that front ends listen to."""
    event: Mapping[str, Any] = data if isinstance(data, dict) else {}
    match name:
        case "accepted":
            return "thinking_step", {"step": "已收到您的需求", "session_id": event["session_id"]}
        case "step":
            return "thinking_step", {"step": event["label"]}
        case "completed":
            return "analysis_complete", _from_event(prompt, event).model_dump(mode="json")
        case "failed" | "cancelled":
            return "analysis_failed", {
                "reason": event.get("reason", "cancelled"),
                "message": "处理未完成，请重新发送。",
            }
        case _:
            return None


def _from_event(prompt: str, event: Mapping[str, Any]) -> AnalysisResult:
    parts = {part["kind"]: part["value"] for part in event["data"]}
    return _analysis(
        parts.get("analysis"),
        {
            "session_id": event["session_id"],
            "turn_id": event["turn_id"],
            "prompt": prompt,
            "response": event["text"],
            "timestamp": event["completed_at"],
        },
    )


def _result(ended: TurnCompleted) -> AnalysisResult:
    parts = {part.kind: part.value for part in ended.reply.data}
    return _analysis(
        parts.get("analysis"),
        {
            "session_id": ended.session_id,
            "turn_id": ended.turn_id,
            "prompt": ended.input.text if isinstance(ended.input, Text) else "",
            "response": ended.reply.text,
            "timestamp": ended.occurred_at,
        },
    )


def _analysis(analysis: Any, turn: Mapping[str, Any]) -> AnalysisResult:
    nothing = {"is_modification": False, "previous_intent": None, "intent": None, "audience": (), "metrics": None}
    return AnalysisResult.model_validate({**nothing, "relaxed": (), **(analysis or {}), **turn})


def _applied(ended: TurnCompleted) -> AppliedCampaign:
    payload = next((part.value for part in ended.reply.data if part.kind == "campaign"), None)
    if not isinstance(payload, dict):
        raise Problem(409, "nothing_to_apply", "There is no campaign to apply yet: describe one first.")
    return AppliedCampaign(session_id=ended.session_id, summary=ended.reply.text, payload=payload)


def _last_active(conversation: Conversation, state: LuxuryState) -> datetime:
    return state.turns[-1].timestamp if state.turns else conversation.created_at
