"""Submitting turns: the hot path."""

from typing import Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Response
from pydantic import ValidationError

from services.gateway.acceptance import NewTurn
from services.gateway.commands import invalid_body, turn_input
from services.gateway.endings import status_of, turn_view
from services.gateway.gateway import Gateway
from services.gateway.idempotency import submission_of
from services.gateway.principal import principal
from services.gateway.responses import EventStreamResponse, WaitingResponse
from services.gateway.routes.common import problems, session_id_of, turn_path
from services.gateway.schemas import TurnAccepted, TurnRequest, TurnView
from services.gateway.sse import MEDIA_TYPE
from shared.events.replies import TurnEnded
from shared.runtime.http import DirectRequest

router = APIRouter(tags=["turns"])

_TRUE: Final = ("true", "1")
_PARAMETERS: Final[list[dict[str, Any]]] = [
    {"name": "session_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
    {
        "name": "wait",
        "in": "query",
        "schema": {"type": "boolean", "default": False},
        "description": "Answer when the turn has ended (200), or after a while as if not asked to wait (202).",
    },
    {
        "name": "Accept",
        "in": "header",
        "schema": {"type": "string"},
        "description": "`text/event-stream`: the turn's events in this response.",
    },
    {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string", "maxLength": 255},
        "description": "The same key and body is the same turn for a day, so that repeating the request is safe.",
    },
    {"name": "X-Parley-User", "in": "header", "schema": {"type": "string", "default": "anonymous"}},
]
_RESPONSES: Final = problems(
    _413="The body is longer than 256 KiB.",
    _429="Too many turns of this session wait, or too many streams are open.",
    _503="Kafka did not acknowledge in time: whether the turn was accepted is unknown. `turn_id` is in the body; "
    "repeat the request with the same Idempotency-Key.",
) | {
    200: {
        "model": TurnView,
        "description": "With `wait`, the turn as it ended. With `Accept: text/event-stream`, its events: `accepted`, "
        "any number of `step`, `delta`, `clarification`, `data`, `reset`, `snapshot`, and one of `completed`, "
        "`failed`, `cancelled`.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}


@router.post(
    "/sessions/{session_id}/turns",
    status_code=202,
    response_model=TurnAccepted,
    responses=_RESPONSES,
    summary="Submit a turn",
    openapi_extra={
        "parameters": _PARAMETERS,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TurnRequest"}}},
        },
    },
)
async def submit_turn() -> None:
    """Accepts words or a command; answers once Kafka has the turn. From then on it ends in exactly one way."""
    raise NotImplementedError("HotPath has `submit` answer this; the route is its documentation")


async def submit(gateway: Gateway, request: DirectRequest) -> Response:
    """The answer to a request that submits a turn; raises problems."""
    caller = principal(request.headers, request.id)
    session = await gateway.sessions.resolve(caller, session_id_of(request.path_params["session_id"]))
    asked = _parsed(request.body)
    streams = MEDIA_TYPE in request.headers.get("accept", "")
    turn = NewTurn(
        caller=caller,
        session=session,
        submission=submission_of(request.headers, caller, "turns", str(session.session_id), body=request.body),
        input=turn_input(asked.input, gateway.domain(session.domain)),
        language=asked.language,
        inbox=gateway.id if streams else None,
    )
    if streams:
        return await _streamed(gateway, turn)
    if _wants_to_wait(request.query):
        return await _waited_for(gateway, turn)
    accepted = await gateway.acceptance.accept(turn)
    return _acknowledged(turn, accepted.ended)


def _wants_to_wait(query: bytes) -> bool:
    return parse_qs(query.decode("latin-1")).get("wait", [""])[-1].lower() in _TRUE


def _parsed(body: bytes) -> TurnRequest:
    try:
        return TurnRequest.model_validate_json(body)
    except ValidationError as error:
        raise invalid_body(error) from None


async def _streamed(gateway: Gateway, turn: NewTurn) -> Response:
    stream = await gateway.submit(turn)
    path = _path(turn)
    headers = {"location": f"{path}/events", "content-location": path}
    return EventStreamResponse(stream, _state(turn, None).model_dump_json().encode(), headers)


async def _waited_for(gateway: Gateway, turn: NewTurn) -> Response:
    stream = await gateway.submit(turn)

    def respond(ended: TurnEnded | None) -> Response:
        if ended is None:
            return _acknowledged(turn, None)
        content = turn_view(ended).model_dump_json()
        return Response(content, 200, {"location": _path(turn)}, media_type="application/json")

    return WaitingResponse(stream, gateway.settings.wait_within.total_seconds(), respond)


def _acknowledged(turn: NewTurn, ended: TurnEnded | None) -> Response:
    content = _state(turn, ended).model_dump_json()
    return Response(content, 202, {"location": _path(turn)}, media_type="application/json")


def _state(turn: NewTurn, ended: TurnEnded | None) -> TurnAccepted:
    status = "pending" if ended is None else status_of(ended)
    return TurnAccepted(turn_id=turn.id, session_id=turn.session.session_id, status=status)


def _path(turn: NewTurn) -> str:
    return turn_path(turn.session.session_id, turn.id)
