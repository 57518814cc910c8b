"""Internal HTTP: what the gateway asks of the agent and of memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, RootModel, ValidationError

from services.gateway.endings import ENDINGS
from services.gateway.principal import Principal
from services.gateway.schemas import (
    ConversationReport,
    FaqList,
    FaqQuery,
    MessagePage,
    RecallList,
    RecallQuery,
    SessionDetails,
    SessionPage,
    UsageView,
)
from shared.errors import Unavailable
from shared.events.ids import SessionId, TurnId, UserId
from shared.events.replies import TurnEnded
from shared.privacy.upkeep import Standings
from shared.runtime.groupcommit import GroupCommit
from shared.runtime.http import REQUEST_ID_HEADER, Problem, ProblemBody, segment

_TENANT_HEADER: Final = "x-parley-tenant"
_USER_HEADER: Final = "x-parley-user"
_TIMEOUT: Final = httpx.Timeout(5.0, connect=1.0)
"""Memory itself waits up to 2 s for a turn that is on its way."""
_REPORT_SECONDS: Final = 30.0
"""A report reads all messages of its days."""
_LIMITS: Final = httpx.Limits(max_connections=200, max_keepalive_connections=50)

Model = TypeVar("Model", bound=BaseModel)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class AgentSession(_Answer):
    """A session as its owner, the agent, knows it."""

    session_id: SessionId
    user_id: UserId
    domain: str
    created_at: AwareDatetime
    deleted: bool = False


class SilentSession(_Answer):
    """A session that nobody spoke in for a while."""

    session_id: SessionId
    user_id: UserId
    last_active_at: AwareDatetime


class _LedgerEntry(_Answer):
    type: str
    event: dict[str, JsonValue]


class _LedgerEntries(RootModel[tuple[_LedgerEntry | None, ...]]):
    """As many as turns were asked about, in their order."""


@dataclass(frozen=True, slots=True)
class _AskedTurn:
    caller: Principal
    session_id: SessionId
    turn_id: TurnId


class _PackState(_Answer):
    state: dict[str, JsonValue]


class _AnyJson(RootModel[JsonValue]):
    """Whatever a pack's operation answers."""


class _Usages(RootModel[tuple[UsageView, ...]]):
    """By day, pack and model."""


class _Status(_Answer):
    status: str


class _SessionRefs(RootModel[tuple[SilentSession, ...]]):
    """By id."""


class _SessionIds(RootModel[tuple[SessionId, ...]]):
    """In any order."""


class _Refusal(ProblemBody):
    errors: tuple[dict[str, str], ...] = ()
    """All places that are wrong in the request; `detail` tells the first."""


class _OwnedSession(SessionDetails):
    user_id: UserId


