"""The public models of the luxury pack's own endpoints."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from shared.domains.luxury.context import Context
from shared.domains.luxury.state import TurnRecord
from shared.domains.surface import spoken

Prompt = Annotated[str, Field(max_length=8000), AfterValidator(spoken)]


class Nothing(BaseModel):
    """Arguments of what needs none."""


class SessionCreated(BaseModel):
    """A new session."""

    session_id: UUID
    created_at: AwareDatetime


class SessionReset(SessionCreated):
    """A session that takes the place of one whose history is gone."""

    previous_session_id: UUID
    history_cleared: bool = True


class SessionDump(BaseModel):
    """Everything of a session."""

    session_id: UUID
    created_at: AwareDatetime
    last_active_at: AwareDatetime
    turn_count: int
    turns: tuple[TurnRecord, ...]
    context: Context


class AnalysisRequest(BaseModel):
    """What a manager asks for, in a session or in a new one."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={"examples": [{"prompt": "我要为春季新款手袋上市做一次推广，目标是提升转化率"}]},
    )

    prompt: Prompt
    session_id: UUID | None = None


class AnalysisResult(BaseModel):
    """The campaign as it stands after this turn."""

    session_id: UUID
    turn_id: UUID
    prompt: str
    is_modification: bool
    previous_intent: dict[str, Any] | None
    intent: dict[str, Any] | None
    audience: tuple[dict[str, Any], ...]
    metrics: dict[str, Any] | None
    relaxed: tuple[str, ...] = Field(description="为达到人数而放宽的条件。")
    response: str
    timestamp: datetime


class ApplyRequest(BaseModel):
    """Applies a session's campaign."""

    session_id: UUID


class AppliedCampaign(BaseModel):
    """An applied campaign: a summary for people, and what a marketing system needs."""

    session_id: UUID
    summary: str
    payload: dict[str, JsonValue]
