"""What is measured, set up in a folder of its own: real servers, Parley's four services, and the monolith."""

import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from types import MappingProxyType

import psutil
from rich.console import Console

from deploy.local.layout import Layout
from deploy.local.ports import LOOPBACK, accepts, kept_ports
from deploy.local.processes import Command, Process
from deploy.local.running import run_to_end, running, wait_until_ready
from deploy.local.servers import ServerUrls, start_servers
from deploy.local.services import STORING_SERVICES, Wiring, preparations, service_groups
from deploy.local.settings import REPOSITORY, inherited_environment

SERVICES = ("gateway", *STORING_SERVICES)
MONOLITH = "monolith"
PROGRAMS = {"java": "kafka", "postgres": "postgres", "redis-server": "redis"}


@dataclass(frozen=True, slots=True)
class Stand:
    """Everything that runs: where it listens and under which process ids."""

    urls: ServerUrls
    ports: dict[str, int]
    pids: dict[str, int]

    def address(self, name: str) -> str:
        """Host and port of a service or the monolith."""
        return f"{LOOPBACK}:{self.ports[name]}"

    def only(self, *names: str) -> dict[str, int]:
        """The process ids of these."""
        return {name: self.pids[name] for name in names}

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Parley's services get no CPU time: their polling of Kafka would slow down what is measured.

        Keep it below the time after which Kafka takes a silent consumer for dead, 10 seconds.
        """
        services = [psutil.Process(self.pids[name]) for name in SERVICES if name in self.pids]
        try:
            for service in services:
                service.suspend()
            yield
        finally:
            for service in services:
                service.resume()


@contextmanager
def stand(directory: Path, settings: Mapping[str, str], *, with_parley: bool, with_monolith: bool) -> Iterator[Stand]:
    """Runs it all for as long as the context lasts. Data are synced to disk, as in production.

    `settings` are environment variables for the services, which otherwise have those of the local stack.
    """
    with start_servers(directory, durable=True) as urls:
        layout = Layout(directory)
        ports = kept_ports(layout.state / "service-ports.json", [*SERVICES, MONOLITH])
        wiring = Wiring(layout, urls, secrets.token_urlsafe(16), ports, {**_environment(), **settings})
        servers = _server_pids()
        run_to_end(*preparations(wiring)[0])
        services = [process for group in service_groups(wiring) for process in group] if with_parley else []
        beside = [_monolith(wiring)] if with_monolith else []
        with running([*services, *beside]) as started:
            wait_until_ready(started)
            yield Stand(urls, ports, servers | {process.name: child.pid for process, child in started})


@contextmanager
def temporary_stand(
    name: str,
    console: Console,
    settings: Mapping[str, str] = MappingProxyType({}),
    *,
    with_parley: bool = True,
    with_monolith: bool = False,
) -> Iterator[Stand]:
    """A stand in a folder that is gone afterwards; it stays, with its logs, when something goes wrong."""
    directory = Path(mkdtemp(prefix=f"parley-{name}-")).resolve()
    try:
        with stand(directory, settings, with_parley=with_parley, with_monolith=with_monolith) as everything:
            yield everything
    except BaseException:
        console.print(f"The logs of what ran are in {directory / 'logs'}.")
        raise
    rmtree(directory)


def _server_pids() -> dict[str, int]:
    children = {child.name(): child.pid for child in psutil.Process().children()}
    return {name: children[program] for program, name in PROGRAMS.items()}


def _environment() -> dict[str, str]:
    ours = {name: value for name, value in inherited_environment().items() if not name.startswith("PARLEY_")}
    return ours | {"PARLEY_DOMAINS": '["tests.load.instant:DOMAIN"]'}


def _monolith(wiring: Wiring) -> Process:
    port = wiring.ports[MONOLITH]
    environment = {"BENCH_POSTGRES": wiring.urls.postgres, "BENCH_PORT": str(port)}
    command = Command(
        name=MONOLITH,
        arguments=[sys.executable, "-m", "tests.load.monolith"],
        directory=REPOSITORY,
        log=wiring.layout.log(MONOLITH),
        environment=wiring.inherited | environment,
    )
    return Process(command, port=port, ready=lambda: accepts(port))
