"""Faults of the network between a service and a server."""

import asyncio

from tests.faults.proxy import Cut, Direction, Dribble, Mode, Pass, Stall
from tests.faults.rig.fault import Fault, Scene
from tests.faults.rig.stand import Link


def cut(*links: Link, seconds: float) -> Fault:
    """Every connection is reset, and new ones too."""
    return _broken("cut", links, Cut(), seconds)


def stalled(*links: Link, direction: Direction, seconds: float) -> Fault:
    """Nothing gets through one way, or both; connections stay open."""
    ways = {Direction.TO_SERVER: "requests stalled", Direction.TO_CLIENT: "answers stalled"}
    return _broken(ways.get(direction, "stalled"), links, Stall(direction), seconds)


def dribbling(*links: Link, seconds: float) -> Fault:
    """Everything arrives, a few bytes at a time."""
    return _broken("dribbling", links, Dribble(100, 0.02), seconds)


def _broken(how: str, links: tuple[Link, ...], mode: Mode, seconds: float) -> Fault:
    async def inject(scene: Scene) -> None:
        proxies = [scene.stand.links[link] for link in links]
        for proxy in proxies:
            proxy.mode = mode
        try:
            await asyncio.sleep(seconds)
        finally:
            for proxy in proxies:
                proxy.mode = Pass()

    where = ", ".join(f"{service} to {server}" for service, server in links)
    return Fault(f"{how} for {seconds:g} s", where, inject, frozenset(service for service, _ in links))