class ServiceClient:
    """One service. A service that is down, slow or broken raises `Unavailable`; what is not there is None."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._http = httpx.AsyncClient(base_url=url, timeout=_TIMEOUT, limits=_LIMITS, trust_env=False)

    async def close(self) -> None:
        """Drop the connections."""
        await self._http.aclose()

    async def upkeep(self, caller: Principal) -> Standings:
        """What is due and what was done because of the age of the service's records."""
        found = await self._ask(caller, "/upkeep", Standings)
        if found is None:
            raise Unavailable(f"{self._name}: tells nothing of its upkeep")
        return found

    async def _ask(self, caller: Principal, path: str, model: type[Model], **parameters: Any) -> Model | None:
        present = {name: value for name, value in parameters.items() if value is not None}
        return await self._call(caller, "GET", path, model, params=present)

    async def _call(
        self, caller: Principal, method: str, path: str, model: type[Model], **request: Any
    ) -> Model | None:
        response = await self._send(caller, method, path, **request)
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        if response.status_code in (httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY):
            raise Problem(422, "invalid_request", f"The {self._name} service refuses a parameter or the cursor.")
        return self._read(response, model)

    async def relay(self, caller: Principal, method: str, path: str, **request: Any) -> httpx.Response:
        """What the service answers; raises the problem with which it refuses."""
        response = await self._send(caller, method, path, **request)
        self._raise_refusal(response)
        if not response.is_success:
            raise Unavailable(f"{self._name}: answered {response.status_code}")
        return response

    async def _send(self, caller: Principal, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return await self._http.request(method, f"/internal{path}", headers=self._headers(caller), **request)
        except httpx.HTTPError as error:
            raise Unavailable(f"{self._name}: {type(error).__name__}") from error

    def _headers(self, caller: Principal) -> dict[str, str]:
        return {
            _TENANT_HEADER: str(caller.tenant_id),
            _USER_HEADER: segment(caller.user_id),
            REQUEST_ID_HEADER: caller.request_id,
        }

    def _raise_refusal(self, response: httpx.Response) -> None:
        """Raise the problem that the service answers with, if it is one of the caller's making."""
        if response.is_client_error:
            refused = self._read(httpx.Response(200, content=response.content), _Refusal)
            error, places = refused.error, dict[str, Any](errors=refused.errors) if refused.errors else {}
            raise Problem(response.status_code, error.code, refused.detail, param=error.param, **places)

    def _read(self, response: httpx.Response, model: type[Model]) -> Model:
        if not response.is_success:
            raise Unavailable(f"{self._name}: answered {response.status_code}")
        try:
            return model.model_validate_json(response.content)
        except ValidationError as error:
            raise Unavailable(f"{self._name}: answered what is not {model.__name__}") from error


class AgentClient(ServiceClient):
    """The owner of sessions and of the ledger."""

    def __init__(self, name: str, url: str) -> None:
        super().__init__(name, url)
        # Every open stream asks now and then, and streams that were opened together ask together: a request each
        # would keep this process busy with requests alone.
        self._endings = GroupCommit(self._ask_endings)

    async def session(self, caller: Principal, session_id: SessionId) -> AgentSession | None:
        """A session, whoever owns it."""
        return await self._ask(caller, f"/sessions/{session_id}", AgentSession)

    async def ending(self, caller: Principal, session_id: SessionId, turn_id: TurnId) -> TurnEnded | None:
        """How a turn ended; None while it has not. Many who ask at once share a request."""
        return await self._endings.submit(_AskedTurn(caller, session_id, turn_id))

    async def _ask_endings(self, asked: Sequence[_AskedTurn]) -> Sequence[TurnEnded | Exception | None]:
        places = [
            {"tenant_id": str(each.caller.tenant_id), "session_id": str(each.session_id), "turn_id": str(each.turn_id)}
            for each in asked
        ]
        response = await self._send(asked[0].caller, "POST", "/endings", json=places)
        return [self._ended(entry) for entry in self._read(response, _LedgerEntries).root]

    def _ended(self, entry: _LedgerEntry | None) -> TurnEnded | Exception | None:
        if entry is None:
            return None
        model = ENDINGS.get(entry.type)
        if model is None:
            return Unavailable(f"{self._name}: a newer one than this gateway ended the turn with {entry.type}")
        return model.model_validate(entry.event)

    async def known(self, caller: Principal, session_ids: Sequence[SessionId]) -> set[SessionId]:
        """Those of at most 1,000 sessions that there are and that are not deleted."""
        asked = [str(each) for each in session_ids]
        found = await self._call(caller, "POST", "/sessions/known", _SessionIds, json=asked)
        if found is None:
            raise Unavailable(f"{self._name}: cannot say which sessions it knows")
        return set(found.root)

    async def state(self, caller: Principal, session_id: SessionId) -> dict[str, JsonValue] | None:
        """What the session's pack remembers."""
        found = await self._ask(caller, f"/sessions/{session_id}/state", _PackState)
        return None if found is None else found.state

    async def usage(self, caller: Principal, first: date, last: date) -> tuple[UsageView, ...]:
        """What models did for the caller's tenant from one day to another, both included."""
        found = await self._ask(caller, "/usage", _Usages, first=first.isoformat(), last=last.isoformat())
        return () if found is None else found.root

    async def operate(self, caller: Principal, domain: str, operation: str, arguments: BaseModel) -> JsonValue:
        """What an operation of a pack answers; raises the problem it answers with."""
        body = arguments.model_dump(mode="json")
        response = await self.relay(caller, "POST", f"/packs/{domain}/{operation}", json=body)
        return self._read(response, _AnyJson).root


class MemoryClient(ServiceClient):
    """The keeper of what was said."""

    async def sessions(
        self, caller: Principal, *, domain: str | None, limit: int, cursor: str | None, seen: str | None
    ) -> SessionPage | None:
        """A page of the caller's sessions, of one domain or all; `seen` must be among what memory knows."""
        path = f"/users/{segment(caller.user_id)}/sessions"
        return await self._ask(caller, path, SessionPage, domain=domain, limit=limit, cursor=cursor, seen=seen)

    async def session(self, caller: Principal, session_id: SessionId, *, turn_no: int | None) -> SessionDetails | None:
        """A session of the caller, as of this turn if it comes in time."""
        found = await self._ask(caller, f"/sessions/{session_id}", _OwnedSession, turn_no=turn_no)
        return found if found is not None and found.user_id == caller.user_id else None

    async def messages(self, caller: Principal, session_id: SessionId, **parameters: Any) -> MessagePage | None:
        """A page of a session's messages; parameters are limit, cursor, turn_no and turn_id."""
        return await self._ask(caller, f"/sessions/{session_id}/messages", MessagePage, **parameters)

    async def recall(self, caller: Principal, wanted: RecallQuery) -> RecallList:
        """What the caller said before."""
        body = wanted.model_dump(mode="json", exclude={"q"}) | {"user_id": caller.user_id, "text": wanted.q}
        found = await self._call(caller, "POST", "/recall", RecallList, json=body)
        if found is None:
            raise Unavailable("memory: has no recall")
        return found

    async def questions(self, caller: Principal, wanted: FaqQuery) -> FaqList:
        """What is asked most in the caller's tenant."""
        found = await self._ask(caller, "/faq", FaqList, text=wanted.q, domain=wanted.domain, limit=wanted.limit)
        if found is None:
            raise Unavailable("memory: has no questions")
        return found

    async def report(self, caller: Principal, *, days: int, domain: str | None) -> ConversationReport:
        """The conversations of the last days, and memory's own tables."""
        parameters = {"days": days} if domain is None else {"days": days, "domain": domain}
        found = await self._call(
            caller, "GET", "/monitoring", ConversationReport, params=parameters, timeout=_REPORT_SECONDS
        )
        if found is None:
            raise Unavailable(f"{self._name}: has no report")
        return found

    async def silent_sessions(
        self, caller: Principal, *, unspoken: bool, before: datetime, after: SessionId, limit: int
    ) -> tuple[SilentSession, ...]:
        """Sessions last heard of before a moment, never spoken in or all of them; by id, those behind `after`."""
        asked = {"unspoken": unspoken, "before": before.isoformat(), "after": str(after), "limit": limit}
        found = await self._ask(caller, "/monitoring/sessions", _SessionRefs, **asked)
        return () if found is None else found.root

    async def knows_turn(self, caller: Principal, session_id: SessionId, turn_id: TurnId) -> bool:
        """Whether memory has heard of the turn."""
        return await self._ask(caller, f"/sessions/{session_id}/turns/{turn_id}", _Status) is not None
