"""What one interaction changes: the profile, its scores, and what the world is told. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.profiles.facts import Facts
from services.profiles.folding import fold, fold_all
from services.profiles.formulas import Formulas, Person, Shares
from services.profiles.portrait import profile_of
from shared.domains.person import STAGES, Scores, Stage
from shared.events.envelope import Envelope
from shared.events.ids import event_of
from shared.events.profiles import LeadBecameHot, ProfileScored, Temperature
from shared.events.signals import SignalsObserved


@dataclass(frozen=True, slots=True)
class Standing:
    """A person in one domain: what is known, how often that changed, and where the last interaction left them.

    `shares` says which formulas score the people there; None: the domain's first.
    """

    facts: Facts = field(default_factory=Facts)
    version: int = 0
    temperature: Temperature | None = None
    stage: Stage | None = None
    progressed_at: datetime | None = None
    shares: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """An event with what it made of a person's standing and what is published about that."""

    event: SignalsObserved
    standing: Standing
    scores: Scores | None
    envelopes: tuple[Envelope, ...]


def total_of(scores: Scores) -> float:
    """Engagement and intent together, 0 to 20."""
    return scores.engagement.value + scores.intent.value


def interact(before: Standing, event: SignalsObserved, formulas: Formulas) -> Interaction:
    """Fold `event`, which is new, and score again. A domain without a formula has no scores and publishes nothing."""
    facts, version = fold(before.facts, event), before.version + 1
    person = Person(event.tenant_id, event.user_id, event.domain)
    scores = formulas.score(person, profile_of(event.user_id, event.domain, facts), before.shares)
    if scores is None:
        return Interaction(event, Standing(facts, version), None, ())
    after = Standing(
        facts,
        version,
        scores.temperature,
        scores.stage,
        event.occurred_at if rises(before.stage, scores.stage) else before.progressed_at,
        before.shares,
    )
    return Interaction(event, after, scores, tuple(_news(event, before.temperature, scores, version)))


def refold(
    person: Person,
    known: Facts,
    events: Iterable[SignalsObserved],
    shares: Shares,
    now: datetime,
    *,
    formulas: Formulas,
) -> tuple[Facts, Scores | None]:
    """What all signals of a person make of what was told, scored by these shares as of now.

    Where signals are gone, which are kept for a time only, what is known stays and is scored again. Nobody is scored
    without a turn.
    """
    facts = fold_all(known.told(), events)
    if facts.turns < known.turns:
        facts = known
    if not facts.turns:
        return facts, None
    profile = profile_of(person.user_id, person.domain, facts)
    return facts, formulas.score(person, profile, shares, at=now)


def rises(before: Stage | None, after: Stage) -> bool:
    """Whether `after` is a later stage, or the first."""
    return before is None or STAGES.index(after) > STAGES.index(before)


def _news(event: SignalsObserved, before: Temperature | None, after: Scores, version: int) -> Iterator[Envelope]:
    told = {
        "occurred_at": event.occurred_at,
        "tenant_id": event.tenant_id,
        "request_id": event.request_id,
        "user_id": event.user_id,
        "domain": event.domain,
        "version": version,
    }
    yield ProfileScored(
        **told,
        event_id=event_of(event.event_id, "scored"),
        engagement=after.engagement,
        intent=after.intent,
        temperature=after.temperature,
        formula=after.formula,
    ).envelope()
    if after.temperature == "hot" and before != "hot":
        yield LeadBecameHot(**told, event_id=event_of(event.event_id, "became-hot"), total=total_of(after)).envelope()
