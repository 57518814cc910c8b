"""What became of all turns of one part of the proof."""

from dataclasses import dataclass, field

from tests.faults.streams.received import Received


@dataclass(slots=True)
class Tally:
    """Counts; `wrong` has a sentence for every promise that was not kept."""

    disconnects: int = 0
    turns: int = 0
    exact: int = 0
    reset: int = 0
    snapshot: int = 0
    interrupted: int = 0
    """How often the server hung up."""
    refused: int = 0
    """How often it asked to come again later."""
    unknown: int = 0
    """How often a turn that was accepted was not found for a moment."""
    wrong: list[str] = field(default_factory=list)
    resumed_seconds: list[float] = field(default_factory=list)
    """From connecting anew to the first bytes of the stream."""

    def add(self, received: Received, turn: str) -> None:
        """One more turn."""
        self.turns += 1
        self.reset += received.resets > 0
        self.snapshot += received.snapshots > 0
        self.exact += not received.resets and not received.snapshots and not received.broken
        self.wrong += [f"{turn}: {broken}" for broken in received.broken]

    def resumed_within(self, share: float) -> float:
        """Seconds within which this share of the resumed streams went on."""
        ordered = sorted(self.resumed_seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
