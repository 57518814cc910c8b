"""Who may buy."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.gateway.gateway import TheGateway
from services.gateway.routes.common import OPERATORS, Operator, ThePage
from services.gateway.schemas import LeadPage
from shared.domains.leads import LeadQuery

router = APIRouter(tags=["people"])


@router.get("/leads", summary="List the leads", responses=OPERATORS)
async def list_leads(
    caller: Operator, gateway: TheGateway, page: ThePage, wanted: Annotated[LeadQuery, Query()]
) -> LeadPage:
    """People who may buy: all of them, or those for whom everything holds that is asked. For operators."""
    return await gateway.profiles.leads(caller, wanted, page)
