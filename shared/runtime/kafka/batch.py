"""What one read brought, sorted into what is handled together and what runs in its lane afterwards."""

from collections.abc import Hashable, Iterator

from shared.runtime.kafka.work import BatchRoute, Work


class Batch:
    """Records that share a call, by route, and the others.

    A key keeps its order: once one of its records runs in a lane or needs another route, so does the rest.
    """

    __slots__ = ("_later", "_routes", "groups")

    def __init__(self) -> None:
        """Nothing has been read."""
        self._routes: dict[Hashable, BatchRoute | None] = {}
        self._later: list[tuple[Hashable, Work]] = []
        self.groups: dict[BatchRoute, list[tuple[Hashable, Work]]] = {}

    def add(self, key: Hashable, work: Work, route: BatchRoute | None) -> None:
        """Sort a record in; `route` is None if it must not share a call."""
        if route is None or self._routes.setdefault(key, route) is not route:
            self._routes[key] = None
            self._later.append((key, work))
        else:
            self.groups.setdefault(route, []).append((key, work))

    def rest(self) -> Iterator[tuple[Hashable, Work]]:
        """What runs in lanes: groups that are still here, and behind them the others."""
        for group in self.groups.values():
            yield from group
        yield from self._later
