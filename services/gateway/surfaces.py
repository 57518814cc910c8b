"""Packs' own endpoints: this gateway as each of them sees it. What they submit and read goes the native API's way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, JsonValue

from services.gateway.acceptance import NewTurn
from services.gateway.endings import status_of
from services.gateway.gateway import Gateway
from services.gateway.idempotency import HEADER, keyed, parse_key
from services.gateway.principal import ANONYMOUS, USER_HEADER, principal
from services.gateway.responses import EventStreamResponse, WaitingResponse
from services.gateway.routes.common import checked_operator, session_id_of, turn_path
from services.gateway.schemas import TurnAccepted
from services.gateway.sessions import unknown_session
from services.gateway.sse import Encode, EventId, StreamEvent, one_line
from services.gateway.store import KnownSession
from services.gateway.streams import TurnStream
from services.gateway.turns import TurnAddress
from shared.domains.leads import LeadQuery, Person, Tally, TallyQuery
from shared.domains.surface import (
    Asked,
    Conversation,
    LeadList,
    Page,
    Principal,
    Respond,
    Summaries,
    Tell,
    Transcript,
    Translate,
)
from shared.events.ids import TurnId
from shared.events.replies import TurnCompleted, TurnEnded, TurnFailed
from shared.events.signals import SignalKind
from shared.runtime.http import Problem, request_id_of

_CURSOR_HEADER = "last-event-id"


class PackSurface:
    """The `Surface` of one pack."""

    def __init__(self, domain: str, gateway: Callable[[], Gateway]) -> None:
        self._domain = domain
        self._running = gateway

    @property
    def _gateway(self) -> Gateway:
        return self._running()

    def caller(self, request: Request, user_id: str | None = None) -> Principal:
        caller = principal(request.headers, request_id_of(request), otherwise=user_id or ANONYMOUS)
        if user_id is not None and caller.user_id != user_id:
            raise Problem(403, "another_user", "X-Parley-User names another user than the request.", param=USER_HEADER)
        return caller

    async def open(self, caller: Principal, key: str | None = None) -> Conversation:
        submission = keyed(caller, "sessions", self._domain, key=key, body=self._domain.encode())
        opened = await self._gateway.sessions.open(caller, self._domain, submission, self._gateway.clock())
        return Conversation(opened.session_id, caller, opened.created_at)

    async def find(self, request: Request, session_id: str | UUID, user_id: str | None = None) -> Conversation:
        asking = self.caller(request, user_id)
        names_user = user_id is not None or USER_HEADER in request.headers
        known = await self._gateway.sessions.known(asking, session_id_of(str(session_id)))
        caller = asking if names_user else Principal(asking.tenant_id, known.user_id, asking.request_id)
        session = await self._gateway.sessions.current(caller, known.session_id)
        if session.domain != self._domain:
            raise unknown_session()
        return Conversation(session.session_id, caller, session.created_at)

    async def conversations(self, caller: Principal, page: Page) -> Summaries:
        found = await self._gateway.sessions.list(caller, page, domain=self._domain)
        return Summaries.model_validate(found)

    async def messages(self, conversation: Conversation, page: Page) -> Transcript:
        caller, session_id = conversation.caller, conversation.session_id
        turn_no = await self._gateway.sessions.last_ended_turn(caller, session_id)
        found = await self._gateway.memory.messages(
            caller, session_id, limit=page.limit, cursor=page.cursor, turn_no=turn_no
        )
        return Transcript(items=(), next_cursor=None) if found is None else Transcript.model_validate(found)

    async def delete(self, conversation: Conversation) -> None:
        await self._gateway.sessions.delete(conversation.caller, conversation.session_id, self._gateway.clock())

    async def answer(
        self, request: Request, conversation: Conversation, asked: Asked, respond: Respond, tell: Tell | None = None
    ) -> Response:
        turn = self._turn(request, conversation, asked)
        stream = await self._gateway.submit(turn)

        def answered(ended: TurnEnded | None) -> Response:
            try:
                return _answered(turn, respond, ended)
            except Problem as problem:
                return (tell(problem) if tell else problem).response(turn.caller.request_id)

        return WaitingResponse(stream, self._gateway.settings.wait_within.total_seconds(), answered)

    async def stream(
        self, request: Request, conversation: Conversation, asked: Asked, translate: Translate
    ) -> Response:
        turn = self._turn(request, conversation, asked, inbox=self._gateway.id)
        address = self._address(conversation, turn.id)
        stream = await self._gateway.submit(turn, encode=_dialect(address, translate))
        return _event_stream(stream, address)

    async def resumed(self, request: Request, translate: Translate) -> Response | None:
        cursor = _Cursor.parse(request.headers.get(_CURSOR_HEADER) or request.query_params.get("last_event_id") or "")
        if cursor is None:
            return None
        conversation = await self.find(request, cursor.session_id)
        address = self._address(conversation, TurnId(cursor.turn_id))
        stream = self._gateway.streams.open(
            conversation.caller, address.turn_id, cursor.event, encode=_dialect(address, translate)
        )
        try:
            found = await self._gateway.turns.find_despite_outage(address)
            stream.check_with(partial(self._gateway.turns.ending, address))
            await stream.resume(found.ended)
        except BaseException:
            stream.close()
            raise
        if stream.has_nothing_left:
            stream.close()
            return Response(status_code=204)
        return _event_stream(stream, address)

    async def state(self, conversation: Conversation) -> Mapping[str, JsonValue]:
        state = await self._gateway.agent.state(conversation.caller, conversation.session_id)
        return {} if state is None else state

    def operator(self, request: Request, user_id: str | None = None) -> Principal:
        return checked_operator(self._gateway, self.caller(request, user_id))

    async def leads(self, caller: Principal, wanted: LeadQuery, page: Page) -> LeadList:
        own = wanted.model_copy(update={"domain": self._domain})
        found = await self._gateway.profiles.leads(caller, own, page)
        return LeadList(user_ids=tuple(each.user_id for each in found.items), next_cursor=found.next_cursor)

    async def people(self, caller: Principal, user_ids: Sequence[str]) -> tuple[Person, ...]:
        return await self._gateway.profiles.people(caller, self._domain, user_ids) if user_ids else ()

    async def tallies(self, caller: Principal, kind: SignalKind, since: datetime, zone: str) -> tuple[Tally, ...]:
        wanted = TallyQuery(domain=self._domain, kind=kind, since=since, zone=zone)
        return await self._gateway.profiles.tallies(caller, wanted)

    async def operate(self, caller: Principal, operation: str, arguments: BaseModel) -> JsonValue:
        return await self._gateway.agent.operate(caller, self._domain, operation, arguments)

    def _turn(self, request: Request, conversation: Conversation, asked: Asked, inbox: str | None = None) -> NewTurn:
        caller, session_id = conversation.caller, conversation.session_id
        header = request.headers.get(HEADER)
        key = asked.key or (parse_key(header) if header is not None else None)
        body = asked.input.model_dump_json().encode()
        return NewTurn(
            caller=caller,
            session=self._session(conversation),
            submission=keyed(caller, "turns", str(session_id), key=key, body=body),
            input=asked.input,
            inbox=inbox,
        )

    def _session(self, conversation: Conversation) -> KnownSession:
        return KnownSession(
            session_id=conversation.session_id,
            user_id=conversation.caller.user_id,
            domain=self._domain,
            created_at=conversation.created_at,
        )

    def _address(self, conversation: Conversation, turn_id: TurnId) -> TurnAddress:
        return TurnAddress(conversation.caller, self._session(conversation), turn_id)


def _answered(turn: NewTurn, respond: Respond, ended: TurnEnded | None) -> Response:
    location = turn_path(turn.session.session_id, turn.id)
    if isinstance(ended, TurnCompleted):
        content = respond(ended).model_dump_json()
        return Response(content, 200, {"content-location": location}, media_type="application/json")
    if ended is None:
        pending = TurnAccepted(turn_id=turn.id, session_id=turn.session.session_id, status="pending")
        return Response(pending.model_dump_json(), 202, {"location": location}, media_type="application/json")
    members: dict[str, Any] = {"turn_id": str(turn.id), "session_id": str(turn.session.session_id)}
    if isinstance(ended, TurnFailed):
        raise Problem(503, f"turn_{ended.reason}", ended.message, headers={"Retry-After": "2"}, **members)
    raise Problem(409, "turn_cancelled", f"The turn was {status_of(ended)} before it was answered.", **members)


def _event_stream(stream: TurnStream, address: TurnAddress) -> Response:
    accepted = TurnAccepted(turn_id=address.turn_id, session_id=address.session_id, status="pending")
    headers = {"content-location": turn_path(address.session_id, address.turn_id)}
    return EventStreamResponse(stream, accepted.model_dump_json().encode(), headers)


def _dialect(address: TurnAddress, translate: Translate) -> Encode:
    """Events as the pack names them, with ids that say which turn of which conversation they belong to."""
    prefix = f"{address.session_id}/{address.turn_id}/"

    def encode(event: StreamEvent) -> bytes:
        own = translate(event.name, orjson.loads(event.data))
        if own is None:
            return b""
        name, data = own
        return f"event: {name}\nid: {prefix}{event.id}\ndata: ".encode() + one_line(orjson.dumps(data)) + b"\n\n"

    return encode


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where a stream of a pack's endpoint was cut."""

    session_id: UUID
    turn_id: UUID
    event: EventId

    @classmethod
    def parse(cls, text: str) -> "_Cursor | None":
        """The cursor written as `<session>/<turn>/<event>`; None for anything else."""
        parts = text.split("/")
        try:
            session_id, turn_id, event = parts
            return cls(UUID(session_id), UUID(turn_id), EventId.parse(event))
        except ValueError:
            return None
