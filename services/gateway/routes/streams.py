"""Following a turn's events, from the start or from where a connection broke."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from services.gateway.assembly import START
from services.gateway.gateway import Gateway, TheGateway
from services.gateway.responses import EventStreamResponse
from services.gateway.routes.common import OwnTurn, turn_path
from services.gateway.sse import MEDIA_TYPE, EventId
from services.gateway.streams import TurnStream
from services.gateway.turns import FoundTurn, TurnAddress
from shared.runtime.http import Problem

router = APIRouter(tags=["turns"])


@router.get(
    "/sessions/{session_id}/turns/{turn_id}/events",
    summary="Follow a turn",
    response_class=Response,
    responses={
        200: {"description": "The turn's events past the cursor.", "content": {MEDIA_TYPE: {}}},
        204: {"description": "The turn has ended and there is nothing past the cursor."},
    },
)
async def follow_turn(
    turn: OwnTurn,
    gateway: TheGateway,
    last_event_id: Annotated[str | None, Header(description="Send what comes after this event.")] = None,
    cursor: Annotated[
        str | None, Query(alias="last_event_id", description="The same, for clients that cannot set the header.")
    ] = None,
) -> Response:
    """The turn's events as server-sent events; any gateway resumes any stream."""
    stream = gateway.streams.open(turn.caller, turn.turn_id, _cursor(last_event_id or cursor))
    try:
        found = await _taken_up(gateway, stream, turn)
    except BaseException:
        stream.close()
        raise
    if stream.has_nothing_left:
        stream.close()
        return Response(status_code=204)
    headers = {"content-location": turn_path(turn.session_id, turn.turn_id)}
    return EventStreamResponse(stream, found.accepted().model_dump_json().encode(), headers)


async def _taken_up(gateway: Gateway, stream: TurnStream, turn: TurnAddress) -> FoundTurn:
    """The turn, looked up after the stream was registered: what ends in between reaches the stream."""
    found = await gateway.turns.find_despite_outage(turn)
    stream.check_with(partial(gateway.turns.ending, turn))
    await stream.resume(found.ended)
    return found


def _cursor(text: str | None) -> EventId:
    if not text:
        return START
    try:
        return EventId.parse(text)
    except ValueError:
        detail = "The cursor must be the id of an event, such as 1760000000000-3."
        raise Problem(400, "invalid_cursor", detail, param="last_event_id") from None
