"""The process that owns a stack: starts everything in order, restarts what ends, stops it all."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from deploy.local.identity import ProcessIdentity
from deploy.local.layout import Layout
from deploy.local.processes import Child, Command, Process
from deploy.local.reports import Reporter
from deploy.local.restarts import Backoff
from deploy.local.running import run_to_end, stop_together, wait_until_ready
from deploy.local.servers import ServerUrls
from deploy.local.state import RunningProcess, StackState, write_state

WATCH_SECONDS = 0.2

logger = structlog.get_logger("supervisor")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a stack consists of, in the order in which it starts.

    The servers are prepared while they are iterated. Services come in groups: the last group stops first.
    """

    address: str
    urls: ServerUrls
    servers: Iterable[Process]
    preparations: Sequence[Sequence[Command]]
    services: Sequence[Sequence[Process]]


@dataclass(slots=True)
class Supervised:
    """One process of the stack, now running or waiting to be started again."""

    process: Process
    child: Child
    identity: ProcessIdentity
    started: float = field(default_factory=time.monotonic)
    restart_due: float | None = None
    restarts: int = 0
    backoff: Backoff = field(default_factory=Backoff)

    @classmethod
    def start(cls, process: Process) -> "Supervised":
        """Starts the process for the first time."""
        child = Child(process.command)
        return cls(process, child, ProcessIdentity.of(child.pid))

    def tend(self) -> bool:
        """Notices an end, starts again when it is time: whether there is a new child."""
        now = time.monotonic()
        if self.restart_due is None:
            self._notice_end(now)
            return False
        if now < self.restart_due:
            return False
        self.child = Child(self.process.command)
        self.identity = ProcessIdentity.of(self.child.pid)
        self.started, self.restart_due = now, None
        self.restarts += 1
        return True

    def _notice_end(self, now: float) -> None:
        code = self.child.exit_code()
        if code is None:
            return
        wait = self.backoff.after_running(timedelta(seconds=now - self.started))
        self.restart_due = now + wait.total_seconds()
        logger.warning("process_ended", name=self.process.name, exit_code=code, restart_in_s=wait.total_seconds())


class Supervisor:
    """Runs one plan from its first process to the end of its last."""

    def __init__(self, layout: Layout, plan: Plan, reporter: Reporter) -> None:
        self._layout = layout
        self._plan = plan
        self._reporter = reporter
        self._groups: list[list[Supervised]] = []
        self._is_ready = False

    def run(self) -> None:
        """Brings everything up and keeps it up until an exception ends it; then stops everything."""
        try:
            self._bring_up()
            while True:
                self._tend()
                time.sleep(WATCH_SECONDS)
        finally:
            self._stop()

    def _bring_up(self) -> None:
        self._write_state()
        self._await(self._start(self._plan.servers))
        for commands in self._plan.preparations:
            self._reporter.working(f"preparing {', '.join(command.name for command in commands)}")
            run_to_end(*commands)
            for command in commands:
                self._reporter.done(command.name)
        self._await([one for group in self._plan.services for one in self._start(group)])
        self._is_ready = True
        self._write_state()
        self._reporter.ready(self._plan.address)

    def _start(self, processes: Iterable[Process]) -> list[Supervised]:
        group: list[Supervised] = []
        self._groups.append(group)
        for process in processes:
            self._reporter.working(f"starting {process.name}")
            group.append(Supervised.start(process))
            self._write_state()
        return group

    def _await(self, group: Sequence[Supervised]) -> None:
        self._reporter.working(f"waiting for {', '.join(one.process.name for one in group)}")
        wait_until_ready([(one.process, one.child) for one in group], self._reporter.done)

    def _tend(self) -> None:
        restarted = [one for one in self._supervised() if one.tend()]
        if restarted:
            self._write_state()

    def _stop(self) -> None:
        for group in reversed(self._groups):
            stop_together([(one.process, one.child) for one in group])
        self._layout.state_file.unlink(missing_ok=True)

    def _supervised(self) -> Iterator[Supervised]:
        return (one for group in self._groups for one in group)

    def _write_state(self) -> None:
        state = StackState(
            address=self._plan.address,
            kafka=self._plan.urls.kafka,
            postgres=self._plan.urls.postgres,
            redis=self._plan.urls.redis,
            is_ready=self._is_ready,
            processes=tuple(
                RunningProcess(
                    name=one.process.name,
                    port=one.process.port,
                    identity=one.identity,
                    restarts=one.restarts,
                )
                for one in self._supervised()
            ),
        )
        write_state(self._layout, state)
