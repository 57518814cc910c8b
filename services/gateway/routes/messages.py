"""What was said."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.gateway.gateway import TheGateway
from services.gateway.routes.common import Caller, OwnSession, ThePage
from services.gateway.schemas import MessagePage
from services.gateway.sessions import unknown_session

router = APIRouter(tags=["messages"])


@router.get("/sessions/{session_id}/messages", summary="Read the history")
async def list_messages(
    caller: Caller,
    gateway: TheGateway,
    session: OwnSession,
    page: ThePage,
    turn_id: Annotated[UUID | None, Query(description="A turn the answer must include: 503 if it is late.")] = None,
) -> MessagePage:
    """A session's messages in order. What ended before you asked is included, or `complete` is false."""
    turn_no = await gateway.sessions.last_ended_turn(caller, session.session_id)
    found = await gateway.memory.messages(
        caller, session.session_id, limit=page.limit, cursor=page.cursor, turn_no=turn_no, turn_id=turn_id
    )
    if found is not None:
        return found
    if turn_no:
        # Turns have ended here, so memory's "no such session" means that it was deleted.
        raise unknown_session()
    return MessagePage(items=(), as_of=gateway.clock())
