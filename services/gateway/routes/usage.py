"""What language models did, for who pays for them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.gateway.gateway import TheGateway
from services.gateway.routes.common import OPERATORS, Operator
from services.gateway.schemas import UsageReport
from shared.runtime.http import Problem

router = APIRouter(tags=["operations"])

Day = Annotated[date | None, Query(description="In UTC; today when absent.")]


@router.get("/usage", summary="What language models did", responses=OPERATORS)
async def get_usage(caller: Operator, gateway: TheGateway, first: Day = None, last: Day = None) -> UsageReport:
    """Turns that a model helped with, its requests, tokens and tool calls, by day, pack and model. For operators."""
    today = gateway.clock().date()
    last = last or today
    first = first or min(today, last)
    if first > last:
        raise Problem(422, "invalid_request", "`first` must not be after `last`.", param="first")
    return UsageReport(first=first, last=last, items=await gateway.agent.usage(caller, first, last))
