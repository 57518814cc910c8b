"""Injects faults one after the other into one stand under load, and has what happened judged after each."""

import asyncio
import logging
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

import structlog
from aiokafka.errors import KafkaError
from rich.console import Console

from deploy.local.servers import ServerUrls
from deploy.local.settings import REPOSITORY
from shared.runtime.polling import read_until
from tests.faults.checker import Report, Verdict, check, read_state
from tests.faults.checker.dumping import Scope, dump, lag, log_ends, sampled
from tests.faults.history import Recorder, read_history
from tests.faults.rig.fault import Fault, NotInjectedError, Scene
from tests.faults.rig.recovery import recovery
from tests.faults.rig.stand import Stand, running_stand
from tests.faults.rig.workload import load
from tests.load.machine import Circumstances, circumstances
from tests.support.scripted import LEDGER

HISTORIES: Final = REPOSITORY / "build" / "faults"
"""A folder for each fault: what happened, what was left, what the checker says."""
TURN_DEADLINE_SECONDS: Final = 60.0
"""A turn ends within this, faults and recovery not counted."""
_BEFORE_SECONDS: Final = 1.0
_AFTER_SECONDS: Final = 1.0
_AT_REST: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a fault. `recovery_seconds` is None when the system was not well in time."""

    fault: Fault
    report: Report
    recovery_seconds: float | None
    restarts: Counter[str]
    seconds: float
    trouble: str | None = None
    """Why the fault could not be injected."""

    @property
    def passed(self) -> bool:
        """Whether it happened, was recovered from, and broke no promise."""
        recovered = self.recovery_seconds is not None and self.trouble is None
        return recovered and self.report.verdict in {Verdict.OK, Verdict.UNVERIFIED}


@dataclass(frozen=True, slots=True)
class Campaign:
    """A whole run."""

    circumstances: Circumstances
    seed: int
    seconds: float
    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether every fault was survived."""
        return all(result.passed for result in self.results)


async def campaign(faults: Iterable[tuple[str, Fault]], *, seed: int, console: Console) -> Campaign:
    """Inject these faults, each under a name of its own. Histories and logs are kept in HISTORIES."""
    began, results = time.monotonic(), []
    shutil.rmtree(HISTORIES, ignore_errors=True)
    HISTORIES.mkdir(parents=True)
    _log_to(HISTORIES / "rig.log")
    with tempfile.TemporaryDirectory(prefix="parley-faults-") as temporary:
        folder = Path(temporary)
        async with running_stand(folder, seed=seed) as stand:
            where = stand.addresses
            facts = await circumstances(ServerUrls(where.kafka, where.postgres, where.redis))
            try:
                for name, fault in faults:
                    result = await suffer(stand, name, fault, HISTORIES / name)
                    _tell(name, result, console)
                    results.append(result)
            finally:
                await asyncio.to_thread(_keep_logs, folder)
    return Campaign(facts, seed, time.monotonic() - began, tuple(results))


async def suffer(stand: Stand, name: str, fault: Fault, folder: Path) -> Result:
    """Inject one fault under load; its history and end state go to the folder. `name` is for this time only."""
    began, trouble, seconds = time.monotonic(), None, None
    before = stand.keeper.restarts.copy()
    kafka = stand.addresses.kafka
    with Recorder(folder) as recorder:
        recorder.run(seed=stand.seed, deadline_seconds=TURN_DEADLINE_SECONDS, logs=await log_ends(kafka))
        scene = Scene(stand, recorder, Random(f"{stand.seed}:{name}"))  # noqa: S311 -- a run must be repeatable
        async with sampled(kafka, recorder), load(stand, recorder, name):
            await asyncio.sleep(_BEFORE_SECONDS)
            with recorder.fault(fault.name, fault.target):
                try:
                    await fault.inject(scene)
                except* NotInjectedError as errors:
                    trouble = "; ".join(map(str, errors.exceptions))
                seconds = await recovery(stand)
            await asyncio.sleep(_AFTER_SECONDS)
        with suppress(KafkaError, OSError):
            await read_until(lambda: lag(kafka), lambda records: records == 0, within=_AT_REST)
    attempts = Path(stand.service("agent").environment[LEDGER])
    await dump(stand.addresses, folder, Scope.of(read_history(folder)), attempts=attempts)
    report = await asyncio.to_thread(_judge, folder)
    return Result(fault, report, seconds, stand.keeper.restarts - before, time.monotonic() - began, trouble)


def _judge(folder: Path) -> Report:
    report = check(read_history(folder), read_state(folder))
    (folder / "report.txt").write_text(f"{report}\n")
    return report


def _tell(name: str, result: Result, console: Console) -> None:
    mark = "[green]✓[/green]" if result.passed else "[red]✗[/red]"
    console.print(f"{mark} {name}: {result.report.offered} turns, {result.seconds:.0f} s", highlight=False)


def _log_to(file: Path) -> None:
    """What our own clients complain of while servers are away is of interest only afterwards."""
    logging.basicConfig(filename=file, format="%(asctime)s %(name)s %(message)s", force=True)
    structlog.configure(logger_factory=structlog.stdlib.LoggerFactory())


def _keep_logs(folder: Path) -> None:
    for log in [*folder.glob("*.log"), *folder.glob("servers/logs/*.log")]:
        shutil.copy(log, HISTORIES)
