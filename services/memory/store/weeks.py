"""Messages lie in partitions of a week each. They are made ahead; a message whose week has none makes it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from shared.errors import Reject
from shared.events.ids import TenantId
from shared.runtime.postgres import Database

_ENSURE = "select memory.ensure_week($1)"

NOBODY = TenantId(UUID(int=0))
"""Statements that concern no tenant run on a connection that sees no tenant's rows."""

Week = tuple[int, int]


class Weeks:
    """The partitions that this process knows to exist."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: set[Week] = set()

    async def ensure_ahead(self, now: datetime, *, weeks: int) -> None:
        """Make the partitions of this week and the next ones."""
        await self.ensure(now + timedelta(weeks=ahead) for ahead in range(weeks + 1))

    async def ensure(self, moments: Iterable[datetime]) -> None:
        """Make the partitions that messages of these moments need and this process has not seen yet.

        Raises `Reject` for a moment that is years away.
        """
        missing = {week_of(moment): moment for moment in moments if week_of(moment) not in self._known}
        for week, moment in sorted(missing.items()):
            try:
                async with self._database.tenant(NOBODY) as connection:
                    await connection.execute(_ENSURE, moment)
            except asyncpg.CheckViolationError as error:
                raise Reject("messages are of the last 3 years, or at most 10 weeks ahead") from error
            self._known.add(week)

    def forget(self, before: datetime) -> None:
        """Take nothing for granted about weeks before a moment: their partitions may be dropped."""
        self._known = {week for week in self._known if week >= week_of(before)}


def week_of(moment: datetime) -> Week:
    """ISO year and week, in UTC."""
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return year, week
