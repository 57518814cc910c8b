"""All four services as processes on real servers, the way a deployment runs them."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx

from deploy.local.processes import Child, Command
from deploy.local.settings import REPOSITORY
from tests.support.servers import Servers

_READY_SECONDS = 60
_STOP_WITHIN = timedelta(seconds=30)
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
    """The service, and a number where there are several: `agent-2`."""
    port: int
    environment: Mapping[str, str]
    log: Path
    process: Child | None = field(default=None)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the process has not ended; a paused one has not."""
        return self.process is not None and self.process.exit_code() is None

    def start(self, **more: str) -> None:
        """Start the process, with more environment variables if need be; `ready` waits for it."""
        kind = self.name.split("-", maxsplit=1)[0]
        arguments = [sys.executable, "-m", f"services.{kind}"]
        self.process = Child(Command(self.name, arguments, REPOSITORY, self.log, {**self.environment, **more}))

    def pause(self) -> None:
        """Let the process do nothing until `resume`, while its connections stay open."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused process go on."""
        self._signal_all(signal.SIGCONT)

    def kill(self) -> None:
        """End the process without a chance to clean up."""
        if self.process is not None:
            self.process.kill()

    def ask_to_stop(self) -> None:
        """Let the process finish what it does and end, without waiting for it."""
        if self.process is not None and self.running:
            self.resume()
            self.process.signal(signal.SIGTERM)

    def end(self) -> None:
        """Ask the process to stop, and wait until it is gone."""
        if self.process is not None and self.running:
            self.ask_to_stop()
            if self.process.wait(_STOP_WITHIN) is None:
                self.process.kill()
                raise RuntimeError(f"{self.name} did not stop:\n{self.log.read_text()[-4000:]}")

    def _signal_all(self, number: signal.Signals) -> None:
        if self.process is not None and self.running:
            os.killpg(self.process.pid, number)

    def ready(self) -> None:
        """Wait until it serves; raises with its log when it ends or takes too long."""
        try:
            asyncio.run(self._ready())
        except TimeoutError:
            raise RuntimeError(f"{self.name} is not ready:\n{self.log.read_text()[-4000:]}") from None

    async def _ready(self) -> None:
        async with asyncio.timeout(_READY_SECONDS), httpx.AsyncClient(trust_env=False) as client:
            while not await _answers(client, f"{self.url}/readyz"):
                if not self.running:
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
    services: dict[str, Service]

    @property
    def gateway(self) -> Service:
        """The first gateway."""
        return self.services["gateway"]


@contextmanager
def running_stack(
    servers: Servers, directory: Path, *, domains: str, gateways: int = 1, agents: int = 1
) -> Iterator[Stack]:
    """Start every service, wait until all are ready, end what was started."""
    with started_stack(servers, directory, domains=domains, gateways=gateways, agents=agents) as stack:
        for service in stack.services.values():
            service.ready()
        yield stack


@contextmanager
def started_stack(
    servers: Servers,
    directory: Path,
    *,
    domains: str,
    gateways: int = 1,
    agents: int = 1,
    seen_by: Mapping[str, Servers] | None = None,
    more: Mapping[str, str] | None = None,
) -> Iterator[Stack]:
    """Start every service without waiting for it, end what was started.

    `seen_by` gives services, by name, other addresses of the servers; `more` are environment variables of all.
    """
    names = ["memory", "profiles", *_numbered("agent", agents), *_numbered("gateway", gateways)]
    ports = {name: free_port() for name in names}
    common = {"PATH": os.environ["PATH"], "PARLEY_DOMAINS": domains, "PARLEY_GRACE": "PT5S", **(more or {})}
    stack = Stack(servers, {})
    for name in names:
        environment = common | _environment(name, (seen_by or {}).get(name, servers), ports)
        stack.services[name] = Service(name, ports[name], environment, directory / f"{name}.log")
    with ExitStack() as ending:
        for service in stack.services.values():
            service.start()
            ending.callback(service.end)
        yield stack


def _numbered(name: str, count: int) -> list[str]:
    return [name if number == 1 else f"{name}-{number}" for number in range(1, count + 1)]


def _environment(name: str, servers: Servers, ports: Mapping[str, int]) -> dict[str, str]:
    kind, _, number = name.partition("-")
    # Each gateway asks the agent of its own number, where there is one.
    asked = {each: next(known for known in (f"{each}-{number}", each) if known in ports) for each in _STORING}
    return {
        "PARLEY_KAFKA": servers.kafka,
        "PARLEY_REDIS": servers.redis,
        "PARLEY_POSTGRES": servers.role_url(kind),
        "PARLEY_PORT": str(ports[name]),
        **{f"PARLEY_{each.upper()}_URL": f"http://127.0.0.1:{ports[asked[each]]}" for each in _STORING},
    }
