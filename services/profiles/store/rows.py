"""Between standings and rows: columns for `unnest`, and records back into what they stand for."""

from collections.abc import Iterable, Mapping, Sequence

import asyncpg
from pydantic import TypeAdapter

from services.profiles.facts import Facts
from services.profiles.scoring import Interaction, Standing, total_of
from shared.domains.person import Scores
from shared.events.envelope import freeze
from shared.events.signals import Signal

Columns = list[tuple[object, ...]]

_SIGNALS = TypeAdapter(tuple[Signal, ...])


def standing(record: asyncpg.Record) -> Standing:
    """The standing in a row of `profiles.profiles`."""
    scores = None if record["scores"] is None else Scores.model_validate_json(record["scores"])
    return Standing(Facts.model_validate_json(record["facts"]), record["version"], scores)


def standings(people: Mapping[tuple[str, str], Standing]) -> Columns:
    """Columns of `UPDATE`."""
    return _columns(
        (
            user_id,
            domain,
            each.version,
            each.facts.model_dump_json(exclude_defaults=True),
            each.facts.sequence,
            each.facts.last_active,
            *_scores(each),
        )
        for (user_id, domain), each in people.items()
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
            *_scores(each.standing),
        )
        for each in interactions
    )


def _scores(each: Standing) -> tuple[str | None, float | None, str | None]:
    known = each.scores
    return (None, None, None) if known is None else (known.model_dump_json(), total_of(known), known.temperature)


def _columns(rows: Iterable[tuple[object, ...]]) -> Columns:
    return list(zip(*rows, strict=True))
