"""A network failure between a process and Kafka, which the broker itself does not notice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry

from deploy.local.embedded.kafka import Proxied, kafka_process
from deploy.local.embedded.quickstart import kafka_runtime
from deploy.local.layout import Layout
from deploy.local.ports import LOOPBACK
from deploy.local.running import running, wait_until_ready
from deploy.local.servers import embedded_servers
from deploy.local.settings import LocalSettings
from shared.errors import Unavailable
from shared.events.topics import Topic
from shared.runtime.kafka import Bus, Handler, Options, Subscription
from shared.runtime.kafka.provision import provision
from tests.faults.proxy import Cut, Mode, Pass, Proxy, Stall
from tests.integration.runtime.kafka.events import Counted, counted, on_topic
from tests.integration.runtime.kafka.waiting import until
from tests.support.stack import free_port

DAY = timedelta(days=1)
SOON = timedelta(seconds=1)


@pytest.fixture(scope="module")
async def proxy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Proxy]:
    """In front of a broker of its own."""
    layout, settings, port = Layout(tmp_path_factory.mktemp("proxied").resolve()), LocalSettings(), free_port()
    layout.make()
    async with Proxy(port) as proxy:
        place = replace(embedded_servers(layout).kafka, proxied=(Proxied(port, proxy.port),))
        with running([kafka_process(place, kafka_runtime(settings.cache, settings.maven_url))]) as started:
            await asyncio.to_thread(wait_until_ready, started)
            yield proxy


async def test_what_a_broken_network_refused_is_published_and_consumed_when_it_is_mended(proxy: Proxy) -> None:
    topic, handled = f"test.{uuid4().hex}", set[int]()
    await provision(f"{LOOPBACK}:{proxy.port}", topics=(Topic(topic, "session", 4, 4, DAY, DAY, "Of a test."),))
    bus = Bus(f"{LOOPBACK}:{proxy.port}", client_id="test", options=Options(registry=CollectorRegistry()))

    async def on_counted(event: Counted) -> None:
        handled.add(event.number)

    bus.subscribe(Subscription((topic,), f"group-{uuid4().hex}", (Handler(Counted, on_counted),)))
    await bus.start()
    try:
        await bus.publish(on_topic(topic, counted(0)))
        failures: tuple[Mode, ...] = (Cut(), Stall())
        for number, failure in enumerate(failures, 1):
            proxy.mode = failure
            with pytest.raises(Unavailable):
                await bus.publish(on_topic(topic, counted(number)), within=SOON)
            proxy.mode = Pass()
            await bus.publish(on_topic(topic, counted(number)), within=timedelta(seconds=30), insist=True)
        await until(lambda: handled == {0, 1, 2}, seconds=60)
    finally:
        proxy.mode = Pass()
        await bus.stop()
