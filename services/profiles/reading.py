"""Reads and corrections of profiles for the internal API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import JsonValue

from services.profiles.facts import ContactField, Facts, Told
from services.profiles.folding import correct, rate, settle, tell
from services.profiles.metrics import ProfilesMetrics
from services.profiles.store import LeadKey, Leads, People, Portrait, Scored, key_of
from shared.domains.leads import LeadQuery, Tally, TallyQuery
from shared.domains.person import InterestLevel
from shared.errors import Reject
from shared.events.ids import TenantId
from shared.runtime.polling import read_until

MOST_PUT_RIGHT = 200
"""Of one person in one domain: whoever reads the profile, and every turn that is folded into it, reads all of it."""
NEWEST = 2**31 - 1
"""A version beyond every one."""

Change = Callable[[Facts], Facts]


class Revises(Protocol):
    """Where facts are changed."""

    async def create(self, tenant_id: TenantId, user_id: str, domain: str, change: Change) -> bool: ...

    async def revise(self, tenant_id: TenantId, user_id: str, domain: str, change: Change) -> None: ...

    async def forget(self, tenant_id: TenantId, user_id: str, domain: str | None, at: datetime) -> bool: ...


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
    interests: Mapping[str, InterestLevel] = field(default_factory=dict)
    answered: Sequence[str] = ()
    """Objections that were answered outside the conversation."""

    def applied(self, facts: Facts, at: datetime) -> Facts:
        """What is known with it. Raises `Reject` when more was put right than a profile keeps."""
        told = {name: Told(value=value, at=at, by_hand=True) for name, value in self.contact.items()}
        known = tell(facts, told)
        known = correct(known, self.preferences) if self.preferences else known
        known = rate(known, self.interests) if self.interests else known
        known = settle(known, self.answered) if self.answered else known
        if _put_right(known) > max(MOST_PUT_RIGHT, _put_right(facts)):
            raise Reject(f"A profile keeps {MOST_PUT_RIGHT} preferences, interests and answers that were put right")
        return known


def _put_right(facts: Facts) -> int:
    return len(facts.corrections) + len(facts.ratings) + len(facts.settled)


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


@dataclass(frozen=True, slots=True)
class History:
    """Scores of a person, the latest first; `following` is the change before which there are more."""

    items: list[Scored]
    following: int | None


@dataclass(frozen=True, slots=True)
class Stores:
    """Where people are read."""

    people: People
    leads: Leads


class Reader:
    """Profiles and leads."""

    def __init__(
        self, stores: Stores, profiles: Revises, *, now: Callable[[], datetime], metrics: ProfilesMetrics
    ) -> None:
        self._people, self._leads = stores.people, stores.leads
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

    async def create(self, person: Person, domain: str, correction: Correction) -> Seen | None:
        """Begin a profile; None when there is one."""
        now = self._now()
        created = await self._profiles.create(
            person.tenant_id, person.user_id, domain, lambda facts: correction.applied(facts, now)
        )
        return await self.person(Person(person.tenant_id, person.user_id, domain)) if created else None

    async def correct(self, person: Person, correction: Correction) -> Seen | None:
        """Apply a correction; None without a domain for somebody who has none yet."""
        domain = await self._domain(person)
        if domain is None:
            return None
        now = self._now()
        await self._profiles.revise(
            person.tenant_id, person.user_id, domain, lambda facts: correction.applied(facts, now)
        )
        return await self.person(Person(person.tenant_id, person.user_id, domain))

    async def forget(self, person: Person) -> bool:
        """Delete a profile, or without a domain all of this person; False when there is none."""
        return await self._profiles.forget(person.tenant_id, person.user_id, person.domain, self._now())

    async def history(self, person: Person, *, before: int | None, limit: int) -> History | None:
        """How the scores came about; None of somebody unknown."""
        domain = await self._domain(person)
        if domain is None or not await self._people.portrait(person.tenant_id, person.user_id, domain):
            return None
        found = await self._people.history(
            person.tenant_id, person.user_id, domain, before=before or NEWEST, limit=limit + 1
        )
        return History(found[:limit], found[limit - 1].version if len(found) > limit else None)

    async def portraits(self, tenant_id: TenantId, user_ids: list[str], domain: str) -> list[Portrait]:
        """Those of these people who are known in a domain."""
        return await self._people.portraits(tenant_id, user_ids, domain)

    async def leads(self, tenant_id: TenantId, wanted: LeadQuery, *, after: LeadKey | None, limit: int) -> LeadPage:
        """People with scores, in the order asked for."""
        found = await self._leads.page(tenant_id, wanted, after=after, limit=limit + 1, now=self._now())
        following = key_of(found[limit - 1], wanted.order) if len(found) > limit else None
        return LeadPage(found[:limit], following)

    async def tallies(self, tenant_id: TenantId, wanted: TallyQuery) -> list[Tally]:
        """How often each thing was signalled, week by week."""
        return await self._leads.tallies(tenant_id, wanted)

    async def _domain(self, person: Person) -> str | None:
        if person.domain is not None:
            return person.domain
        latest = await self._portrait(person)
        return None if latest is None else latest.profile.domain

    async def _portrait(self, person: Person) -> Portrait | None:
        return await self._people.portrait(person.tenant_id, person.user_id, person.domain)
