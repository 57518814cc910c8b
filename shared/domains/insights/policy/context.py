"""What the answers of this pack work with."""

from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from shared.domains.base import Decision, Turn
from shared.domains.insights.figures import Coverage, Grouping, Slice, Totals
from shared.domains.insights.state import InsightsState, Question
from shared.events.replies import DataPart

InsightsDecision = Decision[InsightsState]


class Tools(Protocol):
    """The reads that the policy asks for."""

    async def totals(self, part: Slice) -> Totals: ...
    async def grouped(self, part: Slice, grouping: Grouping) -> tuple[Totals, ...]: ...
    async def coverage(self) -> Coverage: ...


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a turn, and what can be read to answer it."""

    turn: Turn[InsightsState]
    question: Question
    coverage: Coverage
    tools: Tools

    def part(self, *, markets: tuple[str, ...] | None = None, channels: tuple[str, ...] | None = None) -> Slice:
        """The part that is asked about, with other markets or channels if given."""
        asked = self.question
        return Slice(
            days=asked.periods[0].days,
            markets=asked.markets if markets is None else markets,
            channels=asked.channels if channels is None else channels,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: words, and the figures in them as a table."""

    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[JsonValue, ...], ...]

    def table(self) -> DataPart:
        """The figures as data."""
        return DataPart(kind="table", value={"columns": list(self.columns), "rows": [list(row) for row in self.rows]})
