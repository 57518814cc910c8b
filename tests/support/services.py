"""A service as an application inside the test's process, on the real servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from shared.events.base import Event
from shared.events.topics import Topic
from shared.runtime.kafka import Bus, Options, Record
from shared.runtime.polling import read_until

PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Running:
    """A service that is ready, and a bus of the test's own beside it."""

    http: httpx.AsyncClient
    bus: Bus
    heard: dict[str, list[Record]]
    """What was published to the topics listened to, since the start."""

    async def publish(self, *events: Event) -> None:
        for event in events:
            await self.bus.publish(event.envelope())

    async def hear(self, topic: Topic, key: str, count: int = 1) -> list[Record]:
        """Wait until so many records of this key have been published."""

        async def records() -> list[Record]:
            return [record for record in self.heard[topic.name] if record.key == key.encode()]

        return await read_until(records, lambda found: len(found) >= count, within=PATIENCE)


@asynccontextmanager
async def serving(app: FastAPI, *, kafka: str, listen: tuple[Topic, ...]) -> AsyncIterator[Running]:
    """Run `app` until the context ends."""
    heard: dict[str, list[Record]] = {topic.name: [] for topic in listen}
    bus = Bus(kafka, client_id="test", options=Options(registry=CollectorRegistry()))
    for topic in listen:
        bus.read_all(topic.name, heard[topic.name].append)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")
    await bus.start()
    async with app.router.lifespan_context(app), client:
        ready = await read_until(lambda: client.get("/readyz"), lambda answer: answer.is_success, within=PATIENCE)
        assert ready.is_success, ready.text
        yield Running(client, bus, heard)
    await bus.stop()
