"""The public API, /v1."""

from fastapi import APIRouter

from services.gateway.routes import (
    domains,
    leads,
    messages,
    monitoring,
    personal_data,
    recall,
    records,
    rescoring,
    retention,
    sessions,
    streams,
    submission,
    turns,
    usage,
    users,
)
from services.gateway.routes.common import PROBLEMS

router = APIRouter(prefix="/v1", responses=PROBLEMS)
for each in (
    domains,
    sessions,
    submission,
    turns,
    streams,
    messages,
    recall,
    users,
    personal_data,
    leads,
    rescoring,
    retention,
    monitoring,
    records,
    usage,
):
    router.include_router(each.router)

__all__ = ["router"]
