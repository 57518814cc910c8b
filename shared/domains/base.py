"""What a pack declares and what the platform gives it. A pack is one folder whose `DOMAIN` is a `Domain`.

Annotate with the parametrised classes (`Decision[MyState]`) and construct with the plain ones (`Decision(...)`):
Python 3.11 cannot call a parametrised frozen dataclass that has slots.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from re import Pattern
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, JsonValue

from shared.domains.person import Profile, Scores
from shared.domains.surface import Surface
from shared.events.ids import SessionId, TenantId, TurnId, event_of
from shared.events.outcomes import Outcome
from shared.events.profiles import Temperature
from shared.events.replies import Clarification, Contact, DataPart, Entity, Understood
from shared.events.signals import Signal
from shared.events.turns import Command, Text
from shared.privacy.registry import NOTHING, Registry
from shared.runtime.postgres import Database
from shared.runtime.records import Record


class State(BaseModel):
    """What a pack remembers of one session; stored as JSON, so only add fields, each with a default."""

    model_config = ConfigDict(frozen=True, extra="ignore")


StateT = TypeVar("StateT", bound=State)
ToolsT = TypeVar("ToolsT")
ToolsT_contra = TypeVar("ToolsT_contra", contravariant=True)
OutcomeT = TypeVar("OutcomeT", bound=Outcome)


class Referent(State):
    """Something shown to the user that later words may refer to ("the second one", "it")."""

    kind: str
    id: str
    name: str


class Exchange(State):
    """One earlier turn, as context for the next."""

    turn_no: int
    text: str
    intent: str | None
    entities: tuple[Entity, ...] = ()
    reply: str


class Question(State):
    """A clarifying question that waits for its answer. `about` is the pack's own word for what is missing."""

    about: str
    clarification: Clarification
    asked_in: int


class Watch(State):
    """Whether a conversation goes badly: turns in a row so far, and whether it was said that a person should help."""

    frustrated: int = 0
    misunderstood: int = 0
    escalated: bool = False


