"""What a gateway asks the agent, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI, HTTPException

from services.gateway.clients import AgentClient
from services.gateway.principal import Principal
from shared.errors import Unavailable
from shared.events.ids import OPEN_TENANT, SessionId, TurnId
from shared.events.replies import TurnEnded
from tests.support.http_server import served
from tests.support.turns import Conversation

ANN = Principal(OPEN_TENANT, "ann", "r-1")
STREAMS = 300


def told(ending: TurnEnded) -> dict[str, Any]:
    return {"type": ending.type, "event": ending.model_dump(mode="json")}


@dataclass
class Agent:
    """Knows how turns ended, and how many it was asked about at a time."""

    ledger: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)
    down: bool = False

    @asynccontextmanager
    async def client(self) -> AsyncIterator[AgentClient]:
        app = FastAPI()

        @app.post("/internal/endings")
        async def endings(asked: list[dict[str, str]]) -> list[dict[str, Any] | None]:
            if self.down:
                raise HTTPException(503)
            self.asked.append(len(asked))
            return [self.ledger.get(each["turn_id"]) for each in asked]

        async with served(app) as url:
            client = AgentClient("agent", url)
            yield client
            await client.close()


async def test_streams_that_ask_at_once_share_a_few_requests_and_get_their_own_answers() -> None:
    endings = [Conversation(OPEN_TENANT).completed(1) for _ in range(STREAMS)]
    agent = Agent({str(ending.turn_id): told(ending) for ending in endings[::2]})

    async with agent.client() as client:
        asked = (client.ending(ANN, ending.session_id, ending.turn_id) for ending in endings)
        found = await asyncio.gather(*asked)

    assert found[::2] == endings[::2]
    assert found[1::2] == [None] * (STREAMS // 2)
    assert sum(agent.asked) == STREAMS
    assert len(agent.asked) <= 4


async def test_an_ending_of_a_kind_that_is_not_known_fails_alone() -> None:
    known, newer = Conversation(OPEN_TENANT).completed(1), TurnId(uuid4())
    agent = Agent({str(known.turn_id): told(known), str(newer): {"type": "TurnEvaporated", "event": {}}})

    async with agent.client() as client:
        asked = (
            client.ending(ANN, known.session_id, known.turn_id),
            client.ending(ANN, SessionId(uuid4()), newer),
        )
        found, failed = await asyncio.gather(*asked, return_exceptions=True)

    assert found == known
    assert isinstance(failed, Unavailable)


async def test_without_the_agent_nobody_learns_an_ending() -> None:
    async with Agent(down=True).client() as client:
        with pytest.raises(Unavailable):
            await client.ending(ANN, SessionId(uuid4()), TurnId(uuid4()))
