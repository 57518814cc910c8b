"""Which formula scores whom. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from shared.domains.base import AnyDomain
from shared.domains.person import Profile, Scores
from shared.events.ids import TenantId

Formula = Callable[[Profile], Scores]
Shares = Mapping[str, int]
"""Formula -> its weight among the people of a domain."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user in one domain."""

    tenant_id: TenantId
    user_id: str
    domain: str


class Formulas:
    """The formulas of the installed packs: by domain, and there by name and version."""

    def __init__(self, installed: Mapping[str, Mapping[str, Formula]]) -> None:
        self._installed = {domain: formulas for domain, formulas in installed.items() if formulas}

    @classmethod
    def of(cls, domains: Iterable[AnyDomain]) -> "Formulas":
        """The formulas of these packs."""
        return cls({domain.name: domain.formulas for domain in domains})

    def names(self, domain: str) -> tuple[str, ...]:
        """The formulas of a domain, its first one first."""
        return tuple(self._installed.get(domain, ()))

    def score(self, person: Person, profile: Profile, shares: Shares | None) -> Scores | None:
        """What the formula for this person makes of the profile; None in a domain without formulas.

        A formula that is no longer installed gives its people to the domain's first.
        """
        formulas = self._installed.get(person.domain)
        if formulas is None:
            return None
        name = next(iter(formulas))
        if shares:
            chosen = choose(person, shares)
            name = chosen if chosen in formulas else name
        return formulas[name](profile).model_copy(update={"formula": name})


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
