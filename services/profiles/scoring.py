"""What one interaction changes: the profile, its scores, and what the world is told. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from services.profiles.facts import Facts
from services.profiles.folding import fold
from services.profiles.portrait import profile_of
from shared.domains.base import AnyDomain
from shared.domains.person import Profile, Scores
from shared.events.envelope import Envelope
from shared.events.ids import event_of
from shared.events.profiles import LeadBecameHot, ProfileScored, Temperature
from shared.events.signals import SignalsObserved

Formula = Callable[[Profile], Scores]


@dataclass(frozen=True, slots=True)
class Standing:
    """A person in one domain: what is known, how often that changed, and how warm the last interaction left it."""

    facts: Facts = field(default_factory=Facts)
    version: int = 0
    temperature: Temperature | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """An event with what it made of a person's standing and what is published about that."""

    event: SignalsObserved
    standing: Standing
    scores: Scores | None
    envelopes: tuple[Envelope, ...]


def formulas_of(domains: Iterable[AnyDomain]) -> dict[str, Formula]:
    """The formulas of the packs that score."""
    return {domain.name: domain.score for domain in domains if domain.score is not None}


def total_of(scores: Scores) -> float:
    """Engagement and intent together, 0 to 20."""
    return scores.engagement.value + scores.intent.value


def interact(before: Standing, event: SignalsObserved, formulas: Mapping[str, Formula]) -> Interaction:
    """Fold `event`, which is new, and score again. A domain without a formula has no scores and publishes nothing."""
    facts, version = fold(before.facts, event), before.version + 1
    formula = formulas.get(event.domain)
    if formula is None:
        return Interaction(event, Standing(facts, version), None, ())
    scores = formula(profile_of(event.user_id, event.domain, facts))
    after = Standing(facts, version, scores.temperature)
    return Interaction(event, after, scores, tuple(_news(event, before.temperature, scores, version)))


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
    ).envelope()
    if after.temperature == "hot" and before != "hot":
        yield LeadBecameHot(**told, event_id=event_of(event.event_id, "became-hot"), total=total_of(after)).envelope()
