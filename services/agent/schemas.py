"""What the agent's internal HTTP API answers."""

from datetime import date, datetime

from pydantic import BaseModel, JsonValue

from shared.events.ids import SessionId, TenantId, TurnId


class SessionView(BaseModel):
    """A session's owner, domain and place; owner and domain never change."""

    session_id: SessionId
    user_id: str
    domain: str
    session_no: int
    turn_no: int
    created_at: datetime
    deleted: bool


class StateView(BaseModel):
    """What a session's pack remembers, as of this turn."""

    domain: str
    turn_no: int
    state: dict[str, JsonValue]


class TurnPlace(BaseModel):
    """A turn that is asked about."""

    tenant_id: TenantId
    session_id: SessionId
    turn_id: TurnId


class EndingView(BaseModel):
    """How a turn ended: the type and the body of the event on parley.replies."""

    type: str
    event: dict[str, JsonValue]


class DailyUsage(BaseModel):
    """What one model did for one pack in a day, in UTC."""

    day: date
    domain: str
    model: str
    turns: int
    requests: int
    input_tokens: int
    output_tokens: int
    tool_calls: int
