"""Several faults at once, drawn from a seed."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from tests.faults.rig.fault import Fault, Scene


def together(faults: Sequence[Fault]) -> Fault:
    """All of them begin within a moment of each other; each heals in its own time."""

    async def inject(scene: Scene) -> None:
        async with asyncio.TaskGroup() as injections:
            for fault in faults:
                injections.create_task(fault.inject(scene))
                await asyncio.sleep(scene.random.uniform(0.0, 2.0))

    names, targets = (" + ".join(each) for each in zip(*((fault.name, fault.target) for fault in faults), strict=True))
    return Fault(names, targets, inject, frozenset().union(*(fault.breaks for fault in faults)))


def drawn(faults: Mapping[str, Fault], seed: int) -> Iterator[tuple[str, Fault]]:
    """Without end: one fault by name, often two, now and then three, none on what another one breaks."""
    random = Random(seed)  # noqa: S311 -- a run must be repeatable
    while True:
        names = random.sample(sorted(faults), random.choice((1, 1, 2, 2, 3)))
        chosen: dict[str, Fault] = {}
        for name in names:
            if all(faults[name].breaks.isdisjoint(other.breaks) for other in chosen.values()):
                chosen[name] = faults[name]
        yield "+".join(chosen), together(list(chosen.values())) if len(chosen) > 1 else chosen[names[0]]
