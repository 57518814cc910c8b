"""The embedded servers themselves: what they keep, and what a crash leaves."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from redis.asyncio import Redis

from deploy.local.servers import ServerUrls, start_servers
from deploy.local.topics import stored_records
from tests.integration.local.conditions import eventually

TOPIC = "kept"


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerUrls]:
    with start_servers(tmp_path_factory.mktemp("servers"), durable=False) as urls:
        yield urls


async def write_everywhere(urls: ServerUrls) -> None:
    connection = await asyncpg.connect(urls.postgres)
    await connection.execute("create table kept (word text); insert into kept values ('postgres')")
    await connection.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=urls.kafka)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, num_partitions=1, replication_factor=1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=urls.kafka, acks="all")
    await producer.start()
    await producer.send_and_wait(TOPIC, b"kafka")
    await producer.stop()
    async with Redis.from_url(urls.redis) as redis:
        await redis.set("kept", "redis")


async def read_everywhere(urls: ServerUrls) -> list[str]:
    (record,) = await stored_records(urls.kafka, [TOPIC])
    async with Redis.from_url(urls.redis, decode_responses=True) as redis:
        stored = await redis.get("kept")
    return [await from_postgres(urls, "select word from kept"), (record.value or b"").decode(), str(stored)]


async def from_postgres(urls: ServerUrls, query: str) -> str:
    connection = await asyncpg.connect(urls.postgres)
    try:
        return str(await connection.fetchval(query))
    finally:
        await connection.close()


async def test_the_short_stream_of_a_turn_takes_little_memory(urls: ServerUrls) -> None:
    streams = 500
    async with Redis.from_url(urls.redis) as redis:
        before = (await redis.info("memory"))["used_memory"]
        for number in range(streams):
            for _ in range(5):
                await redis.xadd(f"short:{number}", {"e": "delta", "d": '{"text":"some ten words of an answer"}'})
        taken = (await redis.info("memory"))["used_memory"] - before
    assert taken / streams < 2_000


def test_data_and_addresses_survive_a_restart(tmp_path: Path) -> None:
    with start_servers(tmp_path / "stack", durable=True) as urls:
        asyncio.run(write_everywhere(urls))

    with start_servers(tmp_path / "stack", durable=True) as urls_again:
        assert urls_again == urls
        assert asyncio.run(read_everywhere(urls_again)) == ["postgres", "kafka", "redis"]


def test_servers_start_again_after_their_owner_was_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.local.run_servers", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline()
    family = psutil.Process(owner.pid).children(recursive=True)

    owner.kill()
    owner.communicate()

    with start_servers(tmp_path, durable=True) as urls:
        assert asyncio.run(from_postgres(urls, "select 1")) == "1"
    assert len(family) > len({"kafka", "postgres", "redis"})
    eventually(lambda: not any(process.is_running() for process in family))


@pytest.mark.usefixtures("urls")
def test_servers_listen_on_loopback_only() -> None:
    listening = {
        connection.laddr.ip
        for child in psutil.Process().children(recursive=True)
        for connection in child.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN
    }

    assert listening
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_postgres_lets_nobody_in_without_a_password(urls: ServerUrls) -> None:
    methods = "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"

    assert asyncio.run(from_postgres(urls, methods)) == "scram-sha-256"


def test_postgres_has_vectors(urls: ServerUrls) -> None:
    available = "select name from pg_available_extensions where name = 'vector'"

    assert asyncio.run(from_postgres(urls, available)) == "vector"
