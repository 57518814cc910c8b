"""The profiles service's internal API. The gateway has checked that the caller may see what it asks for."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

from services.profiles.reading import Person, Reader, Seen
from services.profiles.schemas import (
    LeadsView,
    LeadView,
    PeopleView,
    PeopleWanted,
    ProfileChange,
    ProfileView,
    ScoredView,
    ScoresView,
    TalliesView,
)
from services.profiles.store import LeadKey
from shared.domains.leads import LeadQuery, TallyQuery
from shared.errors import Reject
from shared.events.ids import TenantId, UserId
from shared.runtime.http import Problem
from shared.runtime.http.cursors import Cursors

Tenant = Annotated[TenantId, Header(alias="x-parley-tenant")]
Limit = Annotated[int, Query(ge=1, le=200)]
DomainName = Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]
Sequence = Annotated[int, Query(ge=0, description="The turn whose signals must be included.")]
WaitMs = Annotated[int, Query(ge=0, description="How long to wait for them.")]


@dataclass(frozen=True, slots=True)
class _Change:
    """A place in a history."""

    version: int


@dataclass(frozen=True, slots=True)
class _Page:
    limit: int
    cursor: str | None


async def _page(limit: Limit = 50, cursor: str | None = None) -> _Page:
    return _Page(limit, cursor)


Page = Annotated[_Page, Depends(_page)]

_LEADS = Cursors(LeadKey)
_HISTORY = Cursors(_Change)


def internal_routes(reader: Reader, longest_wait: timedelta) -> APIRouter:
    """Routes under /internal."""
    router = APIRouter(prefix="/internal")
    _add_profiles(router, reader, longest_wait)
    _add_changes(router, reader)
    _add_leads(router, reader)
    return router


def _add_profiles(router: APIRouter, reader: Reader, longest_wait: timedelta) -> None:

    @router.get("/users/{user_id:path}/profile/scores")
    async def read_scores(user_id: UserId, tenant: Tenant, page: Page, domain: DomainName = None) -> ScoresView:
        after = _HISTORY.decode(page.cursor)
        before = None if after is None else after.version
        history = await reader.history(Person(tenant, user_id, domain), before=before, limit=page.limit)
        if history is None:
            raise _unknown()
        following = None if history.following is None else _Change(history.following)
        return ScoresView(items=[ScoredView.of(each) for each in history.items], next_cursor=_HISTORY.encode(following))

    @router.get("/users/{user_id:path}/profile")
    async def read_profile(
        user_id: UserId, tenant: Tenant, domain: DomainName = None, sequence: Sequence = 0, wait_ms: WaitMs = 0
    ) -> ProfileView:
        wait = min(timedelta(milliseconds=wait_ms), longest_wait)
        return _view(await reader.person(Person(tenant, user_id, domain), sequence=sequence, wait=wait))

    @router.post("/people")
    async def read_people(tenant: Tenant, wanted: PeopleWanted) -> PeopleView:
        return PeopleView.of(await reader.portraits(tenant, wanted.user_ids, wanted.domain))


def _add_changes(router: APIRouter, reader: Reader) -> None:

    @router.post("/users/{user_id:path}/profile")
    async def create_profile(
        user_id: UserId, tenant: Tenant, change: ProfileChange, domain: Annotated[str, Query(min_length=1)]
    ) -> ProfileView:
        seen = await _kept(reader.create(Person(tenant, user_id, domain), domain, change.correction()))
        if seen is None:
            raise Problem(409, "profile_exists", "This person has a profile there: change it instead.")
        return _view(seen)

    @router.delete("/users/{user_id:path}/profile", status_code=204)
    async def delete_profile(user_id: UserId, tenant: Tenant, domain: DomainName = None) -> None:
        if not await reader.forget(Person(tenant, user_id, domain)):
            raise _unknown()

    @router.patch("/users/{user_id:path}/profile")
    async def change_profile(
        user_id: UserId, tenant: Tenant, change: ProfileChange, domain: DomainName = None
    ) -> ProfileView:
        seen = await _kept(reader.correct(Person(tenant, user_id, domain), change.correction()))
        if seen is None:
            raise Problem(422, "domain_required", "Name the domain: this person has no profile yet.", param="domain")
        return _view(seen)


def _add_leads(router: APIRouter, reader: Reader) -> None:

    @router.get("/leads")
    async def list_leads(tenant: Tenant, page: Page, wanted: Annotated[LeadQuery, Query()]) -> LeadsView:
        found = await reader.leads(tenant, wanted, after=_place(page.cursor, wanted), limit=page.limit)
        return LeadsView(
            items=[LeadView.of(each, each.scores) for each in found.items if each.scores is not None],
            next_cursor=_LEADS.encode(found.following),
        )

    @router.get("/tallies")
    async def read_tallies(tenant: Tenant, wanted: Annotated[TallyQuery, Query()]) -> TalliesView:
        return TalliesView(items=await reader.tallies(tenant, wanted))


def _place(cursor: str | None, wanted: LeadQuery) -> LeadKey | None:
    after = _LEADS.decode(cursor)
    if after is not None and isinstance(after.place, datetime) != (wanted.order == "last_active"):
        raise Problem(422, "invalid_cursor", "The page before had another order.", param="cursor")
    return after


async def _kept(change: Awaitable[Seen | None]) -> Seen | None:
    try:
        return await change
    except Reject as error:
        raise Problem(422, "too_many_facts", f"{error}.", param="body") from None


def _view(seen: Seen | None) -> ProfileView:
    if seen is None:
        raise _unknown()
    return ProfileView.of(seen)


def _unknown() -> Problem:
    return Problem(404, "unknown_profile", "Nothing is known of this person there.")
