"""A broker of its own for tests that kill it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.embedded.quickstart import kafka_runtime
from deploy.local.layout import Layout
from deploy.local.processes import Child, Process
from deploy.local.running import wait_until_ready
from deploy.local.servers import embedded_servers
from deploy.local.settings import LocalSettings
from tests.integration.runtime.kafka.waiting import until


class FragileBroker:
    """A broker that may be killed and started again on its data."""

    def __init__(self, url: str, process: Process) -> None:
        self.url = url
        self._process = process
        self._child = Child(process.command)
        wait_until_ready([(process, self._child)])

    def kill(self) -> None:
        self._child.kill()

    async def start_again(self) -> None:
        self._child = Child(self._process.command)
        await until(self._process.ready, seconds=60)


@contextmanager
def fragile_broker(directory: Path) -> Iterator[FragileBroker]:
    """A fresh broker; it is gone when the context ends."""
    settings = LocalSettings()
    layout = Layout(directory.resolve())
    layout.make()
    servers = embedded_servers(layout)
    (process,) = servers.processes(("kafka",), kafka_runtime(settings.cache, settings.maven_url), durable=False)
    broker = FragileBroker(servers.urls.kafka, process)
    try:
        yield broker
    finally:
        broker.kill()
