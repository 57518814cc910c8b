"""The same servers as containers, through testcontainers: needs Docker and the group `containers`."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from docker.errors import DockerException
from testcontainers.community.kafka import KafkaContainer
from testcontainers.community.postgres import PostgresContainer
from testcontainers.community.redis import RedisContainer

from deploy.local.errors import StackError
from deploy.local.reports import Reporter

POSTGRES_IMAGE = "pgvector/pgvector:pg18"
REDIS_IMAGE = "redis:8"


@contextmanager
def container_servers(names: Sequence[str], reporter: Reporter) -> Iterator[dict[str, str]]:
    """Runs the named servers for as long as the context lasts: their URLs. Their data ends with them."""
    starts = {"kafka": _start_kafka, "postgres": _start_postgres, "redis": _start_redis}
    with ExitStack() as running:
        urls: dict[str, str] = {}
        try:
            for name in names:
                reporter.working(f"starting {name} in a container (the first time fetches its image)")
                urls[name] = starts[name](running)
                reporter.done(name)
        except DockerException as failure:
            raise StackError(
                f"Docker cannot be used ({failure}): start Docker, or leave out --containers "
                "to use the embedded servers."
            ) from failure
        yield urls


def _start_kafka(running: ExitStack) -> str:
    return str(running.enter_context(KafkaContainer().with_kraft()).get_bootstrap_server())


def _start_postgres(running: ExitStack) -> str:
    container = PostgresContainer(POSTGRES_IMAGE, username="parley", dbname="parley", driver=None)
    return str(running.enter_context(container).get_connection_url())


def _start_redis(running: ExitStack) -> str:
    container = running.enter_context(RedisContainer(REDIS_IMAGE))
    return f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}/0"
