"""Reads and corrections of profiles for the internal API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import JsonValue

from services.profiles.facts import ContactField, Facts, Told
from services.profiles.folding import correct, tell
from services.profiles.metrics import ProfilesMetrics
from services.profiles.store import LeadKey, People, Portrait, Wanted, key_of
from services.profiles.store.people import TOP
from shared.events.ids import TenantId
from shared.runtime.polling import read_until


class Revises(Protocol):
    """Where facts are changed."""

    async def revise(
        self, tenant_id: TenantId, user_id: str, domain: str, change: Callable[[Facts], Facts]
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Person:
    """A user; without a domain, in the one most recently active in."""

    tenant_id: TenantId
    user_id: str
    domain: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody put right by hand. None forgets a fact."""

    contact: Mapping[ContactField, str | None] = field(default_factory=dict)
    preferences: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as of now. `complete`: the signals that were waited for are included."""

    portrait: Portrait
    complete: bool
    as_of: datetime


@dataclass(frozen=True, slots=True)
class LeadPage:
    """Some leads; `following` leads to more."""

    items: list[Portrait]
    following: LeadKey | None


class Reader:
    """Profiles and leads."""

    def __init__(
        self, people: People, profiles: Revises, *, now: Callable[[], datetime], metrics: ProfilesMetrics
    ) -> None:
        self._people = people
        self._profiles = profiles
        self._now = now
        self._metrics = metrics

    async def person(self, person: Person, *, sequence: int = 0, wait: timedelta = timedelta()) -> Seen | None:
        """What is known, waiting for the signals of turn `sequence` for a while; None of somebody unknown."""

        def enough(portrait: Portrait | None) -> bool:
            return sequence <= (0 if portrait is None else portrait.profile.sequence)

        portrait = await read_until(lambda: self._portrait(person), enough, within=wait)
        complete = enough(portrait)
        if not complete:
            self._metrics.late_reads.inc()
        return None if portrait is None else Seen(portrait, complete, self._now())

    async def correct(self, person: Person, correction: Correction) -> Seen | None:
        """Apply a correction; None without a domain for somebody who has none yet."""
        domain = person.domain
        if domain is None:
            latest = await self._portrait(person)
            if latest is None:
                return None
            domain = latest.profile.domain
        told = {name: Told(value=value, at=self._now(), by_hand=True) for name, value in correction.contact.items()}

        def change(facts: Facts) -> Facts:
            known = tell(facts, told)
            return correct(known, correction.preferences) if correction.preferences else known

        await self._profiles.revise(person.tenant_id, person.user_id, domain, change)
        return await self.person(Person(person.tenant_id, person.user_id, domain))

    async def leads(self, tenant_id: TenantId, wanted: Wanted, *, after: LeadKey | None, limit: int) -> LeadPage:
        """People with scores, the highest total first."""
        found = await self._people.leads(tenant_id, wanted, after=after or TOP, limit=limit + 1)
        following = key_of(found[limit - 1]) if len(found) > limit else None
        return LeadPage(found[:limit], following)

    async def _portrait(self, person: Person) -> Portrait | None:
        return await self._people.portrait(person.tenant_id, person.user_id, person.domain)
