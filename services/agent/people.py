"""What profiles knows of the person who talks. A conversation never waits long for it and never fails by it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from services.agent.session import Session
from shared.domains.person import Profile
from shared.errors import Unavailable
from shared.events.signals import sequence_of
from shared.events.turns import TurnSubmitted
from shared.runtime.http import segment

_log = structlog.get_logger()

LastSignalled = Callable[..., Awaitable[tuple[int, int] | None]]


class _ProfileView(BaseModel):
    profile: Profile
    complete: bool


class People:
    """Reads profiles over HTTP within a deadline."""

    def __init__(self, client: httpx.AsyncClient, last_signalled: LastSignalled, deadline: timedelta) -> None:
        self._client = client
        self._last_signalled = last_signalled
        self._deadline = deadline.total_seconds()

    async def recall(self, turn: TurnSubmitted, session: Session) -> Profile | None:
        """Who opens a later session, if profiles answers in time with all their earlier sessions told."""
        if session.turn_no > 0 or session.session_no == 1:
            return None
        try:
            async with asyncio.timeout(self._deadline):
                return await self._read(turn, session)
        except (TimeoutError, httpx.HTTPError, ValidationError, Unavailable) as error:
            _log.warning("profile not read in time", reason=f"{type(error).__name__}: {error}")
            return None

    async def _read(self, turn: TurnSubmitted, session: Session) -> Profile | None:
        last = await self._last_signalled(turn.tenant_id, turn.user_id, turn.domain, session.session_no)
        if last is None:
            return Profile(user_id=turn.user_id, domain=turn.domain)
        response = await self._client.get(
            f"/internal/users/{segment(turn.user_id)}/profile",
            params={"domain": turn.domain, "sequence": sequence_of(*last), "wait_ms": int(self._deadline * 1000)},
            headers={"x-parley-tenant": str(turn.tenant_id), "x-request-id": turn.request_id},
        )
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        view = _ProfileView.model_validate_json(response.raise_for_status().content)
        return view.profile if view.complete else None
