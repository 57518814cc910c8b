"""What came of the faults, as a table for a person, and as a page that is kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.faults.checker import Verdict
from tests.faults.rig.campaign import TURN_DEADLINE_SECONDS, Campaign, Result
from tests.faults.rig.workload import PEOPLE

BAD: Final = (Verdict.LOST, Verdict.DUPLICATED, Verdict.REORDERED, Verdict.STUCK, Verdict.UNVERIFIED)
HEADINGS: Final = ("fault", "of", "turns offered", "refused", *map(str, BAD), "recovery, s", "restarts")
_FINDINGS_SHOWN: Final = 10


def show(results: Sequence[Result], console: Console) -> None:
    """Print the table, and below it what went wrong."""
    table = Table()
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in {"fault", "of"} else "right")
    for result in results:
        table.add_row(*_row(result), style=None if result.passed else "red")
    table.add_section()
    table.add_row(*_total(results))
    console.print(table)
    for result in results:
        name = f"{result.fault.name} ({result.fault.target})"
        for problem in [*filter(None, [result.trouble]), *result.report.findings[:_FINDINGS_SHOWN]]:
            console.print(f"{name}: {problem}", markup=False, highlight=False)


def publish(campaign: Campaign, page: Path, section: str, settings: str) -> None:
    """Replace a section of a page, which stands between two marks."""
    begin, end = f"<!-- {section}: written by its run -->\n", f"<!-- end of {section} -->"
    before, _, rest = page.read_text().partition(begin)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n{_facts(campaign, settings)}\n\n{_lines(campaign.results)}\n\n{end}{after}")


def _facts(campaign: Campaign, settings: str) -> str:
    facts = campaign.circumstances
    servers, libraries = (
        ", ".join(f"{name} {version}" for name, version in versions.items())
        for versions in (facts.servers, facts.libraries)
    )
    return "\n".join(
        (
            f"{facts.at:%Y-%m-%d %H:%M} UTC, commit {facts.commit}, {campaign.seconds / 60:.0f} minutes.",
            f"{facts.cores} cores of {facts.processor}, {facts.memory_gib} GiB, {facts.system}. Servers: {servers}.",
            f"Libraries: {libraries}.",
            f"Seed {campaign.seed}; {PEOPLE} clients; turns end within {TURN_DEADLINE_SECONDS:g} s, "
            f"faults and recovery not counted; {settings}.",
        )
    )


def _lines(results: Sequence[Result]) -> str:
    rule = ["---" if heading in {"fault", "of"} else "--:" for heading in HEADINGS]
    rows = [HEADINGS, rule, *map(_row, results), _total(results)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(result: Result) -> list[str]:
    recovery = "never" if result.recovery_seconds is None else f"{result.recovery_seconds:.1f}"
    return [
        result.fault.name,
        result.fault.target,
        *_counts([result]),
        recovery if result.trouble is None else "not injected",
        str(result.restarts.total()),
    ]


def _total(results: Sequence[Result]) -> list[str]:
    restarts = sum(result.restarts.total() for result in results)
    return ["all", "", *_counts(results), "", str(restarts)]


def _counts(results: Sequence[Result]) -> list[str]:
    offered = sum(result.report.offered for result in results)
    refused = sum(result.report.refused for result in results)
    bad = [sum(result.report.turns[verdict] for result in results) for verdict in BAD]
    return [f"{count:,}" for count in (offered, refused, *bad)]
