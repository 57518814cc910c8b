"""Conversations."""

from fastapi import APIRouter, Response

from services.gateway.gateway import TheGateway
from services.gateway.routes.common import Caller, SessionPath, ThePage, TheSubmission
from services.gateway.schemas import SessionDetails, SessionPage, SessionRequest, SessionView

router = APIRouter(prefix="/sessions", tags=["sessions"])


@router.post("", status_code=201, summary="Open a session")
async def open_session(
    opening: SessionRequest, asked: TheSubmission, gateway: TheGateway, response: Response
) -> SessionView:
    """Opens a conversation with a domain's agent. With an `Idempotency-Key`, repeating the request is safe."""
    domain = gateway.domain(opening.domain)
    session = await gateway.sessions.open(asked.caller, domain.name, asked.submission("sessions"), gateway.clock())
    response.headers["location"] = f"/v1/sessions/{session.session_id}"
    return session


@router.get("", summary="List your sessions")
async def list_sessions(caller: Caller, gateway: TheGateway, page: ThePage) -> SessionPage:
    """Your conversations, the last active first."""
    return await gateway.sessions.list(caller, page)


@router.get("/{session_id}", summary="Get a session")
async def get_session(caller: Caller, gateway: TheGateway, session_id: SessionPath) -> SessionDetails:
    """One conversation of yours, and how it went."""
    return await gateway.sessions.view(caller, session_id)


@router.delete("/{session_id}", status_code=204, summary="Delete a session")
async def delete_session(caller: Caller, gateway: TheGateway, session_id: SessionPath) -> None:
    """Deletes a conversation and what was said in it. What runs is cancelled; nobody finds it from now on."""
    await gateway.sessions.delete(caller, session_id, gateway.clock())
