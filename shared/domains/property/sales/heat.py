"""Which projects are looked at, week by week. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from shared.domains.leads import Tally
from shared.domains.property.listings import INDIA
from shared.domains.property.sales.desk import Project
from shared.domains.property.sales.views import HeatMap, HeatRow

_WEEK = timedelta(weeks=1)


def first_monday(now: datetime, weeks: int) -> date:
    """The Monday of the first of the last `weeks` weeks, this one included."""
    today = now.astimezone(INDIA).date()
    return today - timedelta(days=today.weekday()) - (weeks - 1) * _WEEK


def heat_map(tallies: Iterable[Tally], projects: Mapping[str, Project], first: date, weeks: int) -> HeatMap:
    """Projects by weeks from the Monday `first` on, the most views first. Projects that are gone are left out."""
    mondays = [first + number * _WEEK for number in range(weeks)]
    cells = {(each.name, date.fromisoformat(each.week)): each for each in tallies}
    names = {name for name, _ in cells} & projects.keys()
    rows = [_row(projects[name], [cells.get((name, monday)) for monday in mondays]) for name in names]
    return HeatMap(weeks=tuple(mondays), rows=tuple(sorted(rows, key=lambda each: (-each.total, each.id))))


def _row(project: Project, cells: Sequence[Tally | None]) -> HeatRow:
    views = tuple(cell.count if cell else 0 for cell in cells)
    return HeatRow(
        id=project.id,
        project=project.project,
        locality=project.locality,
        views=views,
        people=tuple(cell.people if cell else 0 for cell in cells),
        total=sum(views),
    )
