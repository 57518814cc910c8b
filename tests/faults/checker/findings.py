"""What a checker says."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a turn. Worse ones come first: a turn counts as the worst that was found."""

    LOST = "lost"
    """Acknowledged or derived, then gone, with nothing left that would bring it."""
    DUPLICATED = "duplicated"
    """There twice, in two versions, mixed from two attempts, or without anybody having asked."""
    REORDERED = "reordered"
    """Before something that had to come first."""
    STUCK = "stuck"
    """Not done though it had its time, and still there to be done."""
    UNVERIFIED = "unverified"
    """The evidence does not say."""
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken promise. `invariant` is its number in docs/reliability.md."""

    verdict: Verdict
    invariant: str
    why: str
    turn: str | None = None
    session: str | None = None

    def __str__(self) -> str:
        where = " ".join(f"{kind} {value}" for kind, value in (("turn", self.turn), ("session", self.session)) if value)
        return (
            f"{self.verdict} {self.invariant} {where}: {self.why}"
            if where
            else f"{self.verdict} {self.invariant}: {self.why}"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of a run, and how many of its turns each verdict applies to."""

    findings: tuple[Finding, ...]
    offered: int
    """Turns that clients asked for."""
    refused: int
    """Turns of these that were never accepted."""
    turns: Counter[Verdict]
    """Verdicts of the accepted ones."""

    @property
    def verdict(self) -> Verdict:
        """The worst that was found."""
        return worst(finding.verdict for finding in self.findings)

    def __str__(self) -> str:
        counts = ", ".join(f"{self.turns[verdict]} {verdict}" for verdict in (Verdict.OK, *_FOUND))
        summary = f"{self.offered} turns offered, {self.refused} refused; of the accepted {counts}"
        return "\n".join([*map(str, self.findings), summary])


_FOUND = tuple(verdict for verdict in Verdict if verdict is not Verdict.OK)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that decides; ok when there is none."""
    order = list(Verdict)
    return min(verdicts, key=order.index, default=Verdict.OK)
