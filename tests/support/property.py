"""The property pack's policy in a conversation, over listings in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

from services.agent.dialogue import remember
from shared.domains import property as pack
from shared.domains.base import Decision, Dialogue, Effect, Scope, Turn
from shared.domains.person import Profile
from shared.domains.property.listings import Callback, Listing, Visit, Wanted
from shared.domains.property.loading import read_listings
from shared.domains.property.policy import decide
from shared.domains.property.state import PropertyState
from shared.events.ids import OPEN_TENANT, SessionId, TurnId
from shared.events.replies import Entity, Understood
from shared.events.turns import Text

LISTINGS_FILE = Path(pack.__file__).parent / "data" / "listings.csv"
LISTINGS = read_listings(LISTINGS_FILE)[0]
TENANT = OPEN_TENANT
SESSION = SessionId(UUID("00000000-0000-7000-8000-0000000000aa"))
WEDNESDAY_NOON = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
"""12:00 in India."""


class FakeTools:
    """The tools over a tuple of listings; effects are applied at once."""

    def __init__(self, listings: Sequence[Listing] = LISTINGS) -> None:
        self._listings = listings
        self.booked: dict[UUID, Visit] = {}
        self.callbacks: list[Callback] = []

    async def search(self, wanted: Wanted, *, limit: int, without: Sequence[str] = ()) -> tuple[Listing, ...]:
        fitting = [each for each in self._listings if each.id not in without and _fits(wanted, each)]
        cheapest = {each.id: min(home.price for home in wanted.homes(each)) for each in fitting}
        return tuple(sorted(fitting, key=lambda each: (cheapest[each.id], each.id))[:limit])

    async def named(self, ids: Sequence[str]) -> tuple[Listing, ...]:
        return tuple(each for wanted in ids for each in self._listings if each.id == wanted)

    async def all(self) -> tuple[Listing, ...]:
        return tuple(sorted(self._listings, key=lambda each: each.id))

    async def cities(self) -> tuple[str, ...]:
        cities = [each.city for each in self._listings]
        return tuple(sorted(set(cities), key=lambda city: (-cities.count(city), city)))

    async def visits(self, after: datetime) -> tuple[Visit, ...]:
        return tuple(sorted((v for v in self.booked.values() if v.starts_at > after), key=lambda v: v.starts_at))

    def book(self, visit: Visit, session_id: SessionId, now: datetime) -> Effect:
        self.booked[visit.id] = visit
        return Effect("book", (visit, session_id, now))

    def move(self, visit: Visit, now: datetime) -> Effect:
        self.booked[visit.id] = visit
        return Effect("move", (visit, now))

    def cancel(self, visit: Visit, now: datetime) -> Effect:
        del self.booked[visit.id]
        return Effect("cancel", (visit, now))

    def call_back(self, callback: Callback, session_id: SessionId, now: datetime) -> Effect:
        self.callbacks.append(callback)
        return Effect("call back", (callback, session_id, now))


def _fits(wanted: Wanted, listing: Listing) -> bool:
    return (
        any(wanted.fits(home) for home in listing.homes)
        and (
            not wanted.places
            or any(p.city == listing.city and p.locality in {None, listing.locality} for p in wanted.places)
        )
        and wanted.developer in {None, listing.developer}
        and {*wanted.amenities} <= {*listing.amenities}
        and (not wanted.ready or listing.status == "ready")
    )


class Steps:
    """Collects the progress a user would see."""

    def __init__(self) -> None:
        self.labels: list[str] = []

    async def step(self, label: str) -> None:
        self.labels.append(label)


@dataclass(slots=True)
class Conversation:
    """One session: what was decided in a turn is what the next one remembers, as in the agent."""

    tools: FakeTools = field(default_factory=FakeTools)
    person: Profile | None = None
    session_no: int = 1
    now: datetime = WEDNESDAY_NOON
    steps: Steps = field(default_factory=Steps)
    turn_no: int = 0
    dialogue: Dialogue = field(default_factory=Dialogue)
    state: PropertyState = field(default_factory=PropertyState)
    answered_as: str | None = None
    """The intent of the last turn, as it is told to memory and profiles."""

    async def understood(self, text: str, understood: Understood) -> Decision[PropertyState]:
        """Say `text`, understood so."""
        self.turn_no += 1
        turn = Turn(
            id=TurnId(uuid5(SESSION, f"{self.session_no}:{self.turn_no}")),
            no=self.turn_no,
            session_id=SESSION,
            session_no=self.session_no,
            scope=Scope(TENANT, "asha"),
            domain="property",
            request_id="request",
            now=self.now,
            input=Text(text=text),
            understood=understood,
            dialogue=self.dialogue,
            state=self.state,
            person=self.person if self.turn_no == 1 else None,
        )
        decision = await decide(turn, self.tools, self.steps)
        reading = decision.understood or understood
        self.answered_as = reading.intent
        after = remember(self.dialogue, self.turn_no, turn.input, reading, decision)
        self.dialogue = after.dialogue
        self.state = PropertyState.model_validate(after.pack)
        return decision

    async def say(
        self, text: str, intent: str | None = None, *entities: Entity, relation: str = "fresh", frustration: float = 0.0
    ) -> Decision[PropertyState]:
        """Say `text` with this reading of it."""
        reading = Understood(
            intent=intent,
            confidence=0.9 if intent else 0.0,
            entities=entities,
            relation=relation,
            frustration=frustration,
        )
        return await self.understood(text, reading)


def entity(kind: str, value: object, text: str = "", start: int = 0) -> Entity:
    """An entity as the understanding would find it."""
    return Entity.model_validate(
        {
            "kind": kind,
            "value": value,
            "text": text or str(value),
            "start": start,
            "end": start + len(text or str(value)),
        }
    )


def under(amount: int) -> Entity:
    """An upper bound in rupees."""
    return entity("money", {"amount": amount, "bound": "max", "currency": "INR"}, "under so much")
