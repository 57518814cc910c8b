"""Who holds something of people: the services behind the gateway, and the gateway itself where it has tables."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict

from services.gateway.clients import ServiceClient
from services.gateway.principal import Principal
from shared.errors import Unavailable
from shared.events.ids import UserId
from shared.privacy.routes import lines
from shared.privacy.store import Person, PersonalData
from shared.runtime.http import segment

_END = "{}"


class Erased(BaseModel):
    """How far an erasure is with one of them."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)

    erased_at: datetime
    completed_at: datetime | None
    removed: dict[str, int]


class Holder(Protocol):
    """One of them. Every method may raise `Unavailable`."""

    @property
    def name(self) -> str:
        """As `ErasureCompleted` names it."""

    def export(self, caller: Principal, user_id: UserId) -> AsyncIterator[str]:
        """What it holds of a person: a line of JSON for each row, with `table` and `row`."""

    async def erasure(self, caller: Principal, user_id: UserId, erasure_id: UUID) -> Erased | None:
        """How far an erasure is there; None when it has not begun."""


class RemoteHolder(ServiceClient):
    """A service behind the gateway."""

    @property
    def name(self) -> str:
        return self._name

    async def export(self, caller: Principal, user_id: UserId) -> AsyncIterator[str]:
        path, headers = f"/internal/people/{segment(user_id)}/data", self._headers(caller)
        line = ""
        try:
            async with self._http.stream("GET", path, headers=headers) as response:
                if not response.is_success:
                    raise Unavailable(f"{self._name}: answered {response.status_code}")
                async for line in response.aiter_lines():
                    if line != _END:
                        yield line
        except httpx.HTTPError as error:
            raise Unavailable(f"{self._name}: {type(error).__name__}") from error
        if line != _END:
            raise Unavailable(f"{self._name}: broke off")

    async def erasure(self, caller: Principal, user_id: UserId, erasure_id: UUID) -> Erased | None:
        return await self._ask(caller, f"/people/{segment(user_id)}/erasures/{erasure_id}", Erased)


class OwnHolder:
    """The gateway's own tables."""

    name = "gateway"

    def __init__(self, data: PersonalData) -> None:
        self._data = data

    async def export(self, caller: Principal, user_id: UserId) -> AsyncIterator[str]:
        async for line in lines(self._data.export(Person(caller.tenant_id, user_id))):
            if line.strip() != _END.encode():
                yield line.decode()

    async def erasure(self, caller: Principal, user_id: UserId, erasure_id: UUID) -> Erased | None:
        found = await self._data.find(Person(caller.tenant_id, user_id), erasure_id)
        return None if found is None else Erased.model_validate(found)
