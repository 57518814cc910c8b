"""Waits until every service has dealt with all that was published."""

from datetime import timedelta
from typing import Final

from shared.runtime.polling import read_until
from tests.load.lag import looking
from tests.support.servers import Servers

_WITHIN: Final = timedelta(seconds=40)
_SERVICES: Final = frozenset({"agent", "gateway-erasures", "memory", "profiles"})


async def caught_up(servers: Servers) -> None:
    """Return once none of the services that run is behind; tests leave groups of their own behind on these servers."""

    async def behind() -> dict[str, int]:
        groups = await lag.by_group()
        return {group: records for group, records in groups.items() if group in _SERVICES and records}

    async with looking(servers.kafka) as lag:
        left = await read_until(behind, lambda groups: not groups, within=_WITHIN)
    assert left == {}
