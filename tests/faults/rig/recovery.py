"""When a system is well again: all that had been published is worked through, and every gateway gets answers."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from uuid import uuid4

import httpx
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.faults.checker.dumping import GROUPS, log_ends
from tests.faults.rig.stand import Stand
from tests.support.client import Client

WITHIN_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 2.0
_SESSIONS: Final = 6
"""So many that every agent is asked, most likely."""
_POLL_SECONDS = 0.1
_BROKEN = (httpx.HTTPError, AssertionError, KafkaError, OSError, TimeoutError)


async def recovery(stand: Stand) -> float | None:
    """Seconds until it is well; None if that takes too long."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(WITHIN_SECONDS):
            await asyncio.gather(_caught_up(stand.addresses.kafka), *(_answers(url) for url in stand.gateways))
    except TimeoutError:
        return None
    return time.monotonic() - began


async def _answers(gateway: str) -> None:
    while True:
        with suppress(*_BROKEN):
            async with asyncio.timeout(_ANSWER_SECONDS), Client(gateway, f"probe-{uuid4().hex}") as client:
                sessions = [await client.open("scripted") for _ in range(_SESSIONS)]
                await asyncio.gather(*(client.ask(session, "say well") for session in sessions))
                return
        await asyncio.sleep(_POLL_SECONDS)


async def _caught_up(kafka: str) -> None:
    """Every group has finished what is in the log now."""
    ends: Mapping[str, int] | None = None
    while True:
        with suppress(*_BROKEN):
            async with asyncio.timeout(2 * _ANSWER_SECONDS):
                ends = ends or await log_ends(kafka)
                if await _committed(kafka, ends):
                    return
        await asyncio.sleep(_POLL_SECONDS)


async def _committed(kafka: str, ends: Mapping[str, int]) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        await admin.start()
        for group, topics in GROUPS.items():
            commits = await admin.list_consumer_group_offsets(group)
            for name, end in ends.items():
                topic, _, partition = name.rpartition(":")
                commit = commits.get(TopicPartition(topic, int(partition)))
                if topic in topics and end > (0 if commit is None else commit.offset):
                    return False
        return True
    finally:
        await admin.close()
