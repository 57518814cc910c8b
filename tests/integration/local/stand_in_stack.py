"""A stack of stand-in processes: `launch ROOT KIND` is its launcher, `supervise ROOT KIND` its supervisor."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.launcher import launch
from deploy.local.layout import Layout
from deploy.local.ports import kept_ports
from deploy.local.processes import Command, Process
from deploy.local.reports import Report
from deploy.local.servers import ServerUrls
from deploy.local.services import is_ready
from deploy.local.supervision import supervise
from deploy.local.supervisor import Plan

NAMES = ["server", "worker", "gateway"]
SERVICE = Path(__file__).with_name("stand_in_service.py")
MODULE = "tests.integration.local.stand_in_stack"


def stand_in(layout: Layout, name: str, port: int) -> Process:
    command = Command(
        name=name,
        arguments=[sys.executable, str(SERVICE), str(port)],
        directory=layout.root,
        log=layout.log(name),
    )
    return Process(command, port=port, ready=lambda: is_ready(port))


def changed(process: Process, kind: str) -> Process:
    """The gateway of a stack that does not come up."""
    if kind == "never-ready":
        return Process(process.command, port=process.port, ready=lambda: False)
    if kind == "ends-at-start":
        ending = Command("gateway", ["/bin/false"], process.command.directory, process.command.log)
        return Process(ending, port=process.port, ready=process.ready)
    return process


@contextmanager
def planned(layout: Layout, kind: str) -> Iterator[Plan]:
    ports = kept_ports(layout.state / "ports.json", NAMES)
    server, worker, gateway = (stand_in(layout, name, ports[name]) for name in NAMES)
    yield Plan(
        address=f"http://127.0.0.1:{ports['gateway']}",
        urls=ServerUrls("kafka", "postgres", "redis"),
        servers=[server],
        preparations=[],
        services=[[worker], [changed(gateway, kind)]],
    )


def main(role: str, root: str, kind: str) -> int:
    layout = Layout(Path(root))
    layout.make()
    if role == "supervise":
        return supervise(layout, lambda _reporter: planned(layout, kind))
    try:
        said = launch([sys.executable, "-m", MODULE, "supervise", root, kind], layout, show=ignore)
    except StackError as failure:
        sys.stdout.write(str(failure))
        return 1
    sys.stdout.write(said)
    return 0


def ignore(_report: Report) -> None:
    """Nobody looks at the progress of a test."""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
