"""Between standings and rows: columns for `unnest`, and records back into what they stand for."""

from collections.abc import Iterable, Sequence

import asyncpg
from pydantic import TypeAdapter

from services.profiles.facts import Facts
from services.profiles.scoring import Interaction, Standing, total_of
from shared.events.envelope import freeze
from shared.events.signals import Signal

Columns = list[tuple[object, ...]]

_SIGNALS = TypeAdapter(tuple[Signal, ...])


def standing(record: asyncpg.Record) -> Standing:
    """The standing in a row of `LOCK`."""
    return Standing(Facts.model_validate_json(record["facts"]), record["version"], record["temperature"])


def stored(facts: Facts) -> str:
    """Facts as JSON."""
    return facts.model_dump_json(exclude_defaults=True)


def latest(interactions: Sequence[Interaction]) -> Columns:
    """Columns of `UPDATE`: what the last interaction with each person leaves."""
    last = {(each.event.user_id, each.event.domain): each for each in interactions}
    return _columns(
        (
            each.event.user_id,
            each.event.domain,
            each.standing.version,
            stored(each.standing.facts),
            each.standing.facts.sequence,
            each.standing.facts.last_active,
            *_scores(each),
        )
        for each in last.values()
    )


def observations(interactions: Sequence[Interaction]) -> Columns:
    """Columns of `OBSERVE`."""
    return _columns(
        (
            event.user_id,
            event.event_id,
            event.domain,
            event.session_id,
            event.turn_id,
            event.session_no,
            event.turn_no,
            event.occurred_at,
            _SIGNALS.dump_json(event.signals).decode(),
            freeze(interaction.envelopes),
        )
        for interaction in interactions
        for event in (interaction.event,)
    )


def scores(interactions: Sequence[Interaction]) -> Columns:
    """Columns of `SCORE`, for interactions that were scored."""
    return _columns(
        (
            each.event.user_id,
            each.event.domain,
            each.standing.version,
            each.event.event_id,
            each.event.occurred_at,
            *_scores(each),
        )
        for each in interactions
    )


def _scores(each: Interaction) -> tuple[str | None, float | None, str | None]:
    known = each.scores
    return (None, None, None) if known is None else (known.model_dump_json(), total_of(known), known.temperature)


def _columns(rows: Iterable[tuple[object, ...]]) -> Columns:
    return list(zip(*rows, strict=True))
