"""The system under faults: real servers and services, links that can fail between some of them, a supervisor."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
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
BEHIND_PROXIES = ("agent-2", "gateway-2", "memory")
"""Services whose links to Kafka, Postgres and Redis can fail by themselves; the others of a kind have direct ones."""

_READY_WITHIN = timedelta(seconds=90)
"""A service that starts while Kafka is away gives up and is started again."""

Link = tuple[str, str]
"""A service and the server it talks to."""


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
    behind = {name: Proxied(free_port(), free_port()) for name in BEHIND_PROXIES}
    async with AsyncExitStack() as stack:
        servers = stack.enter_context(fragile_servers(folder / "servers", *behind.values()))
        links = _links(servers.servers, behind, seed)
        for proxy in links.values():
            await stack.enter_async_context(proxy)
        seen_by = {name: _seen(servers.servers, name, links) for name in behind}
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


def _links(servers: Servers, behind: Mapping[str, Proxied], seed: int) -> dict[Link, Proxy]:
    links: dict[Link, Proxy] = {}
    for name, kafka in behind.items():
        links[name, "kafka"] = Proxy(kafka.port, port=kafka.proxy_port, seed=seed)
        for server, url in (("postgres", servers.postgres), ("redis", servers.redis)):
            links[name, server] = Proxy(_port(url), port=free_port(), seed=seed)
    return links


def _seen(servers: Servers, name: str, links: Mapping[Link, Proxy]) -> Servers:
    return replace(
        servers,
        kafka=f"127.0.0.1:{links[name, 'kafka'].port}",
        postgres=_moved(servers.postgres, links[name, "postgres"].port),
        redis=_moved(servers.redis, links[name, "redis"].port),
    )


def _port(url: str) -> int:
    port = urlsplit(url).port
    if port is None:
        raise ValueError(f"{url} has no port")
    return port


def _moved(url: str, port: int) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()
