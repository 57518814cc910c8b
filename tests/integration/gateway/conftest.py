"""Gateways on real Kafka and Redis, with stand-ins for the services behind them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from services.gateway.app import GatewayProcess
from services.gateway.settings import GatewaySettings
from shared.runtime.kafka import Bus, Options
from tests.support import painted
from tests.support.canned import CannedService
from tests.support.client import Client
from tests.support.http_server import served
from tests.support.scripted_agent import ScriptedAgent
from tests.support.servers import Servers


class Town:
    """Everything around the gateways of one test module."""

    def __init__(self, servers: Servers, redis: Redis, agent: ScriptedAgent) -> None:
        self.servers = servers
        self.redis = redis
        self.agent = agent
        self.memory = CannedService()
        self.profiles = CannedService()
        self.urls: dict[str, str] = {}

    def settings(self, **changes: Any) -> GatewaySettings:
        """Settings of a gateway in this town."""
        given = {"kafka": self.servers.kafka, "redis": self.servers.redis, **self.urls, **changes}
        return GatewaySettings.model_validate(given)

    @asynccontextmanager
    async def gateway(self, **changes: Any) -> AsyncIterator[str]:
        """A gateway of its own; its URL."""
        process = GatewayProcess(self.settings(**changes), {"painted": painted.DOMAIN}, registry=CollectorRegistry())
        async with served(process.app) as url:
            yield url


@pytest.fixture(scope="session")
async def town(servers: Servers) -> AsyncIterator[Town]:
    redis: Redis = Redis.from_url(servers.redis)
    bus = Bus(servers.kafka, client_id="scripted", options=Options(registry=CollectorRegistry()))
    agent = ScriptedAgent(bus, redis)
    bus.subscribe(agent.subscription(f"scripted-{uuid4()}"))
    town = Town(servers, redis, agent)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(redis.aclose)
        for name, api in (("agent", agent.api()), ("memory", town.memory.api()), ("profiles", town.profiles.api())):
            town.urls[f"{name}_url"] = await stack.enter_async_context(served(api))
        await bus.start()
        stack.push_async_callback(bus.stop)
        yield town


@pytest.fixture(scope="session")
async def gateway(town: Town) -> AsyncIterator[str]:
    async with town.gateway() as url:
        yield url


@pytest.fixture
async def client(gateway: str) -> AsyncIterator[Client]:
    async with Client(gateway) as client:
        yield client