class Dialogue(State):
    """What the platform itself remembers of a session, for every pack alike."""

    language: str = "und"
    last_intent: str | None = None
    question: Question | None = None
    shown: tuple[Referent, ...] = ()
    recent: tuple[Exchange, ...] = ()
    watch: Watch = Watch()


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose data a tool may see. Set by the server from the session, never from a model's or a user's words."""

    tenant_id: TenantId
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Generic[StateT]):
    """A turn as a pack sees it: what was said, what is remembered, who is talking."""

    id: TurnId
    no: int
    session_id: SessionId
    session_no: int
    scope: Scope
    domain: str
    request_id: str
    now: datetime
    input: Text | Command
    understood: Understood
    dialogue: Dialogue
    state: StateT
    person: Profile | None
    """None: a first session, or the profile did not answer in time."""

    @property
    def returning(self) -> bool:
        """Whether this opens the second session a user talks in, the only one that is greeted as a return."""
        # Clients open sessions that nobody speaks in; a profile knows only those in which somebody did.
        earlier = self.session_no - 1 if self.person is None else self.person.sessions
        return self.no == 1 and earlier == 1

    def row_id(self, role: str) -> UUID:
        """The id of a row that this turn writes: the same at every attempt, so that the effect applies once."""
        return event_of(self.id, role)

    def outcome(self, kind: type[OutcomeT], **facts: Any) -> OutcomeT:
        """An outcome event of this turn; one of a kind a turn."""
        return kind(
            event_id=event_of(self.id, kind.type),
            occurred_at=self.now,
            tenant_id=self.scope.tenant_id,
            request_id=self.request_id,
            session_id=self.session_id,
            user_id=self.scope.user_id,
            turn_id=self.id,
            domain=self.domain,
            **facts,
        )


@dataclass(frozen=True, slots=True)
class Effect:
    """A write that belongs to the turn's transaction. Built by the pack's store, which owns the SQL."""

    statement: str
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Generic[StateT]):
    """What a pack made of a turn. `text` are the words to say; a configured model may reword them from `facts`."""

    text: str
    state: StateT
    language: str | None = None
    """BCP 47 of `text`; None: it answers in the user's own."""
    understood: Understood | None = None
    """The policy's better reading of the words, where it had one."""
    facts: Mapping[str, JsonValue] = field(default_factory=dict)
    free: bool = False
    """Nothing the pack decides by itself: a configured model may answer with the pack's abilities instead."""
    data: tuple[DataPart, ...] = ()
    question: Question | None = None
    """A clarifying question; its words are part of `text`."""
    shown: tuple[Referent, ...] | None = None
    """What later words may refer to; None leaves what was shown before."""
    signals: tuple[Signal, ...] = ()
    """What the turn tells about the person, beyond its intent and mood: those the platform tells for every pack."""
    contact: Contact | None = None
    effects: tuple[Effect, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


class Progress(Protocol):
    """Tells the waiting user what is being done."""

    async def step(self, label: str) -> None:
        """Announce what the agent is doing now, in the user's language."""


class Decide(Protocol[StateT, ToolsT_contra]):
    """A pack's policy: pure but for the reads it asks of `tools`."""

    async def __call__(self, turn: Turn[StateT], tools: ToolsT_contra, progress: Progress) -> Decision[StateT]: ...


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names the pack knows, by kind: value -> the ways people write it (the value itself included)."""

    names: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What the understanding core needs to know of a pack's language."""

    intents: Mapping[str, tuple[str, ...]]
    """Intent -> training utterances; `{kind}` in one stands for any name of that kind."""
    patterns: Mapping[str, Pattern[str]] = field(default_factory=dict)
    """Entity kind -> expression; its group `value` is the value."""
    modifications: tuple[str, ...] = ()
    """Words that adjust what stands instead of asking afresh, beyond the core's own."""
    sentiment: Mapping[str, float] = field(default_factory=dict)
    """Words of this domain that carry feeling, -4 to 4."""
    currency: str = "USD"
    """ISO 4217; of amounts that name none."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a seed file that was not loaded."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """What loading a seed file did."""

    loaded: int
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class Seed:
    """A CSV file that `parley seed` loads into the pack's tables; loading again replaces rows of the same id."""

    name: str
    file: Path
    load: Callable[[Database, TenantId, Path], Awaitable[Seeded]]


@dataclass(frozen=True, slots=True)
class Operation(Generic[ToolsT]):
    """Something over the pack's own tables that its endpoints need done; the agent runs it, for one caller."""

    arguments: type[BaseModel]
    run: Callable[[ToolsT, Any], Awaitable[BaseModel | None]]
    """Given the tools of the caller's scope and the arguments; None: there is no such thing."""


@dataclass(frozen=True, slots=True)
class Ability(Generic[ToolsT]):
    """Something a model may look up to answer a free question. It only reads, and only what the caller may see."""

    description: str
    step: str
    """What the waiting user is told meanwhile."""
    arguments: type[BaseModel]
    """What the model chooses. Never whose data: that is in the tools, from the server."""
    run: Callable[[ToolsT, Any], Awaitable[JsonValue]]
    """Given the tools of the caller's scope and the arguments, what was found, with amounts as they are said."""


@dataclass(frozen=True, slots=True)
class Example:
    """A conversation that shows what a pack does: what one person says, visit by visit."""

    visits: tuple[tuple[str, ...], ...]
    user: str | None = None
    """Who speaks, where the pack's seeds hold somebody's data; None: anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(Generic[StateT, ToolsT]):
    """A pack on one screen."""

    name: str
    title: str
    greeting: str
    """What a client may show before the first turn."""
    example: Example | None = None
    language: Language
    state: type[StateT]
    decide: Decide[StateT, ToolsT]
    tools: Callable[[Database, Scope], ToolsT]
    gazetteer: Callable[[ToolsT], Awaitable[Gazetteer]] | None = None
    """Names from the pack's own tables, read when the agent starts and refreshed."""
    commands: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    """Commands the pack accepts beside words -> the model of their arguments."""
    outcomes: tuple[type[Outcome], ...] = ()
    seeds: tuple[Seed, ...] = ()
    formulas: Mapping[str, Callable[[Profile], Scores]] = field(default_factory=dict)
    """Ways to score a profile, by name and version such as `standard.1`: what was changed gets a new version. The first
    is in force until an operator chooses another. Without any, profiles of this pack have no scores."""
    temperature: Callable[[float], Temperature] | None = None
    """How warm a total is: what fading scores are judged by. Without it they do not fade."""
    api: Callable[[Surface], APIRouter] | None = None
    """The pack's own endpoints, served by the gateway beside the native API."""
    operations: Mapping[str, Operation[ToolsT]] = field(default_factory=dict)
    """What those endpoints ask of the agent, by name."""
    records: tuple[Record[Any], ...] = ()
    """The pack's tables that operators may work with row by row."""
    prompts: Path | None = None
    """Folder of what a model is told of this pack: `intent.md`, `wording.md`, `free.md`. A job without a file is not
    given to a model."""
    context: Callable[[StateT], JsonValue] | None = None
    """What a model that guesses an intent is told of the state, beside the last exchanges."""
    reworded: Callable[[StateT, str], StateT] | None = None
    """The state when a model said the reply in these words instead; only for a pack whose state keeps what was said."""
    abilities: Mapping[str, Ability[ToolsT]] = field(default_factory=dict)
    """What a model may look up for a free question, by name."""
    migrations: Path | None = None
    """Folder of alembic revisions for the schema `pack_<name>`."""
    personal: Registry = NOTHING
    """Every table of that schema, and what it holds of people: access and erasure read it."""


AnyDomain = Domain[Any, Any]
