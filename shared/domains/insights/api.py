"""The pack's own endpoint: a query and its answer, with the follow-up analysis."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from shared.domains.surface import Asked, Surface, spoken
from shared.events.replies import TurnCompleted
from shared.events.turns import Text


class QueryRequest(BaseModel):
    """A question, in a session or in a new one."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"examples": [{"query": "What was click rate last month?"}]}
    )

    query: Annotated[str, Field(max_length=8000), AfterValidator(spoken)]
    session_id: UUID | None = None


class ContextMessage(BaseModel):
    """An earlier message that the query leans on."""

    role: str
    content: str
    turn_no: int


class FollowUp(BaseModel):
    """How a query stands to what was said before."""

    is_follow_up: bool
    previous_topic: str | None
    context_messages: tuple[ContextMessage, ...]
    rewritten_query: str | None


class QueryResponse(FollowUp):
    """The answer, and how the query was understood."""

    session_id: UUID
    turn_id: UUID
    query: str
    intent: str | None
    confidence: float
    answer: str
    data: dict[str, JsonValue] | None = Field(description="The figures as a table: columns and rows.")


def routes(surface: Surface) -> APIRouter:
    """The endpoints of this pack."""
    router = APIRouter(tags=["insights"])

    @router.post("/query", summary="Ask for figures", response_model=QueryResponse)
    async def query(request: Request, body: QueryRequest) -> Response:
        """Answers a question about campaign figures; a follow-up leans on the session's earlier ones."""
        if body.session_id is None:
            conversation = await surface.open(surface.caller(request))
        else:
            conversation = await surface.find(request, body.session_id)
        return await surface.answer(request, conversation, Asked(Text(text=body.query)), _response)

    return router


def _response(ended: TurnCompleted) -> QueryResponse:
    parts = {part.kind: part.value for part in ended.reply.data}
    answer = {
        "session_id": ended.session_id,
        "turn_id": ended.turn_id,
        "query": ended.input.text if isinstance(ended.input, Text) else ended.input.name,
        "intent": ended.understood.intent,
        "confidence": ended.understood.confidence,
        "answer": ended.reply.text,
        "data": parts.get("table"),
    }
    return QueryResponse.model_validate({**FollowUp.model_validate(parts["follow_up"]).model_dump(), **answer})
