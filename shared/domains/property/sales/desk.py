"""What the sales view asks of the pack's tables. Its endpoints, which are for operators, have checked who asks."""

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.domains.property.listings import BookedVisit, CallWanted
from shared.domains.property.tools import PropertyTools

MOST = 2_000


class _Arguments(BaseModel):
    model_config = ConfigDict(frozen=True)


class VisitsOf(_Arguments):
    """Visits that begin in this stretch of time."""

    since: AwareDatetime
    until: AwareDatetime


class Visits(_Arguments):
    """Visits in their order, the earliest `MOST` of them."""

    items: tuple[BookedVisit, ...]


class Nothing(_Arguments):
    """Arguments of what needs none."""


class Calls(_Arguments):
    """Call-backs that wait to be made."""

    items: tuple[CallWanted, ...]


class CallMade(_Arguments):
    """That a call-back was made, and by whom."""

    call_id: UUID
    by: str
    at: AwareDatetime


class ProjectsNamed(_Arguments):
    """Which projects to name; all when it is empty."""

    ids: tuple[str, ...] = ()


class Project(_Arguments):
    """A project, as far as lists name it."""

    id: str
    project: str
    locality: str
    city: str


class Projects(_Arguments):
    """Projects by name."""

    items: tuple[Project, ...]


async def visits(tools: PropertyTools, wanted: VisitsOf) -> Visits:
    """Everybody's visits."""
    return Visits(items=await tools.desk.visits(wanted.since, wanted.until, limit=MOST))


async def calls(tools: PropertyTools, _: Nothing) -> Calls:
    """Everybody's call-backs."""
    return Calls(items=await tools.desk.calls(limit=MOST))


async def settle_call(tools: PropertyTools, made: CallMade) -> CallWanted | None:
    """Note that a call-back was made."""
    return await tools.desk.settle(made.call_id, made.by, made.at)


async def projects(tools: PropertyTools, wanted: ProjectsNamed) -> Projects:
    """Projects by their ids."""
    found = await (tools.named(wanted.ids) if wanted.ids else tools.all())
    return Projects(
        items=tuple(Project(id=each.id, project=each.project, locality=each.locality, city=each.city) for each in found)
    )


def starts_within(visit: BookedVisit, since: datetime, until: datetime) -> bool:
    """Whether a visit takes place in this stretch of time."""
    return visit.cancelled_at is None and since <= visit.starts_at < until
