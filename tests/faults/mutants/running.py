"""Runs scenarios on one stack: each unmutated first, then with the mutants it brings to light."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.checker import Report, Verdict
from tests.faults.mutants.scenarios import EXPECTED, Scenario
from tests.faults.mutants.scene import ATTEMPTS, UNMUTATED, judged, scene
from tests.support.scripted import LEDGER
from tests.support.servers import prepared_servers
from tests.support.stack import Stack, started_stack

_DOMAINS = '["tests.support.scripted:DOMAIN"]'


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario that was played, with a mutant or without."""

    mutant: str
    scenario: str
    folder: Path
    report: Report

    @property
    def right(self) -> bool:
        """Whether the checker said what it has to: nothing without a mutant, and of a mutant what it broke."""
        if self.mutant == UNMUTATED:
            return self.report.verdict is Verdict.OK
        expected = EXPECTED[self.mutant]
        found = {(finding.verdict, finding.invariant) for finding in self.report.findings}
        return (expected.verdict, expected.invariant) in found

    def __str__(self) -> str:
        said = "as expected" if self.right else f"NOT as expected, see {self.folder}"
        return f"{self.scenario}, {self.mutant}: {self.report.verdict}, {said}\n{self.report}"


@contextmanager
def stack_for_mutants(folder: Path) -> Iterator[Stack]:
    """Servers and services, none of them a mutant yet. Call it from the main thread."""
    with (
        prepared_servers(folder / "servers") as servers,
        started_stack(servers, folder, domains=_DOMAINS, agents=2, more={LEDGER: str(folder / ATTEMPTS)}) as stack,
    ):
        for service in stack.services.values():
            service.ready()
        stack.services["agent-2"].end()
        yield stack


async def play(scenario: Scenario, mutant: str, stack: Stack, folder: Path) -> Outcome:
    """Play a scenario and judge it; afterwards no service is a mutant."""
    place = folder / f"{scenario.__name__}-{mutant}"
    async with scene(stack, place, mutant) as playing:
        await scenario(playing)
        await playing.settled()
    return Outcome(mutant, scenario.__name__, place, judged(place))
