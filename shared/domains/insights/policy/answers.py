"""The four kinds of answers: a figure, a comparison, a trend, a ranking."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domains.insights.figures import RATES, Grouping, Metric, Slice, Totals
from shared.domains.insights.policy.context import Ask, Found
from shared.domains.insights.state import Kind
from shared.domains.insights.words import NAMES, capitalised, key_name, listed, place, rounded, said

_MOST_COMPARED: Final = 4


async def figure(ask: Ask) -> Found:
    """The metrics of one part."""
    asked, totals = ask.question, await ask.tools.totals(ask.part())
    where, when = place(asked.markets, asked.channels), asked.periods[0].name
    values = {metric: totals.value(metric) for metric in asked.metrics}
    rows = tuple((when, where, NAMES[metric], rounded(metric, value)) for metric, value in values.items())
    if len(values) == 1:
        metric, value = next(iter(values.items()))
        verb = "was" if metric in RATES else "were"
        text = f"The {NAMES[metric]} in {when} {verb} {said(metric, value)} for {where}{_basis(metric, totals)}."
    else:
        each = listed(f"{NAMES[metric]} {said(metric, value)}" for metric, value in values.items())
        text = f"In {when}, for {where}: {each}."
    return Found(text, ("period", "part", "metric", "value"), rows)


def _basis(metric: Metric, totals: Totals) -> str:
    if metric not in RATES:
        return ""
    part, whole = RATES[metric]
    return f" ({totals.value(part):,} {part} of {totals.value(whole):,} {whole})"


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a comparison."""

    name: str
    part: Slice


async def comparison(ask: Ask) -> Found:
    """Several parts side by side; the first against each of the others."""
    sides = _sides(ask)
    totals = [await ask.tools.totals(side.part) for side in sides]
    rows, sentences = [], []
    for metric in ask.question.metrics:
        values = [each.value(metric) for each in totals]
        rows.append((NAMES[metric], *(rounded(metric, value) for value in values)))
        figures = listed(f"{side.name} {said(metric, value)}" for side, value in zip(sides, values, strict=True))
        when = "" if len(ask.question.periods) > 1 else f" in {ask.question.periods[0].name}"
        sentences.append(f"{capitalised(NAMES[metric])}{when}: {figures}.")
        if len(sides) == 2:
            sentences.append(_difference(metric, [side.name for side in sides], values))
    return Found(" ".join(filter(None, sentences)), ("metric", *(side.name for side in sides)), tuple(rows))


def _sides(ask: Ask) -> list[_Side]:
    asked = ask.question
    if len(asked.periods) > 1:
        where = place(asked.markets, asked.channels) if asked.markets or asked.channels else ""
        return [
            _Side(f"{each.name}{f' ({where})' if where else ''}", ask.part().model_copy(update={"days": each.days}))
            for each in asked.periods[:_MOST_COMPARED]
        ]
    by_channel = len(asked.channels) > 1 or (asked.against and not _are_markets(ask))
    named = asked.channels if by_channel else asked.markets
    before = tuple(each for each in asked.against if each not in named)
    sides = [*named, *before][:_MOST_COMPARED] or [""]
    if by_channel:
        return [
            _Side(
                place(asked.markets, (each,) if each else ()) if each or asked.markets else "all channels",
                ask.part(channels=(each,) if each else ()),
            )
            for each in sides
        ]
    return [
        _Side(place((each,) if each else (), asked.channels), ask.part(markets=(each,) if each else ()))
        for each in sides
    ]


def _are_markets(ask: Ask) -> bool:
    return bool(ask.question.markets) and not set(ask.question.against) & set(ask.coverage.channels)


def _difference(metric: Metric, names: list[str], values: list[float | int | None]) -> str:
    first, second = values
    if first is None or second is None:
        return ""
    if said(metric, first) == said(metric, second):
        return f"Both are the same: {names[0]} and {names[1]}."
    direction = "above" if first > second else "below"
    gap = f"{abs(round(first, 1) - round(second, 1)):.1f} points" if metric in RATES else f"{abs(first - second):,.0f}"
    share = f" ({abs(first - second) / second:.0%})" if second else ""
    return f"{capitalised(names[0])} is {gap}{share} {direction} {names[1]}."


async def trend(ask: Ask) -> Found:
    """A metric over time."""
    asked, by = ask.question, ask.question.by or "month"
    rows = await ask.tools.grouped(ask.part(), Grouping(by))
    sentences = []
    for metric in asked.metrics:
        points = listed(f"{key_name(by, row.key)} {said(metric, row.value(metric))}" for row in rows)
        sentences.append(f"{capitalised(NAMES[metric])} by {by} for {place(asked.markets, asked.channels)}: {points}.")
        sentences.append(_course(metric, rows))
    table = tuple((key_name(by, row.key), *(rounded(m, row.value(m)) for m in asked.metrics)) for row in rows)
    return Found(" ".join(filter(None, sentences)), (by, *(NAMES[metric] for metric in asked.metrics)), table)


def _course(metric: Metric, rows: tuple[Totals, ...]) -> str:
    first, last = rows[0].value(metric), rows[-1].value(metric)
    if len(rows) < 2 or first is None or last is None:
        return ""
    if said(metric, first) == said(metric, last):
        return f"It ended where it began, at {said(metric, last)}."
    return f"It {'rose' if last > first else 'fell'} from {said(metric, first)} to {said(metric, last)}."


async def ranking(ask: Ask) -> Found:
    """The values of a dimension by a metric."""
    asked, by, metric = ask.question, ask.question.by or "market", ask.question.metrics[0]
    grouping = Grouping(by, order=metric, ascending=asked.ascending, limit=asked.limit)
    rows = await ask.tools.grouped(ask.part(), grouping)
    order = "lowest first" if asked.ascending else "highest first"
    where = f" for {place(asked.markets, asked.channels)}" if asked.markets or asked.channels else ""
    places = listed(
        f"{number}. {key_name(by, row.key)} {said(metric, row.value(metric))}" for number, row in enumerate(rows, 1)
    )
    text = f"{capitalised(NAMES[metric])} by {by} in {asked.periods[0].name}{where}, {order}: {places}."
    table = tuple((key_name(by, row.key), rounded(metric, row.value(metric))) for row in rows)
    return Found(text, (by, NAMES[metric]), table)


ANSWERS: Final[Mapping[Kind, Callable[[Ask], Awaitable[Found]]]] = {
    "figure": figure,
    "comparison": comparison,
    "trend": trend,
    "ranking": ranking,
}
