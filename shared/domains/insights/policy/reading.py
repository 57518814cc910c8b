"""What a turn asks of the figures: what it names, over the question that stands when it follows up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pydantic import JsonValue

from shared.domains.base import Turn
from shared.domains.dates import MONTHS, span
from shared.domains.insights.figures import METRICS, Coverage, Days, Dimension, Metric
from shared.domains.insights.markets import MARKET_NAMES
from shared.domains.insights.policy.periods import earlier, last_month, last_months, named_period, year_before
from shared.domains.insights.state import InsightsState, Kind, Period, Question
from shared.events.turns import Text

_FOLLOWS: Final = frozenset({"follow_up", "modification", "correction", "answer"})
_WORST: Final = frozenset({"worst", "lowest", "least", "fewest", "weakest", "bottom"})
_DIMENSIONS: Final[dict[str, Dimension]] = {
    "market": "market",
    "country": "market",
    "countrie": "market",
    "channel": "channel",
    "month": "month",
    "week": "week",
    "monthly": "month",
    "weekly": "week",
}
_SIZES: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_KINDS: Final[dict[str, Kind]] = {"figure": "figure", "compare": "comparison", "trend": "trend", "top": "ranking"}
_CODES: Final = {names[0]: code for code, names in MARKET_NAMES.items()}
_ASKS_WHY: Final = re.compile(
    r"^\W*(?:(?:and|but|so) )?(?:why|how come|what(?:'s| is) the reason)\b|为什么", re.IGNORECASE
)
_WHOLE_YEAR: Final = re.compile(r"\b(?:whole|entire|full) year\b", re.IGNORECASE)
_LARGEST: Final = 20
_USUAL_RANKS: Final = 5
"""Months or weeks: markets and channels are few, and all told."""
_USUAL_TREND: Final = 6
"""Months."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the words of a turn name, in the pack's own terms."""

    metrics: tuple[Metric, ...]
    markets: tuple[str, ...]
    channels: tuple[str, ...]
    periods: tuple[Period, ...]
    by: Dimension | None
    rank: str | None
    size: int | None
    before: str | None
    contrasts: bool
    course: bool
    that: bool
    """Whether it contrasts what was asked before with something."""
    why: bool
    """Whether it asks for a reason, which no figure gives: the course comes closest."""

    @property
    def anything(self) -> bool:
        """Whether it says something about figures by itself."""
        return bool(self.metrics) or self.more_than_metrics

    @property
    def more_than_metrics(self) -> bool:
        """Whether it says which part of the figures, or how to put them."""
        return bool(self.markets or self.channels or self.periods or self.by or self.rank)


def named(turn: Turn[InsightsState]) -> Named:
    """What the words name."""
    found: dict[str, list[JsonValue]] = {}
    for entity in turn.understood.entities:
        found.setdefault(entity.kind, []).append(entity.value)
    texts = {kind: [str(value).lower() for value in values] for kind, values in found.items()}
    rhythm = [word for kind in ("dimension", "ranked", "dimensions", "rhythm") for word in texts.get(kind, ())]
    rhythm += ["market" for _ in texts.get("best_place", ())]
    return Named(
        metrics=tuple(metric for metric in METRICS if metric in found.get("metric", ())),
        markets=_markets(turn),
        channels=_distinct(map(str, found.get("channel", ()))),
        periods=_periods([*found.get("period", ()), *found.get("date", ()), *_whole_year(turn)], turn.now.date()),
        by=next((_DIMENSIONS[word] for word in rhythm if word in _DIMENSIONS), None),
        rank=next(iter(texts.get("rank", ())), None),
        size=_size(found.get("rank_size", ())),
        before=next(iter(texts.get("before", ())), None),
        contrasts="contrast" in found,
        course="course" in found,
        that="that" in found,
        why=isinstance(turn.input, Text) and _ASKS_WHY.search(turn.input.text) is not None,
    )


def asked(turn: Turn[InsightsState], words: Named, coverage: Coverage) -> Question:
    """The question of this turn."""
    stands = turn.state.question if leans(turn, words) else None
    base = stands or Question()
    kind = _kind(turn, words, base)
    by = _by(kind, words, base)
    if kind == "comparison" and (words.markets or words.channels):
        # Other things are set side by side now, so the periods that were are no longer.
        base = base.model_copy(update={"periods": base.periods[:1]})
    question = Question(
        kind=kind,
        metrics=words.metrics or base.metrics,
        markets=words.markets or (() if by == "market" else base.markets),
        channels=words.channels or (() if by == "channel" else base.channels),
        periods=words.periods or _standing(kind, base) or (_usual(kind, by, turn.now.date(), coverage),),
        by=by,
        ascending=words.rank in _WORST,
        limit=words.size or (_USUAL_RANKS if by in {"month", "week"} else None),
    )
    return _compared(question, words, base, standing=stands is not None) if kind == "comparison" else question


def leans(turn: Turn[InsightsState], words: Named) -> bool:
    """Whether the turn leans on the question that stands: by its form, or because it names no metric of its own."""
    if turn.state.question is None:
        return False
    if turn.understood.relation == "answer" and words.metrics:
        return not words.more_than_metrics
    return turn.understood.relation in _FOLLOWS or not words.metrics


