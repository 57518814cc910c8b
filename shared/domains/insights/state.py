"""What the pack remembers of one session."""

from typing import Literal

from shared.domains.base import State
from shared.domains.insights.figures import Days, Dimension, Metric

Kind = Literal["figure", "comparison", "trend", "ranking"]


class Period(State):
    """Some days and what to call them: "October 2026"."""

    days: Days
    name: str


class Question(State):
    """A question about the figures, as far as it is known. Nothing named of something means all of it."""

    kind: Kind = "figure"
    metrics: tuple[Metric, ...] = ()
    markets: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    """The first is what is asked about; others are compared with it."""
    against: tuple[str, ...] = ()
    """Markets or channels asked about before, which those named now are compared with; empty name: all of them."""
    by: Dimension | None = None
    ascending: bool = False
    limit: int | None = None


class InsightsState(State):
    """The question that stands, which a follow-up changes."""

    question: Question | None = None
    topic: str | None = None
    """What the last question was about, in words."""
