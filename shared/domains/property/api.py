"""The property pack's own endpoints: the sales view, for operators."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from shared.domains.leads import LeadQuery, Person
from shared.domains.moments import Moment
from shared.domains.property.listings import INDIA, BookedVisit, CallWanted
from shared.domains.property.sales.calendar import calendar
from shared.domains.property.sales.desk import (
    CallMade,
    Calls,
    Nothing,
    Project,
    Projects,
    ProjectsNamed,
    Visits,
    VisitsOf,
)
from shared.domains.property.sales.heat import first_monday, heat_map
from shared.domains.property.sales.people import VISITED_LATELY, contact, follow_ups, suggestions, summary
from shared.domains.property.sales.views import (
    CallDone,
    Contact,
    FollowUps,
    HeatMap,
    PlannedVisit,
    Suggestions,
    Summaries,
    VisitList,
)
from shared.domains.surface import Page, Principal, Surface
from shared.runtime.process import utc_now

_AHEAD: Final = timedelta(days=90)
_LATEST: Final = datetime.max.replace(tzinfo=UTC) - _AHEAD
_BEHIND: Final = timedelta(days=30)
_LEADS: Final = Page(limit=100)


async def _page(
    limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: Annotated[str | None, Query(max_length=512)] = None
) -> Page:
    return Page(limit, cursor)


ThePage = Annotated[Page, Depends(_page)]
Caller = Annotated[
    str | None, Query(max_length=128, description="Who asks, where a program cannot send X-Parley-User.")
]


def routes(surface: Surface) -> APIRouter:
    """The endpoints of this pack."""
    router = APIRouter(prefix="/v1/sales", tags=["sales"])
    desk = _Desk(surface)
    _add_leads(router, surface, desk)
    _add_work(router, surface, desk)
    _add_visits(router, surface, desk)
    return router


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the agent and profiles know, on behalf of an operator."""

    surface: Surface

    async def visits(self, caller: Principal, since: datetime, until: datetime) -> tuple[BookedVisit, ...]:
        found = await self.surface.operate(caller, "sales_visits", VisitsOf(since=since, until=until))
        return Visits.model_validate(found).items

    async def calls(self, caller: Principal) -> tuple[CallWanted, ...]:
        return Calls.model_validate(await self.surface.operate(caller, "sales_calls", Nothing())).items

    async def settle(self, caller: Principal, call_id: UUID) -> CallWanted:
        made = CallMade(call_id=call_id, by=caller.user_id, at=utc_now())
        return CallWanted.model_validate(await self.surface.operate(caller, "sales_call_made", made))

    async def projects(self, caller: Principal, ids: Iterable[str]) -> dict[str, Project]:
        wanted = ProjectsNamed(ids=tuple(sorted(set(ids))))
        if not wanted.ids:
            return {}
        found = Projects.model_validate(await self.surface.operate(caller, "sales_projects", wanted))
        return {each.id: each for each in found.items}

    async def people(self, caller: Principal, user_ids: Iterable[str]) -> dict[str, Person]:
        found = await self.surface.people(caller, [*dict.fromkeys(user_ids)])
        return {each.profile.user_id: each for each in found}

    async def leads(self, caller: Principal, wanted: LeadQuery) -> list[Person]:
        """The first leads, whole."""
        listed = await self.surface.leads(caller, wanted, _LEADS)
        known = await self.people(caller, listed.user_ids)
        return [known[each] for each in listed.user_ids if each in known]