def _kind(turn: Turn[InsightsState], words: Named, base: Question) -> Kind:
    """What the words show plainly comes before what they sound like."""
    if words.why:
        return "trend"
    if words.rank and (words.by in {"market", "channel", "month", "week"} or words.size):
        return "ranking"
    if words.contrasts or words.before or max(len(words.markets), len(words.channels), len(words.periods)) > 1:
        return "comparison"
    if words.course or words.by in {"month", "week"}:
        return "trend"
    if words.by is not None:
        return "ranking"
    if turn.understood.relation == "answer" and leans(turn, words):
        return base.kind
    if turn.state.question is not None and (turn.understood.relation in _FOLLOWS or turn.understood.intent is None):
        return base.kind if base.kind != "comparison" else "figure"
    kind = _KINDS.get(turn.understood.intent or "", "figure")
    return "figure" if kind == "comparison" else kind


def _by(kind: Kind, words: Named, base: Question) -> Dimension | None:
    if kind == "trend":
        return words.by if words.by in {"month", "week"} else "month"
    if kind == "ranking":
        return words.by or base.by or "market"
    return None


def _compared(question: Question, words: Named, base: Question, *, standing: bool) -> Question:
    """What is compared: several things that were named, or one with what was asked about before it."""
    if not words.anything and not words.before and base.kind == "comparison":
        return question.model_copy(update={"against": base.against})
    if words.before:
        return question.model_copy(
            update={"periods": (question.periods[0], earlier(question.periods[0], words.before))}
        )
    several = max(len(words.markets), len(words.channels)) > 1
    if len(words.periods) == 1 and standing and base.periods and not several:
        return question.model_copy(update={"periods": (base.periods[0], _other(base.periods[0], words.periods[0]))})
    if words.markets and base.markets != words.markets and (len(words.markets) == 1 or words.that):
        return question.model_copy(update={"against": base.markets or ("",)})
    if words.channels and base.channels != words.channels and (len(words.channels) == 1 or words.that):
        return question.model_copy(update={"against": base.channels or ("",)})
    if not words.anything and len(question.periods) == 1:
        return question.model_copy(update={"periods": (question.periods[0], earlier(question.periods[0], "previous"))})
    return question


def _other(asked: Period, named: Period) -> Period:
    """The period meant by one that is set against `asked`: the same months of a year, and never `asked` itself."""
    same = year_before(asked)
    if named.days.first <= same.days.first and same.days.last <= named.days.last and named.name.isdecimal():
        return same
    return earlier(asked, "previous") if named == asked else named


def _standing(kind: Kind, base: Question) -> tuple[Period, ...]:
    """The periods asked about before; a single month has no trend."""
    short = bool(base.periods) and base.periods[0].days.first.month == base.periods[0].days.last.month
    return () if kind == "trend" and short else base.periods


def _usual(kind: Kind, by: Dimension | None, today: date, coverage: Coverage) -> Period:
    """The days that are meant when none are named.

    The last month there are figures of; half a year of them for a trend; all of them where months or weeks are ranked.
    """
    if kind == "ranking" and by in {"month", "week"} and coverage.days is not None:
        return Period(days=coverage.days, name=f"{coverage.days.first:%B %Y} to {coverage.days.last:%B %Y}")
    month = last_month(today)
    if coverage.days is not None and coverage.days.last < month.days.first:
        month = last_month((coverage.days.last.replace(day=1) + timedelta(days=32)).replace(day=1))
    return month if kind != "trend" else last_months(month.days.last + timedelta(days=1), _USUAL_TREND)


def _markets(turn: Turn[InsightsState]) -> tuple[str, ...]:
    codes = (
        _CODES.get(str(entity.value), str(entity.value)) if entity.kind == "market" else str(entity.value).upper()
        for entity in turn.understood.entities
        if entity.kind in {"market", "market_code", "market_word"}
    )
    return _distinct(codes)


def _whole_year(turn: Turn[InsightsState]) -> tuple[JsonValue, ...]:
    """This year, where all of a year is asked for and none is named."""
    named_one = any(entity.kind in {"period", "date"} for entity in turn.understood.entities)
    whole = isinstance(turn.input, Text) and _WHOLE_YEAR.search(turn.input.text) is not None
    return ({"period": "year", "offset": 0},) if whole and not named_one else ()


def _periods(values: Iterable[JsonValue], today: date) -> tuple[Period, ...]:
    periods: list[Period] = []
    for value in values:
        trailing = _trailing_months(value)
        if trailing:
            periods.append(last_months(today, trailing))
            continue
        first, last = span(value, today)
        if first > today and isinstance(value, dict) and "year" not in value and {"month", "quarter"} & set(value):
            first, last = span({**value, "which": "last"}, today)
        period = named_period(Days(first=first, last=last))
        if period not in periods:
            periods.append(period)
    return tuple(periods)


def _trailing_months(value: JsonValue) -> int:
    """How many whole months "the last six months" or "the last two quarters" are; 0 for anything else."""
    counted = value.get("last") if isinstance(value, dict) else None
    if not isinstance(counted, dict):
        return 0
    return sum(int(str(count)) * MONTHS.get(unit.removesuffix("s"), 0) for unit, count in counted.items())


def _size(values: Iterable[JsonValue]) -> int | None:
    for value in values:
        size = _SIZES.get(str(value).lower(), value)
        if isinstance(size, int | float):
            return max(1, min(int(size), _LARGEST))
    return None


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
