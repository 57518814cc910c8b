"""Servers that a test may kill and start again, with their data on disk as in production."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.embedded.quickstart import kafka_runtime
from deploy.local.layout import Layout
from deploy.local.processes import Child
from deploy.local.running import Started, stop_together, wait_until_ready
from deploy.local.servers import embedded_servers
from deploy.local.settings import LocalSettings
from tests.support.servers import Servers, prepared


class FragileServers:
    """Kafka, Postgres and Redis by name: `kafka`, `postgres`, `redis`."""

    def __init__(self, started: dict[str, Started], servers: Servers) -> None:
        self._started = started
        self.servers = servers

    def kill(self, name: str) -> None:
        """End a server and its children without a chance to clean up."""
        self._started[name][1].kill()

    def start(self, name: str) -> None:
        """Start a killed server again on its data and wait until it answers."""
        process = self._started[name][0]
        self._started[name] = (process, Child(process.command))
        wait_until_ready([self._started[name]])


@contextmanager
def fragile_servers(directory: Path) -> Iterator[FragileServers]:
    """Start the three servers, made as in production; end what runs of them."""
    settings = LocalSettings()
    layout = Layout(directory.resolve())
    layout.make()
    embedded = embedded_servers(layout)
    kafka = kafka_runtime(settings.cache, settings.maven_url)
    started: dict[str, Started] = {}
    try:
        for process in embedded.processes(("redis", "postgres", "kafka"), kafka, durable=True):
            started[process.name] = (process, Child(process.command))
        wait_until_ready(list(started.values()))
        yield FragileServers(started, prepared(embedded.urls))
    finally:
        stop_together(list(started.values()))
