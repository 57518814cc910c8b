"""What is measured, set up in a folder of its own: real servers, Parley's four services, and the monolith."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

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
def stand(directory: Path, *, with_parley: bool) -> Iterator[Stand]:
    """Runs it all for as long as the context lasts. Data are synced to disk, as in production."""
    with start_servers(directory, durable=True) as urls:
        layout = Layout(directory)
        ports = kept_ports(layout.state / "service-ports.json", [*SERVICES, MONOLITH])
        wiring = Wiring(layout, urls, secrets.token_urlsafe(16), ports, _environment())
        servers = _server_pids()
        run_to_end(*preparations(wiring)[0])
        services = [process for group in service_groups(wiring) for process in group] if with_parley else []
        with running([*services, _monolith(wiring)]) as started:
            wait_until_ready(started)
            yield Stand(urls, ports, servers | {process.name: child.pid for process, child in started})


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