def _add_leads(router: APIRouter, surface: Surface, desk: _Desk) -> None:

    @router.get("/leads", summary="Leads on cards")
    async def list_summaries(request: Request, page: ThePage, wanted: Annotated[LeadQuery, Query()]) -> Summaries:
        """What each lead is looking for, why the scores are what they are, and the next step."""
        caller = surface.operator(request)
        listed = await surface.leads(caller, wanted, page)
        known = await desk.people(caller, listed.user_ids)
        people = [known[each] for each in listed.user_ids if each in known]
        projects = await desk.projects(caller, (name for each in people for name in each.profile.views))
        now = utc_now()
        coming = _next_visits(await desk.visits(caller, now, now + _AHEAD))
        items = [
            summary(each, each.scores, projects, coming.get(each.profile.user_id)) for each in people if each.scores
        ]
        return Summaries(items=tuple(items), next_cursor=listed.next_cursor)

    @router.get("/heatmap", summary="Interest by project and week")
    async def get_heat_map(request: Request, weeks: Annotated[int, Query(ge=1, le=52)] = 8) -> HeatMap:
        """How often each project was looked at in each of the last weeks, and by how many people."""
        caller = surface.operator(request)
        first = first_monday(utc_now(), weeks)
        since = datetime.combine(first, time(), INDIA)
        tallies = await surface.tallies(caller, "view", since, "Asia/Kolkata")
        projects = await desk.projects(caller, (each.name for each in tallies))
        return heat_map(tallies, projects, first, weeks)

    @router.get("/suggestions", summary="Who keeps looking at what")
    async def list_suggestions(request: Request) -> Suggestions:
        """Projects that the hundred likeliest leads keep viewing without having booked a visit, with words to say."""
        caller = surface.operator(request)
        people = await desk.leads(caller, LeadQuery())
        projects = await desk.projects(caller, (name for each in people for name in each.profile.views))
        return Suggestions(items=suggestions(people, projects))


def _add_work(router: APIRouter, surface: Surface, desk: _Desk) -> None:

    @router.get("/followups", summary="What is due")
    async def list_follow_ups(request: Request) -> FollowUps:
        """Calls to make, visits to confirm or to ask about, objections to answer, leads that are stuck."""
        caller, now = surface.operator(request), utc_now()
        leads = {each.profile.user_id: each for each in await desk.leads(caller, LeadQuery())}
        visits = await desk.visits(caller, now - VISITED_LATELY, now + timedelta(days=2))
        calls = await desk.calls(caller)
        others = ({each.user_id for each in visits} | {each.user_id for each in calls}) - leads.keys()
        return FollowUps(items=follow_ups({**leads, **await desk.people(caller, others)}, visits, calls, now))

    @router.post("/calls/{call_id}/done", summary="Note that a call-back was made")
    async def finish_call(request: Request, call_id: UUID) -> CallDone:
        """Takes a call-back from the list of what is due. Saying it again changes nothing."""
        made = await desk.settle(surface.operator(request), call_id)
        return CallDone.model_validate(made, from_attributes=True)


def _add_visits(router: APIRouter, surface: Surface, desk: _Desk) -> None:

    @router.get("/visits", summary="Visits to sites")
    async def list_visits(request: Request, since: Moment | None = None, until: Moment | None = None) -> VisitList:
        """Visits from now, or `since`, on; cancelled ones are marked."""
        caller, start = surface.operator(request), since or utc_now()
        visits = await desk.visits(caller, start, until or min(start, _LATEST) + _AHEAD)
        people = await desk.people(caller, (each.user_id for each in visits))
        return VisitList(items=tuple(_planned(each, contact(people, each.user_id)) for each in visits))

    @router.get(
        "/visits.ics",
        summary="Visits as a calendar to subscribe to",
        response_class=Response,
        responses={200: {"content": {"text/calendar": {}}}, 304: {"description": "Nothing has changed."}},
    )
    async def get_calendar(
        request: Request,
        user_id: Caller = None,
    ) -> Response:
        """All visits from 30 days ago to 90 days ahead, in iCalendar. Poll it with If-None-Match."""
        caller, now = surface.operator(request, user_id), utc_now()
        visits = await desk.visits(caller, now - _BEHIND, now + _AHEAD)
        known = await desk.people(caller, (each.user_id for each in visits))
        who = {each.user_id: contact(known, each.user_id) for each in visits}
        return _calendar_response(request, calendar(visits, who))


def _planned(visit: BookedVisit, who: Contact) -> PlannedVisit:
    return PlannedVisit(
        id=visit.id,
        who=who,
        project=visit.project,
        locality=visit.locality,
        starts_at=visit.starts_at,
        cancelled=visit.cancelled_at is not None,
    )


def _next_visits(visits: Iterable[BookedVisit]) -> dict[str, BookedVisit]:
    """The next visit of each user."""
    coming: dict[str, BookedVisit] = {}
    for visit in visits:
        if visit.cancelled_at is None:
            coming.setdefault(visit.user_id, visit)
    return coming


def _calendar_response(request: Request, content: bytes) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = 'inline; filename="visits.ics"'
    return Response(content, headers=headers, media_type="text/calendar; charset=utf-8")
