"""Between standings and rows: columns for `unnest`, and records back into what they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import orjson
from pydantic import TypeAdapter

from services.profiles.facts import Facts
from services.profiles.portrait import profile_of
from services.profiles.scoring import Interaction, Standing, total_of
from shared.domains.person import Profile, Scores
from shared.events.envelope import freeze
from shared.events.ids import TenantId
from shared.events.signals import Signal, SignalsObserved

Columns = list[tuple[object, ...]]

_SIGNALS = TypeAdapter(tuple[Signal, ...])
_NOTHING = (None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A person in one domain, as known now. `progressed_at`: when their stage last rose."""

    profile: Profile
    scores: Scores | None
    version: int
    progressed_at: datetime | None


def portrait(record: asyncpg.Record) -> Portrait:
    """The person in a row of `PROFILE` or its kin."""
    facts = Facts.model_validate_json(record["facts"])
    scores = None if record["scores"] is None else Scores.model_validate_json(record["scores"])
    profile = profile_of(record["user_id"], record["domain"], facts)
    return Portrait(profile, scores, record["version"], record["progressed_at"])


def standing(record: asyncpg.Record) -> Standing:
    """The standing in a row of `LOCK`."""
    shares = record["shares"]
    return Standing(
        Facts.model_validate_json(record["facts"]),
        record["version"],
        record["temperature"],
        record["stage"],
        record["progressed_at"],
        None if shares is None else orjson.loads(shares),
    )


def observed(tenant_id: TenantId, domain: str, record: asyncpg.Record) -> SignalsObserved:
    """The event in a row of signals."""
    return SignalsObserved(
        event_id=record["event_id"],
        occurred_at=record["occurred_at"],
        tenant_id=tenant_id,
        request_id="stored",
        user_id=record["user_id"],
        session_id=record["session_id"],
        turn_id=record["turn_id"],
        domain=domain,
        session_no=record["session_no"],
        turn_no=record["turn_no"],
        signals=_SIGNALS.validate_json(record["signals"]),
    )


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
    standing, facts = interaction.standing, interaction.standing.facts
    return stored(facts), facts.sequence, facts.last_active, standing.stage, standing.progressed_at
