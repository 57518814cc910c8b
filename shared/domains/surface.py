"""What a pack's own HTTP endpoints may ask of the gateway that serves them.

A pack with endpoints of its own (`api.py`) makes a router from a `Surface`. Everything it does goes the way of the
native API: turns through Kafka, reads from the service that owns them, each on behalf of one caller.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from fastapi import Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from shared.domains.leads import LeadQuery, Person, Tally
from shared.events.ids import SessionId, TenantId, TurnId, UserId
from shared.events.replies import TurnCompleted
from shared.events.signals import SignalKind
from shared.events.turns import Command, Text
from shared.runtime.http import Problem


@dataclass(frozen=True, slots=True)
class Principal:
    """A user of a tenant, and the request in which they ask."""

    tenant_id: TenantId
    user_id: UserId
    request_id: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A session that the caller may use."""

    session_id: SessionId
    caller: Principal
    created_at: AwareDatetime


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class Summary(_View):
    """A conversation in a list."""

    session_id: SessionId
    title: str | None
    created_at: AwareDatetime
    last_active_at: AwareDatetime
    message_count: int
    turn_no: int


class Summaries(_View):
    """Some of a user's conversations, the last active first."""

    items: tuple[Summary, ...]
    next_cursor: str | None


class Said(_View):
    """One message of a conversation; `data` and `entities` as the native API shows them."""

    message_id: str
    turn_id: TurnId
    role: str
    text: str
    intent: str | None
    confidence: float | None
    entities: tuple[Any, ...]
    data: tuple[Any, ...]
    language: str
    created_at: AwareDatetime
    status: str


class Transcript(_View):
    """Some of a conversation's messages, in order."""

    items: tuple[Said, ...]
    next_cursor: str | None


class LeadList(_View):
    """Some leads, by user id, in the order asked for."""

    user_ids: tuple[str, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for; at most 100 at once."""

    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says to a conversation.

    `key` names the turn like an Idempotency-Key (the header is used without it), so that a repeated request is the
    same turn.
    """

    input: Text | Command
    key: str | None = None


Respond = Callable[[TurnCompleted], BaseModel]
"""The body of the answer to a turn that was completed. May raise a `Problem` instead."""

Tell = Callable[[Problem], Problem]
"""How a problem is told to this client."""

Translate = Callable[[str, JsonValue], tuple[str, JsonValue] | None]
"""An event of the native stream (its name and data) as the pack's own; None leaves it out."""


class Surface(Protocol):
    """The gateway, as the endpoints of one pack see it. Every method may raise a `Problem` or `Unavailable`."""

    def caller(self, request: Request, user_id: str | None = None) -> Principal:
        """Who asks: as the native API has it, or the `user_id` that this surface names.

        400 for an impossible name, 403 when the two differ.
        """

    async def open(self, caller: Principal, key: str | None = None) -> Conversation:
        """Open a conversation with this pack; the same key opens the same one. 503 when Kafka does not accept it."""

    async def find(self, request: Request, session_id: str | UUID, user_id: str | None = None) -> Conversation:
        """The conversation of this id, which is a secret of those who have it.

        A request that names its user sees only that user's; one that does not acts as the conversation's owner.
        404 for what is absent, deleted, another user's or another pack's.
        """

    async def conversations(self, caller: Principal, page: Page) -> Summaries:
        """The caller's conversations with this pack."""

    async def messages(self, conversation: Conversation, page: Page) -> Transcript:
        """What was said, once memory has the last turn that ended."""

    async def delete(self, conversation: Conversation) -> None:
        """Delete a conversation and what was said in it."""

    async def answer(
        self, request: Request, conversation: Conversation, asked: Asked, respond: Respond, tell: Tell | None = None
    ) -> Response:
        """Submit a turn and wait for its reply.

        200 with what `respond` makes of it; 202 with the turn's address when it takes longer than a request may;
        409 for a cancelled turn, 503 for one that failed and may be asked again.
        """

    async def stream(
        self, request: Request, conversation: Conversation, asked: Asked, translate: Translate
    ) -> Response:
        """Submit a turn and send its events as the pack names them.

        Event ids name conversation and turn, so that a browser's automatic reconnect goes on with them: `resumed`.
        """

    async def resumed(self, request: Request, translate: Translate) -> Response | None:
        """The rest of the stream that the request's Last-Event-ID names; 204 when nothing is left, None without one."""

    async def state(self, conversation: Conversation) -> Mapping[str, JsonValue]:
        """What the pack remembers of a conversation, as of its last turn: the fields of its `State`."""

    def operator(self, request: Request, user_id: str | None = None) -> Principal:
        """Who asks, if they may see everybody's; 403 otherwise."""

    async def leads(self, caller: Principal, wanted: LeadQuery, page: Page) -> LeadList:
        """Who may buy in this pack's domain, for an operator."""

    async def people(self, caller: Principal, user_ids: Sequence[str]) -> tuple[Person, ...]:
        """Those of these users whom this pack knows, for an operator; at most 5,000."""

    async def tallies(self, caller: Principal, kind: SignalKind, since: datetime, zone: str) -> tuple[Tally, ...]:
        """How often each thing was signalled in this pack's domain, week by week, for an operator."""

    async def operate(self, caller: Principal, operation: str, arguments: BaseModel) -> JsonValue:
        """Have the agent do one of the pack's `operations` on behalf of the caller."""


def encodable(text: str) -> str:
    """Text that can be sent on and stored; ValueError for a NUL, or half a character, which JSON can spell."""
    if "\x00" in text:
        raise ValueError("must not contain the NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain half a surrogate pair") from None
    return text


def spoken(text: str) -> str:
    """A person's words as a request may carry them; ValueError for what cannot be stored or says nothing."""
    encodable(text)
    if not text.strip():
        raise ValueError("must not be blank")
    return text
