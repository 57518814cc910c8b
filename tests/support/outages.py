"""Servers that a test may kill, pause and start again, with their data on disk as in production."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil

from deploy.local.embedded.kafka import Proxied
from deploy.local.embedded.quickstart import kafka_runtime
from deploy.local.layout import Layout
from deploy.local.processes import Child
from deploy.local.running import Started, stop_together, wait_until_ready
from deploy.local.servers import embedded_servers
from deploy.local.settings import LocalSettings
from tests.support.servers import Servers, prepared

SERVERS = ("redis", "postgres", "kafka")


class FragileServers:
    """Kafka, Postgres and Redis by name: `kafka`, `postgres`, `redis`."""

    def __init__(self, started: dict[str, Started], servers: Servers) -> None:
        self._started = started
        self.servers = servers

    def kill(self, name: str) -> None:
        """End a server and its children without a chance to clean up."""
        self._started[name][1].kill()

    def stop(self, name: str) -> None:
        """Ask a server to end, and wait until it has."""
        stop_together([self._started[name]])

    def start(self, name: str) -> None:
        """Start a killed server again on its data and wait until it answers."""
        self.launch(name)
        self.answer(name)

    def launch(self, name: str) -> None:
        """Start a killed server again on its data; from a thread that lives as long as the server shall."""
        process = self._started[name][0]
        self._started[name] = (process, Child(process.command))

    def answer(self, name: str) -> None:
        """Wait until a server answers."""
        wait_until_ready([self._started[name]])

    def pause(self, name: str) -> None:
        """Let a server do nothing until `resume`, while its connections stay open."""
        _signal(self._started[name], signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Let a paused server go on."""
        _signal(self._started[name], signal.SIGCONT)


def _signal(started: Started, number: signal.Signals) -> None:
    child = started[1]
    if child.exit_code() is None:
        parent = psutil.Process(child.pid)
        # The parent first: once it is paused it has no more children.
        parent.send_signal(number)
        for each in parent.children(recursive=True):
            each.send_signal(number)


@contextmanager
def fragile_servers(directory: Path, *proxied: Proxied) -> Iterator[FragileServers]:
    """Start the three servers, made as in production; end what runs of them.

    Kafka has a further listener for each proxy that clients may stand behind.
    """
    settings = LocalSettings()
    layout = Layout(directory.resolve())
    layout.make()
    embedded = embedded_servers(layout)
    embedded = replace(embedded, kafka=replace(embedded.kafka, proxied=proxied))
    kafka = kafka_runtime(settings.cache, settings.maven_url)
    started: dict[str, Started] = {}
    try:
        for process in embedded.processes(SERVERS, kafka, durable=True):
            started[process.name] = (process, Child(process.command))
        wait_until_ready(list(started.values()))
        yield FragileServers(started, prepared(embedded.urls))
    finally:
        for each in started.values():
            _signal(each, signal.SIGCONT)
        stop_together(list(started.values()))
