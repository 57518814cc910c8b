"""All four services as processes on real servers, the way a deployment runs them."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.servers import Servers

_READY_SECONDS = 60
_STORING = ("agent", "memory", "profiles")


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Service:
    """One process of a service, which a test may kill, pause and start again on the same port."""

    name: str
    port: int
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process; `ready` waits for it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"services.{self.name}"], env=dict(self.environment), stderr=log, stdout=log
            )

    def send(self, number: signal.Signals) -> None:
        """Signal the process."""
        if self.process is not None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End the process without a chance to clean up."""
        self.end(signal.SIGKILL)

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Signal the process and wait until it is gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            self.process.wait(30)

    def ready(self) -> None:
        """Wait until it serves; raises with its log when it ends or takes too long."""
        try:
            asyncio.run(self._ready())
        except TimeoutError:
            raise RuntimeError(f"{self.name} is not ready:\n{self.log.read_text()[-4000:]}") from None

    async def _ready(self) -> None:
        async with asyncio.timeout(_READY_SECONDS), httpx.AsyncClient(trust_env=False) as client:
            while not await _answers(client, f"{self.url}/readyz"):
                if self.process is None or self.process.poll() is not None:
                    raise RuntimeError(f"{self.name} ended:\n{self.log.read_text()[-4000:]}")
                await asyncio.sleep(0.05)


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@dataclass(frozen=True, slots=True)
class Stack:
    """The services by name; `gateways` and `agents` when there are several."""

    servers: Servers
    services: Mapping[str, Service]

    @property
    def gateway(self) -> Service:
        """The first gateway."""
        return self.services["gateway"]


@contextmanager
def running_stack(
    servers: Servers, directory: Path, *, domains: str, gateways: int = 1, agents: int = 1
) -> Iterator[Stack]:
    """Start every service, wait until all are ready, end what was started."""
    names = ["memory", "profiles", *_numbered("agent", agents), *_numbered("gateway", gateways)]
    ports = {name: free_port() for name in names}
    stack = Stack(servers, {name: _service(name, servers, ports, directory, domains) for name in names})
    with ExitStack() as ending:
        for service in stack.services.values():
            service.start()
            ending.callback(service.end)
        for service in stack.services.values():
            service.ready()
        yield stack


def _numbered(name: str, count: int) -> list[str]:
    return [name if number == 1 else f"{name}-{number}" for number in range(1, count + 1)]


def _service(name: str, servers: Servers, ports: Mapping[str, int], directory: Path, domains: str) -> Service:
    kind = name.split("-", maxsplit=1)[0]
    environment = {
        "PATH": os.environ["PATH"],
        "PARLEY_KAFKA": servers.kafka,
        "PARLEY_REDIS": servers.redis,
        "PARLEY_PORT": str(ports[name]),
        "PARLEY_DOMAINS": domains,
        "PARLEY_GRACE": "PT5S",
        **{f"PARLEY_{each.upper()}_URL": f"http://127.0.0.1:{ports[each]}" for each in _STORING},
    }
    if kind in _STORING:
        environment["PARLEY_POSTGRES"] = servers.role_url(kind)
    return Service(kind, ports[name], environment, directory / f"{name}.log")
