"""Topics on a real broker."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import (
    ConfigResource,
    ConfigResourceType,
)

from shared.events.topics import Topic
from shared.runtime.kafka.provision import ProvisionError, Scale, provision
from tests.support.servers import Servers

DAY = timedelta(days=1)


@pytest.fixture
def topic() -> Topic:
    return Topic(f"test.{uuid4().hex}", "session", 3, 2, 7 * DAY, DAY, "Of a test.")


async def settings_of(kafka: str, name: str) -> dict[str, str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        (response,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    finally:
        await admin.close()
    return {entry[0]: entry[1] for entry in response.resources[0][4]}


async def test_creates_what_is_missing_and_leaves_the_rest(servers: Servers, topic: Topic) -> None:
    assert await provision(servers.kafka, topics=(topic,)) == [topic.name, f"{topic.name}.dead"]
    assert await provision(servers.kafka, topics=(topic,)) == []


async def test_topics_keep_records_as_long_as_declared(servers: Servers, topic: Topic) -> None:
    await provision(servers.kafka, topics=(topic,))
    live, dead = await settings_of(servers.kafka, topic.name), await settings_of(servers.kafka, topic.dead.name)
    assert live["retention.ms"] == str(7 * 24 * 3600 * 1000)
    assert live["segment.ms"] == str(24 * 3600 * 1000)
    assert live["cleanup.policy"] == "delete"
    assert dead["max.message.bytes"] == str(2 * 1024 * 1024)


async def test_refuses_to_change_the_partitions_of_a_live_topic(servers: Servers, topic: Topic) -> None:
    await provision(servers.kafka, topics=(topic,))
    with pytest.raises(ProvisionError, match=rf"{topic.name} has 2 partitions, expected 3.*never changed"):
        await provision(servers.kafka, topics=(topic,), partitions=Scale.PRODUCTION)


async def test_what_the_cluster_cannot_do_is_an_error(servers: Servers, topic: Topic) -> None:
    with pytest.raises(ProvisionError, match=f"cannot create {topic.name}"):
        await provision(servers.kafka, topics=(replace(topic, local_partitions=1),), replication=Scale.PRODUCTION)


async def test_no_kafka_is_an_error(topic: Topic) -> None:
    with pytest.raises(ProvisionError, match=r"Kafka at 127\.0\.0\.1:1"):
        await provision("127.0.0.1:1", topics=(topic,))
