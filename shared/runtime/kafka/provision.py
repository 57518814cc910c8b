"""Creates the topics that are missing: `python -m shared.runtime.kafka.provision`.

What exists is left alone. A topic's partition count never changes while it is live, since that would move keys to
other partitions and break their order; a difference is reported and fails the command.
"""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    KafkaError,
    TopicAlreadyExistsError,
    for_code,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.events.topics import TOPICS, Topic
from shared.runtime.kafka.settings import MAX_RECORD_BYTES, REQUEST_WITHIN, milliseconds

MIN_IN_SYNC: Final = {"min.insync.replicas": "2"}


class Scale(StrEnum):
    """How big a cluster the topics are for."""

    LOCAL = "local"
    """One broker: one replica, fewer partitions."""
    PRODUCTION = "production"
    """Three replicas, of which two must acknowledge."""


class ProvisionSettings(BaseSettings):
    """Read from PARLEY_KAFKA, PARLEY_PARTITIONS and PARLEY_REPLICATION."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", frozen=True)

    kafka: str
    partitions: Scale = Scale.LOCAL
    replication: Scale = Scale.LOCAL


class ProvisionError(Exception):
    """Topics could not be created, or are not what the code expects."""


def wanted_topics(topics: Iterable[Topic], *, partitions: Scale, replication: Scale) -> list[NewTopic]:
    """Every topic and its dead letters, as Kafka wants to be told."""
    both = [(topic, dead) for live in topics for topic, dead in ((live, False), (live.dead, True))]
    return [
        NewTopic(
            name=topic.name,
            num_partitions=topic.partitions if partitions is Scale.PRODUCTION else topic.local_partitions,
            replication_factor=3 if replication is Scale.PRODUCTION else 1,
            topic_configs=_configs(topic, dead=dead, replication=replication),
        )
        for topic, dead in both
    ]


def _configs(topic: Topic, *, dead: bool, replication: Scale) -> dict[str, str]:
    configs = {
        "cleanup.policy": "delete",
        "retention.ms": str(milliseconds(topic.retention)),
        "segment.ms": str(milliseconds(topic.segment)),
    }
    if dead:
        # A dead letter is its record plus our headers, so it may be larger than any live record.
        configs["max.message.bytes"] = str(MAX_RECORD_BYTES)
    return configs | (MIN_IN_SYNC if replication is Scale.PRODUCTION else {})


async def provision(
    servers: str,
    *,
    partitions: Scale = Scale.LOCAL,
    replication: Scale = Scale.LOCAL,
    topics: Iterable[Topic] = TOPICS,
) -> list[str]:
    """Create what is missing and return its names; raises ProvisionError if that fails or partitions differ."""
    wanted = wanted_topics(topics, partitions=partitions, replication=replication)
    admin = AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=milliseconds(REQUEST_WITHIN))
    try:
        await admin.start()
        existing = await _partition_counts(admin)
        missing = [topic for topic in wanted if topic.name not in existing]
        await _create(admin, missing)
    except KafkaError as error:
        raise ProvisionError(f"Kafka at {servers}: {error}") from error
    finally:
        await admin.close()
    _check_partitions(wanted, existing)
    return [topic.name for topic in missing]


async def _partition_counts(admin: AIOKafkaAdminClient) -> dict[str, int]:
    return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}


async def _create(admin: AIOKafkaAdminClient, topics: list[NewTopic]) -> None:
    if not topics:
        return
    response = await admin.create_topics(topics)
    for name, code, *rest in response.topic_errors:
        # Another launcher may have been faster.
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise ProvisionError(f"cannot create {name}: {for_code(code).__name__} {' '.join(map(str, rest))}".strip())


def _check_partitions(wanted: Iterable[NewTopic], existing: Mapping[str, int]) -> None:
    different = [
        f"{topic.name} has {existing[topic.name]} partitions, expected {topic.num_partitions}"
        for topic in wanted
        if topic.name in existing and existing[topic.name] != topic.num_partitions
    ]
    if different:
        raise ProvisionError(
            "; ".join(different) + ". The count of a live topic is never changed: it would break the order of keys. "
            "Set PARLEY_PARTITIONS to the scale that these topics were made for, or start with an empty cluster."
        )


def main() -> None:
    """Provision as the environment says; exit 1 with one sentence if that fails."""
    settings = ProvisionSettings()
    try:
        created = asyncio.run(
            provision(settings.kafka, partitions=settings.partitions, replication=settings.replication)
        )
    except ProvisionError as error:
        sys.exit(f"topics: {error}")
    sys.stderr.write(f"topics: {len(created)} created{': ' + ', '.join(created) if created else ''}\n")


if __name__ == "__main__":
    main()
