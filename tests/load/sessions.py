"""What a turn costs with few and with many stored sessions: `python -m tests.load.sessions --sessions 1000,100000`."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from pydantic import BaseModel
from rich.console import Console
from rich.status import Status

from deploy.local.errors import StackError
from deploy.local.settings import REPOSITORY
from tests.load.cell import GENERATOR
from tests.load.lag import await_consumers
from tests.load.load import failures
from tests.load.loadreport import cost, speed, trouble, verdict
from tests.load.machine import Circumstances, circumstances
from tests.load.phases import Phase, Target, closed, closed_loop
from tests.load.probe import Order, StoredSession
from tests.load.report import show_circumstances
from tests.load.stand import Stand, temporary_stand
from tests.load.stored import StoredSessions, hold_conversation, spread

VISITED = 1000
"""Sessions that are talked to, by chance among those stored: as many whatever the store holds, so that caches are not
what is compared."""
VISITS = 2
"""Of each before anything counts."""
WARM_UP_SECONDS = 8.0
LEAST_TOLERANCE = 0.05
_UPKEEP_LATER = {"PARLEY_SCRUB_AFTER": "P1000D", "PARLEY_RETAIN_MESSAGES": "P1000D", "PARLEY_RETAIN_SIGNALS": "P1000D"}
"""What is stored here is weeks old all at once: scrubbing it would be measured instead of turns."""


class Stored(BaseModel):
    """All rounds with so many sessions stored."""

    sessions: int
    seeding_seconds: float
    phases: list[Phase]
    pages: list[float]
    """Pages of tables and indexes that Postgres looked at for a turn, in each round."""

    @property
    def totals(self) -> list[float]:
        """CPU milliseconds a turn of each round, without the generator's."""
        return [sum(spent for name, spent in phase.cpu_ms.items() if name != GENERATOR) for phase in self.phases]

    def mean(self, name: str) -> float:
        """CPU milliseconds a turn of one process."""
        return sum(phase.cpu_ms[name] for phase in self.phases) / len(self.phases)


