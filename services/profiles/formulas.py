"""Which formula scores whom. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from services.profiles.fading import faded
from shared.domains.base import AnyDomain
from shared.domains.person import Profile, Scores
from shared.events.ids import TenantId
from shared.events.profiles import Temperature

Formula = Callable[[Profile], Scores]
Shares = Mapping[str, int]
"""Formula -> its weight among the people of a domain."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user in one domain."""

    tenant_id: TenantId
    user_id: str
    domain: str


@dataclass(frozen=True, slots=True)
class Fading:
    """How fast scores fade, and what is hot, warm and cold in each domain."""

    half_life: timedelta
    temperatures: Mapping[str, Callable[[float], Temperature]]

    def after(self, scores: Scores, domain: str, idle: timedelta) -> Scores:
        """The scores after so much time without an interaction."""
        temperature = self.temperatures.get(domain)
        return scores if temperature is None else faded(scores, idle, self.half_life, temperature)


class Formulas:
    """The formulas of the installed packs: by domain, and there by name and version."""

    def __init__(self, installed: Mapping[str, Mapping[str, Formula]], fading: Fading | None = None) -> None:
        self._installed = {domain: formulas for domain, formulas in installed.items() if formulas}
        self._fading = fading

    @classmethod
    def of(cls, domains: Collection[AnyDomain], half_life: timedelta | None) -> "Formulas":
        """The formulas of these packs, whose scores fade with this half-life, if any."""
        warmths = {domain.name: domain.temperature for domain in domains if domain.temperature is not None}
        fading = None if half_life is None else Fading(half_life, warmths)
        return cls({domain.name: domain.formulas for domain in domains}, fading)

    def names(self, domain: str) -> tuple[str, ...]:
        """The formulas of a domain, its first one first."""
        return tuple(self._installed.get(domain, ()))

    def score(
        self, person: Person, profile: Profile, shares: Shares | None, *, at: datetime | None = None
    ) -> Scores | None:
        """What the formula for this person makes of the profile; None in a domain without formulas.

        A formula that is no longer installed gives its people to the domain's first. Scores are as of the last
        interaction, or as of `at`, where they fade.
        """
        formulas = self._installed.get(person.domain)
        if formulas is None:
            return None
        name = next(iter(formulas))
        if shares:
            chosen = choose(person, shares)
            name = chosen if chosen in formulas else name
        scores = formulas[name](profile).model_copy(update={"formula": name})
        if self._fading is None or at is None or profile.last_active is None:
            return scores
        return self._fading.after(scores, person.domain, at - profile.last_active)


def choose(person: Person, shares: Shares) -> str:
    """The formula for a person: the same at every call, and over many people in proportion to the shares."""
    names = sorted(shares)
    if len(names) == 1:
        return names[0]
    seed = f"{person.tenant_id}:{person.domain}:{person.user_id}".encode()
    place = int.from_bytes(blake2b(seed, digest_size=8).digest()) % sum(shares.values())
    for name in names:
        place -= shares[name]
        if place < 0:
            return name
    return names[-1]
