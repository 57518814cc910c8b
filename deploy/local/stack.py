"""Parley's own stack: which servers, which preparations, which services. Run as the supervisor."""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace

from deploy.local.embedded.kafka import KafkaRuntime
from deploy.local.embedded.quickstart import kafka_runtime
from deploy.local.errors import StackError
from deploy.local.layout import Layout
from deploy.local.ports import LOOPBACK, kept_ports
from deploy.local.processes import Process
from deploy.local.reports import Reporter
from deploy.local.servers import EmbeddedServers, embedded_servers
from deploy.local.services import STORING_SERVICES, Wiring, preparations, service_groups
from deploy.local.settings import LocalSettings, inherited_environment
from deploy.local.supervision import supervise
from deploy.local.supervisor import Plan

USE_CONTAINERS = "--containers"


def main(arguments: Sequence[str]) -> int:
    """Runs the stack of this environment until it is told to stop."""
    settings = LocalSettings()
    layout = Layout(settings.state.resolve())
    use_containers = USE_CONTAINERS in arguments
    return supervise(layout, lambda reporter: planned_stack(settings, layout, reporter, use_containers=use_containers))


@contextmanager
def planned_stack(
    settings: LocalSettings, layout: Layout, reporter: Reporter, *, use_containers: bool
) -> Iterator[Plan]:
    """The plan of the whole stack; containers, where asked for, live as long as the context."""
    missing = [name for name in ("redis", "postgres", "kafka") if name not in settings.given_servers]
    elsewhere = _containers(missing, reporter) if use_containers else nullcontext({})
    with elsewhere as contained:
        embedded = embedded_servers(layout)
        urls = replace(embedded.urls, **settings.given_servers, **contained)
        wiring = Wiring(
            layout=layout,
            urls=urls,
            role_password=layout.role_password(),
            ports=kept_ports(layout.state / "service-ports.json", STORING_SERVICES) | {"gateway": settings.port},
            inherited=inherited_environment(),
        )
        yield Plan(
            address=f"http://{LOOPBACK}:{settings.port}",
            urls=urls,
            servers=() if use_containers else _embedded(settings, embedded, missing),
            preparations=preparations(wiring),
            services=service_groups(wiring),
        )


def _embedded(settings: LocalSettings, servers: EmbeddedServers, names: Sequence[str]) -> Iterator[Process]:
    kafka = kafka_runtime(settings.cache, settings.maven_url) if "kafka" in names else KafkaRuntime(())
    return servers.processes(names, kafka, durable=True)


def _containers(names: Sequence[str], reporter: Reporter) -> AbstractContextManager[dict[str, str]]:
    try:
        module = importlib.import_module("deploy.local.containers")
    except ModuleNotFoundError as missing:
        raise StackError(
            f"--containers needs the package {missing.name}: "
            "install it with `uv sync --group containers`, or leave out --containers."
        ) from missing
    servers: AbstractContextManager[dict[str, str]] = module.container_servers(names, reporter)
    return servers


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