class SessionResults(BaseModel):
    """One run."""

    circumstances: Circumstances
    stored: list[Stored]

    @property
    def ratio(self) -> float:
        """What a turn costs with the most sessions over what it costs with the fewest."""
        fewest, most = self.stored[0].totals, self.stored[-1].totals
        return sum(most) / len(most) / (sum(fewest) / len(fewest))

    @property
    def tolerance(self) -> float:
        """The noise: how far rounds with the same number of sessions are apart."""
        return max(LEAST_TOLERANCE, *(spread(each.totals) for each in self.stored))

    @property
    def is_flat(self) -> bool:
        """Whether more sessions cost no more than noise."""
        return self.ratio <= 1 + self.tolerance


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run."""

    sessions: Sequence[int]
    users: int
    seconds: float
    rounds: int
    seed: int


def main(
    *,
    sessions: Annotated[str, typer.Option(help="How many are stored, comma separated, rising.")] = "1000,100000",
    users: Annotated[int, typer.Option(min=1, help="Users at once, a closed loop.")] = 64,
    seconds: Annotated[float, typer.Option(min=1, help="How long each round is measured.")] = 15.0,
    rounds: Annotated[int, typer.Option(min=2, help="Rounds with each number: their distance is the noise.")] = 3,
    seed: Annotated[int, typer.Option(help="Of who is talked to.")] = 1,
    output: Annotated[Path, typer.Option(help="Where it goes, as JSON.")] = REPOSITORY / "build" / "sessions.json",
) -> None:
    """Fails when a turn costs more with the most sessions than with the fewest, beyond the noise, or errs."""
    console = Console(width=None if sys.stdout.isatty() else 150)
    plan = Plan(sorted(int(number) for number in sessions.split(",")), users, seconds, rounds, seed)
    try:
        with temporary_stand("sessions", console, _UPKEEP_LATER) as everything, console.status("warming up") as status:
            results = _run(everything, plan, status)
    except StackError as failure:
        console.print(f"[red]✗[/red] {failure}")
        raise typer.Exit(1) from failure
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(results.model_dump_json())
    _show(results, console)
    console.print(f"Everything, histograms included: {output}")
    erred = any(failures(phase) for each in results.stored for phase in each.phases)
    raise typer.Exit(1 if erred or not results.is_flat else 0)


def _run(everything: Stand, plan: Plan, status: Status) -> SessionResults:
    target = Target.of(everything)
    closed(target, plan.users, WARM_UP_SECONDS, WARM_UP_SECONDS)
    original = asyncio.run(hold_conversation(target.address))
    await_consumers(everything.urls.kafka)
    found = asyncio.run(circumstances(everything.urls))
    stored = [_with_stored(everything, target, (original, count), plan, status) for count in plan.sessions]
    return SessionResults(circumstances=found, stored=stored)


def _with_stored(
    everything: Stand, target: Target, wanted: tuple[StoredSession, int], plan: Plan, status: Status
) -> Stored:
    """Rounds with so many copies of a conversation stored, after some that are not counted."""
    original, count = wanted

    async def store() -> list[StoredSession]:
        async with copies(everything, original) as stored:
            await stored.grow_to(count)
            return await stored.some(VISITED, plan.seed)

    async def pages() -> int:
        async with copies(everything, original) as stored:
            return await stored.pages()

    status.update(f"storing {count:,} sessions")
    began = time.monotonic()
    visited = asyncio.run(store())
    took = time.monotonic() - began
    status.update(f"{plan.rounds} rounds with {count:,} sessions")
    order = Order(target=target.address, at_once=plan.users, warm_up=0, seconds=plan.seconds, stored=visited)
    _visit_all(target, order)
    phases, seen = list[Phase](), [asyncio.run(pages())]
    for _ in range(plan.rounds):
        phases.append(closed_loop(target, order).model_copy(update={"name": f"{count:,} sessions"}))
        seen.append(asyncio.run(pages()))
    a_turn = [(after - before) / phase.turns for phase, (before, after) in zip(phases, pairwise(seen), strict=True)]
    return Stored(sessions=count, seeding_seconds=took, phases=phases, pages=a_turn)


def _visit_all(target: Target, order: Order) -> None:
    """Talks in every session: the first turn in one that a gateway does not know costs a question to the agent."""
    turns = 0
    while turns < VISITS * len(order.stored):
        turns += closed_loop(target, order).turns


@asynccontextmanager
async def copies(everything: Stand, original: StoredSession) -> AsyncIterator[StoredSessions]:
    """The copies in this stand's database."""
    postgres = await asyncpg.connect(everything.urls.postgres)
    try:
        yield await StoredSessions.of(postgres, original)
    finally:
        await postgres.close()


def _show(results: SessionResults, console: Console) -> None:
    phases = [phase for each in results.stored for phase in each.phases]
    show_circumstances(results.circumstances, {}, console)
    console.print(speed(phases))
    console.print(cost(phases))
    trouble(phases, console)
    fewest, most = results.stored[0], results.stored[-1]
    for name in fewest.phases[0].cpu_ms:
        few, many = fewest.mean(name), most.mean(name)
        console.print(f"  {name}: {few:.2f} ms, then {many:.2f} ms a turn: {many / few:.2f}")
    for each in results.stored:
        pages = ", ".join(f"{number:.1f}" for number in each.pages)
        console.print(f"  {each.sessions:,} sessions: Postgres looked at {pages} pages a turn")
    console.print(f"  storing took {', '.join(f'{each.seeding_seconds:.0f} s' for each in results.stored)}")
    said = f"a turn with {most.sessions:,} sessions costs {results.ratio:.2f} of one with {fewest.sessions:,}"
    console.print(verdict(f"{said} (noise {results.tolerance:.2f})", met=results.is_flat))


if __name__ == "__main__":
    typer.run(main)
