"""What the cells come to: both rounds of a candidate under one load together, and how candidates compare."""

import math
from collections.abc import Sequence

from pydantic import BaseModel

from tests.load.cell import Candidate, CellResult

FIRST_TOKEN_TARGET = 2.5
THROUGHPUT_TARGET = 1.0


class Row(BaseModel):
    """A candidate under one load. Times in milliseconds, rates a second."""

    candidate: Candidate
    at_once: int
    turns: int
    rate: float
    rates: list[float]
    """Of each round, to show how far they differ."""
    accepted: tuple[float, float] | None
    first_token: tuple[float, float] | None
    whole: tuple[float, float]
    """Median and 99th percentile."""
    cpu_ms: dict[str, float]
    """CPU milliseconds a turn by process, the generator's among them."""
    others_cores: float
    catch_up_seconds: float | None
    events: list[int]
    snapshots: int
    violations: int
    examples: list[str]

    @property
    def own_cpu_ms(self) -> float:
        """CPU milliseconds a turn without the generator's."""
        return sum(spent for name, spent in self.cpu_ms.items() if name != "generator")


class Ratio(BaseModel):
    """How two candidates compare, and what was aimed at."""

    name: str
    value: float
    target: str
    met: bool


def summarise(cells: Sequence[CellResult]) -> list[Row]:
    """One row a candidate and load, in the order of their first cells."""
    groups: dict[tuple[str, int], list[CellResult]] = {}
    for cell in cells:
        groups.setdefault((cell.candidate, cell.at_once), []).append(cell)
    return [_row(group) for group in groups.values()]


def compare(rows: Sequence[Row]) -> list[Ratio]:
    """The ratios the targets speak of, as far as their cells were run."""
    by_cell = {(row.candidate, row.at_once): row for row in rows}
    ratios: list[Ratio] = []
    alone, echo = by_cell.get(("parley", 1)), by_cell.get(("echo", 1))
    if alone and echo and alone.first_token:
        value = alone.first_token[0] / echo.whole[0]
        name = "first token p50 / echo p50, 1 at once"
        ratios.append(Ratio(name=name, value=value, target=f"<= {FIRST_TOKEN_TARGET}", met=value <= FIRST_TOKEN_TARGET))
    for at_once in sorted({row.at_once for row in rows}):
        ours, theirs = by_cell.get(("parley", at_once)), by_cell.get(("monolith", at_once))
        if ours and theirs and theirs.rate:
            ratios.append(_throughput(ours, theirs))
    return ratios


def percentile(values: Sequence[int], share: float) -> float:
    """The value that this share of all does not exceed, by nearest rank."""
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)), 1) - 1]


def _throughput(ours: Row, theirs: Row) -> Ratio:
    value = ours.rate / theirs.rate
    name = f"turns/s / monolith's turns/s, {ours.at_once} at once"
    if ours.at_once < 256:
        return Ratio(name=name, value=value, target="", met=True)
    return Ratio(name=name, value=value, target=f">= {THROUGHPUT_TARGET:g}", met=value >= THROUGHPUT_TARGET)


def _row(cells: Sequence[CellResult]) -> Row:
    measured = [cell.measured for cell in cells]
    turns = sum(each.turns for each in measured)
    ended = sum(len(each.whole) for each in measured)
    names = cells[0].cpu_seconds
    caught_up = [cell.catch_up_seconds for cell in cells if cell.catch_up_seconds is not None]
    return Row(
        candidate=cells[0].candidate,
        at_once=cells[0].at_once,
        turns=turns,
        rate=ended / sum(each.seconds for each in measured),
        rates=[len(each.whole) / each.seconds for each in measured],
        accepted=_times([time for each in measured for time in each.accepted]),
        first_token=_times([time for each in measured for time in each.first_token]),
        whole=_times([time for each in measured for time in each.whole]) or (math.nan, math.nan),
        cpu_ms={name: 1000 * sum(cell.cpu_seconds[name] for cell in cells) / max(turns, 1) for name in names},
        others_cores=sum(cell.others_cores for cell in cells) / len(cells),
        catch_up_seconds=max(caught_up, default=None),
        events=sorted({number for each in measured for number in each.events}),
        snapshots=sum(each.snapshots for each in measured),
        violations=sum(each.violations for each in measured),
        examples=[example for each in measured for example in each.examples],
    )


def _times(microseconds: Sequence[int]) -> tuple[float, float] | None:
    if not microseconds:
        return None
    return percentile(microseconds, 0.5) / 1000, percentile(microseconds, 0.99) / 1000
