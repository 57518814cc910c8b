"""What load under watch came to: latencies, and beside them what got none."""

from pydantic import BaseModel

from tests.load.openloop.histogram import Histogram
from tests.load.probe import MOST_VIOLATIONS, Measured, microseconds
from tests.load.turn import WatchedTurn

SHED = frozenset({429, 503})
"""Refused for want of room, with a time to try again: neither an answer nor an error."""


class Outcomes(BaseModel):
    """Turns that were asked for, and how each ended: `asked` = answered + `shed` + `errors`."""

    seconds: float
    asked: int = 0
    shed: int = 0
    errors: int = 0
    examples: list[str] = []
    accepted: Histogram = Histogram()
    first_token: Histogram = Histogram()
    whole: Histogram = Histogram()

    @property
    def answered(self) -> int:
        """Turns with a whole reply that kept every promise."""
        return self.whole.count

    @property
    def rate(self) -> float:
        """Answered turns a second."""
        return self.answered / self.seconds

    def record(self, turn: WatchedTurn) -> None:
        """Counts a turn; latencies count from `turn.began`."""
        self.asked += 1
        if turn.status in SHED:
            self.shed += 1
        elif turn.violations:
            self._fail(turn.violations)
        elif turn.accepted is not None and turn.first_token is not None and turn.ended is not None:
            self.accepted.record(microseconds(turn.accepted - turn.began))
            self.first_token.record(microseconds(turn.first_token - turn.began))
            self.whole.record(microseconds(turn.ended - turn.began))

    def fail(self, reason: str) -> None:
        """Counts a turn that broke off."""
        self.asked += 1
        self._fail([reason])

    def _fail(self, reasons: list[str]) -> None:
        self.errors += 1
        self.examples += reasons[: MOST_VIOLATIONS - len(self.examples)]


class OpenLoop(BaseModel):
    """A run at a given rate."""

    wanted_rate: float
    outcomes: Outcomes
    turns: int = 0
    """All that were answered, also in the warm-up."""
    warm_up_errors: int = 0
    failed_openings: int = 0
    """Sessions that could not be opened for users who were to come."""
    lateness: Histogram = Histogram()
    """How much later than intended the generator itself came to send a turn."""
    opened_late: int = 0
    """Turns for which a user had to connect first, since all were waiting for answers."""
    most_at_once: int = 0


def outcomes_of(measured: Measured) -> Outcomes:
    """Of users who each wait for their answer."""
    return Outcomes(
        seconds=measured.seconds,
        asked=len(measured.whole) + measured.violations,
        errors=measured.violations,
        examples=measured.examples,
        accepted=Histogram.of(measured.accepted),
        first_token=Histogram.of(measured.first_token),
        whole=Histogram.of(measured.whole),
    )
