"""How conversations go and how the stores do, for operators; and what they clean up."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.gateway.cleanup import Cleanup
from services.gateway.gateway import TheGateway
from services.gateway.routes.common import OPERATORS, Operator
from services.gateway.routes.retention import get_retention
from services.gateway.schemas import CleanupReport, CleanupRequest, MonitoringReport

router = APIRouter(prefix="/admin", tags=["operations"], responses=OPERATORS)

Days = Annotated[int, Query(ge=1, le=31, description="The period: so many days up to now.")]
DomainName = Annotated[str | None, Query(min_length=1, max_length=64, description="Of one domain only.")]


@router.get("/monitoring", summary="How conversations go, and how the stores do")
async def get_monitoring(
    caller: Operator, gateway: TheGateway, days: Days = 7, domain: DomainName = None
) -> MonitoringReport:
    """Activity, intents, languages, satisfaction and escalations of a period, orphans, upkeep, and memory's database.

    It reads all messages of the period: ask now and then, and let Prometheus ask `/metrics` every few seconds.
    """
    report = await gateway.memory.report(caller, days=days, domain=domain)
    retention = await get_retention(caller, gateway)
    on_time = not any(each.due for each in retention.items)
    return MonitoringReport(**dict(report), on_time=on_time, upkeep=retention.items)


@router.post("/sessions/cleanup", summary="Clean up sessions")
async def clean_up_sessions(caller: Operator, gateway: TheGateway, asked: CleanupRequest) -> CleanupReport:
    """Deletes sessions that nobody will miss, or tells which it would: a dry run unless `dry_run` is false."""
    cleanup = Cleanup(gateway.sessions, gateway.memory, gateway.agent, gateway.clock)
    return await cleanup.run(caller, asked)
