"""Waits until every service has dealt with all that was published."""

from datetime import timedelta

from shared.runtime.polling import read_until
from tests.load.lag import looking
from tests.support.servers import Servers

_WITHIN = timedelta(seconds=40)


async def caught_up(servers: Servers) -> None:
    """Return once no consumer group is behind."""
    async with looking(servers.kafka) as lag:
        behind = await read_until(lag.by_group, lambda groups: not any(groups.values()), within=_WITHIN)
    assert not any(behind.values()), behind
