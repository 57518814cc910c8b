"""Finding again what was said: one's own words, and for operators what is asked most."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.gateway.gateway import TheGateway
from services.gateway.routes.common import OPERATORS, Caller, Operator
from services.gateway.schemas import FaqList, FaqQuery, RecallList, RecallQuery

router = APIRouter(tags=["recall"])


@router.get("/users/me/recall", summary="Find what you said")
async def recall(caller: Caller, gateway: TheGateway, wanted: Annotated[RecallQuery, Query()]) -> RecallList:
    """Your own messages like `q`, by words and by meaning, the best first, with what was answered."""
    return await gateway.sessions.recall(caller, wanted)


@router.get("/faq", summary="List what is asked most", responses=OPERATORS)
async def list_questions(caller: Operator, gateway: TheGateway, wanted: Annotated[FaqQuery, Query()]) -> FaqList:
    """Questions of all users, alike ones as one, from messages whose personal data was taken out. For operators."""
    return await gateway.memory.questions(caller, wanted)
