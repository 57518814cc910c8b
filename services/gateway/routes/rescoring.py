"""Scoring everybody anew, for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from services.gateway.gateway import TheGateway
from services.gateway.routes.common import OPERATORS, Operator, problems
from shared.domains.rescoring import ComparisonView, RescoringList, RescoringRequest, RescoringView

_NOT_NOW = problems(_409="Not in its present state.")

router = APIRouter(prefix="/admin/rescoring", tags=["people"], responses=OPERATORS)

Run = Annotated[UUID, Path(description="The id of a re-scoring.")]


@router.get("", summary="List re-scorings")
async def list_rescorings(caller: Operator, gateway: TheGateway) -> RescoringList:
    """The formulas there are, those that were chosen, and the latest runs."""
    return await gateway.profiles.rescorings(caller)


@router.post("", status_code=201, summary="Score everybody anew", responses=_NOT_NOW)
async def start_rescoring(wanted: RescoringRequest, caller: Operator, gateway: TheGateway) -> RescoringView:
    """Folds everybody's signals again and scores them by these formulas, beside the scores that stand."""
    return await gateway.profiles.start_rescoring(caller, wanted)


@router.get("/{run}", summary="Get a re-scoring")
async def get_rescoring(run: Run, caller: Operator, gateway: TheGateway) -> RescoringView:
    """How far it has come."""
    return await gateway.profiles.rescoring(caller, run)


@router.get("/{run}/comparison", summary="Compare the scores", responses=_NOT_NOW)
async def compare_rescoring(run: Run, caller: Operator, gateway: TheGateway) -> ComparisonView:
    """Who would change temperature, and whose total would change most."""
    return await gateway.profiles.compare_rescoring(caller, run)


@router.post("/{run}/switch", status_code=202, summary="Switch to a re-scoring", responses=_NOT_NOW)
async def switch_rescoring(run: Run, caller: Operator, gateway: TheGateway) -> RescoringView:
    """Its formulas score from now on, and its scores take the place of the old ones, with all that came meanwhile."""
    return await gateway.profiles.switch_rescoring(caller, run)


@router.delete("/{run}", status_code=204, summary="Drop a re-scoring", responses=_NOT_NOW)
async def drop_rescoring(run: Run, caller: Operator, gateway: TheGateway) -> None:
    """Gives it up; the scores that stand are untouched."""
    await gateway.profiles.drop_rescoring(caller, run)
