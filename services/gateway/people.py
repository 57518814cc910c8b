"""Internal HTTP: what the gateway asks of profiles."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict

from services.gateway.clients import Model, ServiceClient
from services.gateway.principal import Principal
from services.gateway.schemas import LeadPage, ProfileChange, ProfileView, ScorePage
from shared.domains.leads import LeadQuery, Person, Tally, TallyQuery
from shared.domains.rescoring import ComparisonView, RescoringList, RescoringRequest, RescoringView
from shared.domains.surface import Page
from shared.errors import Unavailable
from shared.events.ids import UserId
from shared.runtime.http import segment


class _Items(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _People(_Items):
    items: tuple[Person, ...]


class _Tallies(_Items):
    items: tuple[Tally, ...]


class ProfilesClient(ServiceClient):
    """The keeper of what people want."""

    async def profile(self, caller: Principal, user_id: UserId, *, domain: str | None) -> ProfileView | None:
        """A person's profile in a domain, the last active one if none is named."""
        return await self._ask(caller, _profile(user_id), ProfileView, domain=domain)

    async def create(self, caller: Principal, user_id: UserId, *, domain: str, facts: ProfileChange) -> ProfileView:
        """Begin a person's profile; a 409 problem when there is one."""
        return _present(await self._change(caller, "POST", _profile(user_id), ProfileView, domain=domain, body=facts))

    async def change(
        self, caller: Principal, user_id: UserId, *, domain: str | None, change: ProfileChange
    ) -> ProfileView | None:
        """Set facts of a person; creates the profile when there is none."""
        return await self._change(caller, "PATCH", _profile(user_id), ProfileView, domain=domain, body=change)

    async def delete(self, caller: Principal, user_id: UserId, *, domain: str | None) -> bool:
        """Delete a person's profile, or those of all domains; False when there is none."""
        parameters = {} if domain is None else {"domain": domain}
        response = await self._send(caller, "DELETE", _profile(user_id), params=parameters)
        if response.status_code == httpx.codes.NOT_FOUND:
            return False
        self._check(response)
        return True

    async def scores(self, caller: Principal, user_id: UserId, *, domain: str | None, page: Page) -> ScorePage | None:
        """A person's scores, the latest first."""
        path = f"{_profile(user_id)}/scores"
        return await self._ask(caller, path, ScorePage, domain=domain, limit=page.limit, cursor=page.cursor)

    async def leads(self, caller: Principal, wanted: LeadQuery, page: Page) -> LeadPage:
        """A page of leads."""
        asked = wanted.model_dump(mode="json", exclude_defaults=True)
        return _present(await self._ask(caller, "/leads", LeadPage, **asked, limit=page.limit, cursor=page.cursor))

    async def people(self, caller: Principal, domain: str, user_ids: Sequence[str]) -> tuple[Person, ...]:
        """Those of these users who are known in a domain."""
        asked = {"domain": domain, "user_ids": [*user_ids]}
        return _present(await self._call(caller, "POST", "/people", _People, json=asked)).items

    async def tallies(self, caller: Principal, wanted: TallyQuery) -> tuple[Tally, ...]:
        """How often each thing was signalled, week by week."""
        return _present(await self._ask(caller, "/tallies", _Tallies, **wanted.model_dump(mode="json"))).items

    async def rescorings(self, caller: Principal) -> RescoringList:
        """The formulas, and the latest re-scorings."""
        return await self._rescoring(caller, "GET", "", RescoringList)

    async def start_rescoring(self, caller: Principal, wanted: RescoringRequest) -> RescoringView:
        """Begin to score everybody of a domain anew."""
        return await self._rescoring(caller, "POST", "", RescoringView, json=wanted.model_dump(mode="json"))

    async def rescoring(self, caller: Principal, run: UUID) -> RescoringView:
        """One re-scoring."""
        return await self._rescoring(caller, "GET", f"/{run}", RescoringView)

    async def compare_rescoring(self, caller: Principal, run: UUID) -> ComparisonView:
        """Its scores beside those that stand."""
        return await self._rescoring(caller, "GET", f"/{run}/comparison", ComparisonView)

    async def switch_rescoring(self, caller: Principal, run: UUID) -> RescoringView:
        """Put its formulas in force and its scores in place."""
        return await self._rescoring(caller, "POST", f"/{run}/switch", RescoringView)

    async def drop_rescoring(self, caller: Principal, run: UUID) -> None:
        """Give it up."""
        self._check(await self._send(caller, "DELETE", f"/rescorings/{run}"))

    async def _rescoring(self, caller: Principal, method: str, path: str, model: type[Model], **request: Any) -> Model:
        response = await self._send(caller, method, f"/rescorings{path}", **request)
        self._raise_refusal(response)
        return self._read(response, model)

    def _check(self, response: httpx.Response) -> None:
        self._raise_refusal(response)
        if not response.is_success:
            raise Unavailable(f"profiles: answered {response.status_code}")

    async def _change(
        self, caller: Principal, method: str, path: str, model: type[Model], *, domain: str | None, body: BaseModel
    ) -> Model | None:
        parameters: dict[str, Any] = {} if domain is None else {"domain": domain}
        content = body.model_dump(mode="json", exclude_unset=True)
        response = await self._send(caller, method, path, params=parameters, json=content)
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        self._raise_refusal(response)
        return self._read(response, model)


def _profile(user_id: UserId) -> str:
    return f"/users/{segment(user_id)}/profile"


def _present(found: Model | None) -> Model:
    if found is None:
        raise Unavailable("profiles: knows no such list")
    return found
