"""What several endpoints take from a request. All async: FastAPI runs what is not in a thread, which costs far more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request

from services.gateway.gateway import Gateway, TheGateway
from services.gateway.idempotency import Submission, submission_of
from services.gateway.principal import Principal, principal
from services.gateway.sessions import unknown_session
from services.gateway.store import KnownSession
from services.gateway.turns import TurnAddress, unknown_turn
from shared.domains.surface import Page
from shared.events.ids import SessionId, TurnId
from shared.runtime.http import Problem, request_id_of


async def _caller(
    request: Request,
    user: Annotated[str | None, Header(alias="X-Parley-User", description="Who you are, until accounts exist.")] = None,
) -> Principal:
    del user  # declared for the documentation: `principal` reads the headers itself, for every surface alike
    return principal(request.headers, request_id_of(request))


Caller = Annotated[Principal, Depends(_caller)]


async def _operator(caller: Caller, gateway: TheGateway) -> Principal:
    return checked_operator(gateway, caller)


Operator = Annotated[Principal, Depends(_operator)]
"""A caller who may see everybody's; document the route with `responses=OPERATORS`."""


def checked_operator(gateway: Gateway, caller: Principal) -> Principal:
    """The caller, who must be an operator; raises a 403 problem otherwise."""
    if not is_operator(gateway, caller):
        raise Problem(403, "operators_only", "This is for operators. PARLEY_OPERATORS names them.")
    return caller


def is_operator(gateway: Gateway, caller: Principal) -> bool:
    """Whether PARLEY_OPERATORS names the caller."""
    return caller.user_id in gateway.settings.operators


def problems(**reasons: str) -> dict[int | str, dict[str, Any]]:
    """Responses for the API's documentation: `_404="why"`."""
    return {
        int(status.removeprefix("_")): {
            "description": reason,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
        }
        for status, reason in reasons.items()
    }


PROBLEMS: Final = problems(
    _404="There is no such thing, or it is somebody else's.",
    _422="The request makes no sense; `detail` says where, and nothing that was sent is echoed.",
    _503="Something behind this is down. Try again after `Retry-After` seconds.",
)

OPERATORS: Final = problems(_403="You are no operator.")


def session_id_of(value: str) -> SessionId:
    """The id in a path; what cannot be one is unknown like any other."""
    try:
        return SessionId(UUID(value))
    except ValueError:
        raise unknown_session() from None


def turn_id_of(value: str) -> TurnId:
    """The id in a path; what cannot be one is unknown like any other."""
    try:
        return TurnId(UUID(value))
    except ValueError:
        raise unknown_turn() from None


async def _session_path(session_id: Annotated[str, Path(json_schema_extra={"format": "uuid"})]) -> SessionId:
    return session_id_of(session_id)


async def _turn_path(turn_id: Annotated[str, Path(json_schema_extra={"format": "uuid"})]) -> TurnId:
    return turn_id_of(turn_id)


SessionPath = Annotated[SessionId, Depends(_session_path)]


async def _own_session(caller: Caller, session_id: SessionPath, gateway: TheGateway) -> KnownSession:
    return await gateway.sessions.current(caller, session_id)


OwnSession = Annotated[KnownSession, Depends(_own_session)]


async def _own_turn(
    caller: Caller, session: OwnSession, turn_id: Annotated[TurnId, Depends(_turn_path)]
) -> TurnAddress:
    return TurnAddress(caller, session, turn_id)


OwnTurn = Annotated[TurnAddress, Depends(_own_turn)]


async def _page(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=512, description="`next_cursor` of the page before.")] = None,
) -> Page:
    return Page(limit, cursor)


ThePage = Annotated[Page, Depends(_page)]


def turn_path(session_id: SessionId, turn_id: TurnId) -> str:
    """Where a turn is."""
    return f"/v1/sessions/{session_id}/turns/{turn_id}"


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may carry an Idempotency-Key."""

    headers: Mapping[str, str]
    caller: Principal
    body: bytes

    def submission(self, *scope: str) -> Submission:
        """What it submits; `scope` is the route and what it acts on."""
        return submission_of(self.headers, self.caller, *scope, body=self.body)


async def _repeatable(
    request: Request,
    caller: Caller,
    key: Annotated[
        str | None,
        Header(alias="Idempotency-Key", description="The same key and body is the same thing for a day."),
    ] = None,
) -> Repeatable:
    del key  # declared for the documentation; the raw header is parsed with the rest
    return Repeatable(request.headers, caller, await request.body())


TheSubmission = Annotated[Repeatable, Depends(_repeatable)]
