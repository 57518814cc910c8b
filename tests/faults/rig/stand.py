"""The system under faults: real servers and services, links that can fail between some of them, a supervisor."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from deploy.local.embedded.kafka import Proxied
from shared.runtime.polling import read_until
from tests.faults.proxy import Proxy
from tests.faults.rig.keeper import Keeper
from tests.support.outages import FragileServers, fragile_servers
from tests.support.scripted import LEDGER
from tests.support.servers import Servers
from tests.support.stack import Service, Stack, free_port, started_stack

GATEWAYS = ("gateway", "gateway-2")
AGENTS = ("agent", "agent-2")
SERVICES = (*GATEWAYS, *AGENTS, "memory", "profiles")
_READY_WITHIN = timedelta(seconds=90)
"""A service that starts while Kafka is away gives up and is started again."""

Link = tuple[str, str]
"""A service and the server it talks to."""

LINKS: Final[tuple[Link, ...]] = (
    *(("agent-2", server) for server in ("kafka", "postgres", "redis")),
    *(("gateway-2", server) for server in ("kafka", "redis")),
    *(("memory", server) for server in ("kafka", "postgres", "redis")),
)
"""Those that can fail by themselves; the other services have direct ones."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Everything that runs."""

    servers: FragileServers
    stack: Stack
    links: Mapping[Link, Proxy]
    keeper: Keeper
    seed: int

    @property
    def addresses(self) -> Servers:
        """Where the servers are."""
        return self.servers.servers

    def service(self, name: str) -> Service:
        """A service by its name."""
        return self.stack.services[name]

    @property
    def gateways(self) -> list[str]:
        """Where clients go."""
        return [self.service(name).url for name in GATEWAYS]

    async def ready(self, *names: str) -> None:
        """Wait until these services serve, all of them without names."""
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            for name in names or SERVICES:
                url = f"{self.service(name).url}/readyz"
                if not await read_until(lambda: _serves(client, url), bool, within=_READY_WITHIN):  # noqa: B023
                    raise RuntimeError(f"{name} is not ready:\n{self.service(name).log.read_text()[-4000:]}")


async def _serves(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.TransportError:
        return False


@asynccontextmanager
async def running_stand(folder: Path, *, seed: int) -> AsyncIterator[Stand]:
    """Start it all; end it all. Call it from the main thread."""
    doors = {name: Proxied(free_port(), free_port()) for name, server in LINKS if server == "kafka"}
    async with AsyncExitStack() as stack:
        servers = stack.enter_context(fragile_servers(folder / "servers", *doors.values()))
        links = {link: _proxy(link, servers.servers, doors, seed) for link in LINKS}
        for proxy in links.values():
            await stack.enter_async_context(proxy)
        seen_by = {name: _seen(servers.servers, name, links) for name in doors}
        services = stack.enter_context(
            started_stack(
                servers.servers,
                folder,
                domains='["tests.support.scripted:DOMAIN"]',
                gateways=len(GATEWAYS),
                agents=len(AGENTS),
                seen_by=seen_by,
                more={LEDGER: str(folder / "attempts.jsonl"), "PARLEY_FAILPOINTS_ALLOWED": "true"},
            )
        )
        stack.callback(_kill_all, services)
        keeper = Keeper(services.services)
        stand = Stand(servers, services, links, keeper, seed)
        await stand.ready()
        await stack.enter_async_context(keeper.keeping())
        yield stand


def _kill_all(stack: Stack) -> None:
    # The proxies rest while we wait for processes to end: a service behind one could not say goodbye.
    for service in stack.services.values():
        service.kill()


def _proxy(link: Link, servers: Servers, doors: Mapping[str, Proxied], seed: int) -> Proxy:
    service, server = link
    if server == "kafka":
        return Proxy(doors[service].port, port=doors[service].proxy_port, seed=seed)
    return Proxy(_port(servers.postgres if server == "postgres" else servers.redis), port=free_port(), seed=seed)


def _seen(servers: Servers, name: str, links: Mapping[Link, Proxy]) -> Servers:
    """The servers as a service behind proxies sees them."""
    ports = {server: proxy.port for (service, server), proxy in links.items() if service == name}
    return Servers(
        kafka=f"127.0.0.1:{ports['kafka']}",
        postgres=_moved(servers.postgres, ports.get("postgres")),
        redis=_moved(servers.redis, ports.get("redis")),
    )


def _port(url: str) -> int:
    port = urlsplit(url).port
    if port is None:
        raise ValueError(f"{url} has no port")
    return port


def _moved(url: str, port: int | None) -> str:
    if port is None:
        return url
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()
