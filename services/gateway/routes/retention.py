"""How well promises about the age of records are kept, for operators."""

import asyncio

from fastapi import APIRouter

from services.gateway.gateway import TheGateway
from services.gateway.routes.common import OPERATORS, Operator
from services.gateway.schemas import RetentionReport, UpkeepView

router = APIRouter(tags=["operations"])


@router.get("/admin/retention", summary="What is scrubbed and deleted, and when", responses=OPERATORS)
async def get_retention(caller: Operator, gateway: TheGateway) -> RetentionReport:
    """What is due, what was done, and how old the oldest record is, by service and class of records. For operators."""
    services = {"agent": gateway.agent, "memory": gateway.memory, "profiles": gateway.profiles}
    found = await asyncio.gather(*(service.upkeep(caller) for service in services.values()))
    items = tuple(
        UpkeepView(service=name, **standing.model_dump())
        for name, standings in zip(services, found, strict=True)
        for standing in standings.items
    )
    return RetentionReport(as_of=gateway.clock(), items=items)
