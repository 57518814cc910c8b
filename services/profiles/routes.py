"""The profiles service's internal API. The gateway has checked that the caller may see what it asks for."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Query

from services.profiles.reading import Person, Reader, Seen
from services.profiles.schemas import LeadsView, LeadView, ProfileChange, ProfileView
from services.profiles.store import LeadKey, Wanted
from shared.events.ids import TenantId, UserId
from shared.events.profiles import Temperature
from shared.runtime.http import Problem
from shared.runtime.http.cursors import Cursors

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]
Limit = Annotated[int, Query(ge=1, le=200)]
DomainName = Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]
Sequence = Annotated[int, Query(ge=0, description="The turn whose signals must be included.")]
WaitMs = Annotated[int, Query(ge=0, description="How long to wait for them.")]

_LEADS = Cursors(LeadKey)


def internal_routes(reader: Reader, longest_wait: timedelta) -> APIRouter:
    """Routes under /internal."""
    router = APIRouter(prefix="/internal")

    @router.get("/users/{user_id:path}/profile")
    async def read_profile(
        user_id: UserId, tenant: Tenant, domain: DomainName = None, sequence: Sequence = 0, wait_ms: WaitMs = 0
    ) -> ProfileView:
        wait = min(timedelta(milliseconds=wait_ms), longest_wait)
        return _view(await reader.person(Person(tenant, user_id, domain), sequence=sequence, wait=wait))

    @router.patch("/users/{user_id:path}/profile")
    async def change_profile(
        user_id: UserId, tenant: Tenant, change: ProfileChange, domain: DomainName = None
    ) -> ProfileView:
        seen = await reader.correct(Person(tenant, user_id, domain), change.correction())
        if seen is None:
            raise Problem(422, "domain_required", "Name the domain: this person has no profile yet.", param="domain")
        return _view(seen)

    @router.get("/leads")
    async def list_leads(
        tenant: Tenant,
        domain: DomainName = None,
        temperature: Temperature | None = None,
        limit: Limit = 50,
        cursor: str | None = None,
    ) -> LeadsView:
        page = await reader.leads(tenant, Wanted(domain, temperature), after=_LEADS.decode(cursor), limit=limit)
        return LeadsView(
            items=[LeadView.of(each, each.scores) for each in page.items if each.scores is not None],
            next_cursor=_LEADS.encode(page.following),
        )

    return router


def _view(seen: Seen | None) -> ProfileView:
    if seen is None:
        raise Problem(404, "unknown_profile", "Nothing is known of this person there.")
    return ProfileView.of(seen)
