"""Turns after they were submitted."""

from fastapi import APIRouter, Response

from services.gateway.acceptance import NewTurn
from services.gateway.commands import FEEDBACK
from services.gateway.gateway import TheGateway
from services.gateway.routes.common import OwnTurn, TheSubmission, turn_path
from services.gateway.schemas import FeedbackArguments, FeedbackRequest, TurnAccepted, TurnView
from services.gateway.turns import FoundTurn
from shared.events.turns import Command

router = APIRouter(prefix="/sessions/{session_id}/turns/{turn_id}", tags=["turns"])


@router.get("", summary="Get a turn")
async def get_turn(turn: OwnTurn, gateway: TheGateway) -> TurnView:
    """A turn and, once it has ended, how."""
    return (await gateway.turns.find(turn)).view()


@router.post("/cancel", status_code=202, summary="Cancel a turn")
async def cancel_turn(turn: OwnTurn, gateway: TheGateway) -> TurnAccepted:
    """Asks for a turn to be stopped. It ends as `cancelled` unless it ends otherwise first; `status` says if it had."""
    return (await gateway.turns.cancel(turn)).accepted()


@router.post("/feedback", status_code=202, summary="Rate a turn")
async def rate_turn(
    feedback: FeedbackRequest, turn: OwnTurn, asked: TheSubmission, gateway: TheGateway, response: Response
) -> TurnAccepted:
    """Says what a turn was worth. It is a turn of the session itself, whose id is returned."""
    await gateway.turns.find_despite_outage(turn)
    arguments = FeedbackArguments(turn_id=turn.turn_id, rating=feedback.rating, comment=feedback.comment)
    rating = NewTurn(
        caller=turn.caller,
        session=turn.session,
        submission=asked.submission("feedback", str(turn.session_id), str(turn.turn_id)),
        input=Command(name=FEEDBACK, arguments=arguments.model_dump(mode="json")),
    )
    accepted = await gateway.acceptance.accept(rating)
    response.headers["location"] = turn_path(turn.session_id, rating.id)
    return FoundTurn(rating.id, turn.session_id, accepted.ended).accepted()
