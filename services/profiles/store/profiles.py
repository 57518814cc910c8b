"""Keeps profiles up to date. Events that arrive together share one transaction a tenant."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from services.profiles.facts import Facts
from services.profiles.metrics import ProfilesMetrics
from services.profiles.scoring import Interaction, Standing
from services.profiles.store import rows, statements
from shared.events.envelope import Envelope, thaw
from shared.events.ids import EventId, TenantId
from shared.events.signals import SignalsObserved
from shared.privacy.subjects import Subjects
from shared.runtime.batches import written
from shared.runtime.failpoints import failpoint
from shared.runtime.postgres import Database, TenantConnection

Person = tuple[str, str]
"""A user in one domain."""

Interact = Callable[[Standing, SignalsObserved], Interaction]


class Profiles:
    """Everybody's standing. Every method raises `Unavailable` without Postgres."""

    def __init__(self, database: Database, subjects: Subjects, interact: Interact, metrics: ProfilesMetrics) -> None:
        """`interact` says, purely, what an event makes of a standing."""
        self._database = database
        self._subjects = subjects
        self._interact = interact
        self._metrics = metrics

    async def observe(self, events: Sequence[SignalsObserved]) -> tuple[Envelope, ...]:
        """Let each event change its person's standing, once; what is to be published, the same for each delivery."""
        return tuple(chain.from_iterable(await written(self._observe, events)))

    async def revise(
        self,
        tenant_id: TenantId,
        user_id: str,
        domain: str,
        change: Callable[[Facts], Facts],
        *,
        at: datetime | None = None,
    ) -> None:
        """Change what is known of a person, who need not be known before. Scores follow with the next interaction.

        `at` says when it was told, where that may be long ago; somebody erased since stays unknown.
        """
        person = (user_id, domain)
        async with self._database.transaction(tenant_id) as connection:
            standing = (await self._locked(connection, tenant_id, {person: at})).get(person)
            if standing is None:
                return
            facts = change(standing.facts)
            if facts != standing.facts:
                version = standing.version + 1
                await connection.execute(statements.REVISE, tenant_id, *person, version, rows.stored(facts))

    async def create(self, tenant_id: TenantId, user_id: str, domain: str, change: Callable[[Facts], Facts]) -> bool:
        """Begin a profile with what `change` makes of nothing; False when there is one."""
        person = (user_id, domain)
        async with self._database.transaction(tenant_id) as connection:
            standing = (await self._locked(connection, tenant_id, {person: None}))[person]
            if standing.version == 0:
                await connection.execute(statements.REVISE, tenant_id, *person, 1, rows.stored(change(standing.facts)))
        return standing.version == 0

    async def forget(self, tenant_id: TenantId, user_id: str, domain: str | None, at: datetime) -> bool:
        """Delete a person's profile, or those of all domains, with their signals and scores; False when there is none.

        What happened until then stays forgotten, whatever arrives late or again.
        """
        async with self._database.transaction(tenant_id) as connection:
            domains = [row["domain"] for row in await connection.fetch(statements.DOMAINS, tenant_id, user_id, domain)]
            left = rows.stored(Facts(forgotten_until=at))
            await connection.execute(statements.FORGET, tenant_id, user_id, domains, left)
        return bool(domains)

    async def _observe(self, tenant_id: TenantId, events: Sequence[SignalsObserved]) -> Sequence[tuple[Envelope, ...]]:
        async with self._database.transaction(tenant_id) as connection:
            standings = await self._locked(connection, tenant_id, _latest(events))
            published = await _seen(connection, tenant_id, events)
            interactions = self._interactions(standings, _unseen(events, standings, published))
            if interactions:
                await connection.execute(statements.SAVE, tenant_id, *rows.interactions(interactions))
            await failpoint("profiles.before_commit")
        await failpoint("profiles.after_commit")
        self._count(events, interactions)
        published |= {each.event.event_id: each.envelopes for each in interactions}
        return [published.get(event.event_id, ()) for event in events]

    async def _locked(
        self, connection: TenantConnection, tenant_id: TenantId, people: Mapping[Person, datetime | None]
    ) -> dict[Person, Standing]:
        """The standings of these people, locked until the transaction ends; new people get an empty one.

        Each comes with the time that something is told of, None for now. Those erased since get none.
        """
        found = await _lock(connection, tenant_id, sorted(people))
        fresh = sorted(set(people) - set(found))
        if fresh:
            told = [(*each, self._subjects.code(tenant_id, each[0]), people[each]) for each in fresh]
            await connection.execute(statements.CREATE, tenant_id, *zip(*told, strict=True))
            found |= await _lock(connection, tenant_id, fresh)
        return found

    def _interactions(
        self, standings: Mapping[Person, Standing], events: Iterable[SignalsObserved]
    ) -> list[Interaction]:
        current, done = dict(standings), dict[EventId, Interaction]()
        for event in events:
            if event.event_id in done:
                continue
            person = (event.user_id, event.domain)
            done[event.event_id] = self._interact(current[person], event)
            current[person] = done[event.event_id].standing
        return list(done.values())

    def _count(self, events: Sequence[SignalsObserved], interactions: Sequence[Interaction]) -> None:
        self._metrics.batch.observe(len(events))
        self._metrics.repeated.inc(len(events) - len(interactions))
        for domain, count in Counter(each.event.domain for each in interactions).items():
            self._metrics.interactions.labels(domain).inc(count)


def _unseen(
    events: Iterable[SignalsObserved], standings: Mapping[Person, Standing], seen: Container[EventId]
) -> list[SignalsObserved]:
    """The events that were not folded before and are of no time that was deleted."""

    def counts(event: SignalsObserved) -> bool:
        standing = standings.get((event.user_id, event.domain))
        return standing is not None and not standing.facts.forgets(event.occurred_at)

    return [event for event in events if event.event_id not in seen and counts(event)]


def _latest(events: Iterable[SignalsObserved]) -> dict[Person, datetime]:
    """The people of these events, and when each was last active in them."""
    latest: dict[Person, datetime] = {}
    for event in events:
        person = (event.user_id, event.domain)
        latest[person] = max(latest.get(person, event.occurred_at), event.occurred_at)
    return latest


async def _lock(connection: TenantConnection, tenant_id: TenantId, people: Sequence[Person]) -> dict[Person, Standing]:
    records = await connection.fetch(statements.LOCK, tenant_id, *zip(*people, strict=True))
    return {(record["user_id"], record["domain"]): rows.standing(record) for record in records}


async def _seen(
    connection: TenantConnection, tenant_id: TenantId, events: Sequence[SignalsObserved]
) -> dict[EventId, tuple[Envelope, ...]]:
    users, ids = [event.user_id for event in events], [event.event_id for event in events]
    records = await connection.fetch(statements.SEEN, tenant_id, users, ids)
    return {record["event_id"]: thaw(record["envelopes"]) for record in records}
