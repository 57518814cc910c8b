"""Fresh topics on real servers, buses that are stopped, and processes that consume."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from shared.events.topics import Topic
from shared.runtime.kafka import Attempts, Bus, Options, RedisAttempts
from shared.runtime.kafka.provision import provision
from shared.runtime.redis import command_client
from tests.support.servers import Servers

NewTopic = Callable[..., Awaitable[str]]
NewBus = Callable[..., Bus]


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Iterator[None]:
    """The failures of these tests are meant; their log lines would hide what is not."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture
async def new_topic(servers: Servers) -> NewTopic:
    """Makes a topic of its own for a test, with its dead letters."""

    async def make(partitions: int = 4, *, kafka: str | None = None) -> str:
        day = timedelta(days=1)
        topic = Topic(f"test.{uuid4().hex}", "session", partitions, partitions, day, day, "Of a test.")
        await provision(kafka or servers.kafka, topics=(topic,))
        return topic.name

    return make


@pytest.fixture
async def redis(servers: Servers) -> AsyncIterator[Redis]:
    client = command_client(servers.redis)
    yield client
    await client.aclose()


@pytest.fixture
async def new_bus(servers: Servers, redis: Redis) -> AsyncIterator[NewBus]:
    """Makes buses that are stopped after the test and must not have failed."""
    buses: list[Bus] = []
    failures: list[str] = []

    def make(*, kafka: str | None = None, attempts: Attempts | None = None) -> Bus:
        options = Options(
            attempts=attempts or RedisAttempts(redis), registry=CollectorRegistry(), on_fatal=failures.append
        )
        buses.append(Bus(kafka or servers.kafka, client_id="test", options=options))
        return buses[-1]

    yield make
    for bus in buses:
        await bus.stop()
    assert failures == []
