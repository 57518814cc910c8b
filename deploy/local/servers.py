"""Kafka, Postgres and Redis of one directory: started together, ended together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.embedded.kafka import KafkaPlace, KafkaRuntime, kafka_process
from deploy.local.embedded.postgres import PostgresPlace, postgres_process
from deploy.local.embedded.quickstart import kafka_runtime
from deploy.local.embedded.redis import RedisPlace, redis_process
from deploy.local.files import kept_secret
from deploy.local.layout import Layout
from deploy.local.ports import LOOPBACK, kept_ports
from deploy.local.processes import Process
from deploy.local.running import running, wait_until_ready
from deploy.local.settings import LocalSettings

PORT_NAMES = ["kafka", "kafka-controller", "postgres", "redis"]


@dataclass(frozen=True, slots=True)
class ServerUrls:
    """Where the three servers are; the Postgres URL is the database owner's."""

    kafka: str
    postgres: str
    redis: str


@dataclass(frozen=True, slots=True)
class EmbeddedServers:
    """The three servers of one directory, before they are started."""

    kafka: KafkaPlace
    postgres: PostgresPlace
    redis: RedisPlace

    @property
    def urls(self) -> ServerUrls:
        """Where they are once they run."""
        return ServerUrls(
            kafka=f"{LOOPBACK}:{self.kafka.port}",
            postgres=self.postgres.url,
            redis=f"redis://:{self.redis.password}@{LOOPBACK}:{self.redis.port}/0",
        )

    def processes(self, names: Sequence[str], kafka: KafkaRuntime, *, durable: bool) -> Iterator[Process]:
        """Prepares the named servers one by one; start each as it comes, the next takes a while."""
        if "redis" in names:
            yield redis_process(self.redis, durable=durable)
        if "postgres" in names:
            yield postgres_process(self.postgres, durable=durable)
        if "kafka" in names:
            yield kafka_process(self.kafka, kafka)


def embedded_servers(layout: Layout) -> EmbeddedServers:
    """The servers of a directory, with the ports and passwords kept there."""
    ports = kept_ports(layout.state / "server-ports.json", PORT_NAMES)
    return EmbeddedServers(
        kafka=KafkaPlace(
            layout.root / "kafka",
            layout.log("kafka"),
            ports["kafka"],
            ports["kafka-controller"],
        ),
        postgres=PostgresPlace(
            layout.root / "postgres",
            layout.log("postgres"),
            ports["postgres"],
            kept_secret(layout.state / "postgres-password"),
        ),
        redis=RedisPlace(
            layout.root / "redis",
            layout.log("redis"),
            ports["redis"],
            kept_secret(layout.state / "redis-password"),
        ),
    )


@contextmanager
def start_servers(directory: Path, *, durable: bool) -> Iterator[ServerUrls]:
    """Runs the embedded servers with their data in `directory` for as long as the context lasts.

    Call it from the main thread. Without `durable` nothing is synced to disk: quick, for tests.
    """
    settings = LocalSettings()
    layout = Layout(directory.resolve())
    layout.make()
    servers = embedded_servers(layout)
    kafka = kafka_runtime(settings.cache, settings.maven_url)
    processes = servers.processes(("redis", "postgres", "kafka"), kafka, durable=durable)
    with running(processes) as started:
        wait_until_ready(started)
        yield servers.urls
