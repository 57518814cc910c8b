"""Between standings and rows: columns for `unnest`, and records back into what they stand for."""

from collections.abc import Sequence

import asyncpg
from pydantic import TypeAdapter

from services.profiles.facts import Facts
from services.profiles.scoring import Interaction, Standing, total_of
from shared.events.envelope import freeze
from shared.events.signals import Signal

Columns = list[tuple[object, ...]]

_SIGNALS = TypeAdapter(tuple[Signal, ...])
_NOTHING = (None, None, None)


def standing(record: asyncpg.Record) -> Standing:
    """The standing in a row of `LOCK`."""
    return Standing(Facts.model_validate_json(record["facts"]), record["version"], record["temperature"])


def stored(facts: Facts) -> str:
    """Facts as JSON."""
    return facts.model_dump_json(exclude_defaults=True)


def interactions(saved: Sequence[Interaction]) -> Columns:
    """Columns of `SAVE`; only the last interaction with each person brings facts."""
    last = {(each.event.user_id, each.event.domain): each.standing for each in saved}
    rows = (
        (*_told(each), *(_left(each) if last[each.event.user_id, each.event.domain] is each.standing else _NOTHING))
        for each in saved
    )
    return list(zip(*rows, strict=True))


def _told(interaction: Interaction) -> tuple[object, ...]:
    event, known = interaction.event, interaction.scores
    return (
        event.user_id,
        event.domain,
        event.event_id,
        interaction.standing.version,
        event.session_id,
        event.turn_id,
        event.session_no,
        event.turn_no,
        event.occurred_at,
        _SIGNALS.dump_json(event.signals).decode(),
        freeze(interaction.envelopes),
        *((None, None, None) if known is None else (known.model_dump_json(), total_of(known), known.temperature)),
    )


def _left(interaction: Interaction) -> tuple[object, ...]:
    facts = interaction.standing.facts
    return stored(facts), facts.sequence, facts.last_active
