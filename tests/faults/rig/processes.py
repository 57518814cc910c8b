"""Faults of our own processes."""

import asyncio
from typing import Final

from shared.runtime.failpoints import Point
from tests.faults.rig.fault import EVERYTHING, Fault, NotInjectedError, Scene

PAST_SESSION_SECONDS: Final = 14.0
"""Longer than Kafka waits for a silent member of a group: its partitions have moved when it wakes."""
_REACHED_SECONDS: Final = 30.0


def killed(*names: str) -> Fault:
    """SIGKILL, all of them at once; a supervisor starts them again."""

    async def inject(scene: Scene) -> None:
        for name in names:
            scene.stand.service(name).kill()
        await _started(scene, *names)

    return Fault("killed", " + ".join(names), inject, frozenset(names))


def paused(name: str, seconds: float) -> Fault:
    """SIGSTOP for a while, then SIGCONT."""

    async def inject(scene: Scene) -> None:
        service = scene.stand.service(name)
        service.pause()
        try:
            await asyncio.sleep(seconds)
        finally:
            service.resume()

    return Fault(f"paused for {seconds:g} s", name, inject, frozenset({name}))


def stopped(name: str) -> Fault:
    """SIGTERM while turns are being answered; it is started again when it has ended."""

    async def inject(scene: Scene) -> None:
        await scene.stand.keeper.restart(name)

    return Fault("stopped", name, inject, frozenset({name}))


def rolled() -> Fault:
    """Every service restarted, one after the other, each once the one before is ready."""

    async def inject(scene: Scene) -> None:
        for name in scene.stand.stack.services:
            await scene.stand.keeper.restart(name)
            await scene.stand.ready(name)

    return Fault("restarted one by one", "all services", inject, EVERYTHING)


def dying_at(points: dict[str, Point], *, nth: int = 5, provoked_by: Fault | None = None) -> Fault:
    """Each service kills itself at a failpoint, when it passes there for the `nth` time; they are armed together."""

    async def inject(scene: Scene) -> None:
        await asyncio.gather(*(_arm(scene, name, point, nth) for name, point in points.items()))
        if provoked_by is not None:
            await provoked_by.inject(scene)
        await asyncio.gather(*(_died(scene, name) for name in points))
        await _started(scene, *points)

    return Fault(f"killed at {', '.join(points.values())}", " + ".join(points), inject, frozenset(points))


async def _arm(scene: Scene, name: str, point: Point, nth: int) -> None:
    await scene.stand.keeper.restart(name, PARLEY_FAILPOINTS=f"{point}=kill@{nth}")


async def _died(scene: Scene, name: str) -> None:
    """Wait until an armed service is gone."""
    try:
        async with asyncio.timeout(_REACHED_SECONDS):
            await scene.stand.keeper.died(name)
    except TimeoutError:
        raise NotInjectedError(f"{name} did not come to its failpoint within {_REACHED_SECONDS:g} s") from None


async def _started(scene: Scene, *names: str) -> None:
    await asyncio.gather(*(scene.stand.keeper.started(name) for name in names))
