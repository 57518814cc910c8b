"""What is done to the system, the same with a mutant and without."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from shared.runtime.failpoints import Point
from tests.faults.checker import Verdict
from tests.faults.mutants.scene import Scene, partition_of


async def redelivered_turn(scene: Scene) -> None:
    """The agent dies when it has published how a turn ended, and before it commits the offset."""
    with scene.recorder.fault("kill", "agent"):
        await scene.restart("agent", mutated=True, kills="agent.after_publish")
        session = await scene.open()
        ask = await scene.submit(session, "recall a")
        await scene.gone("agent")
        scene.start("agent", mutated=True)
        await scene.ready("agent")
    await scene.follow(ask)
    await scene.ask(session, "recall b")


async def redelivered_signals(scene: Scene) -> None:
    """profiles dies when it has stored an event, and before it commits the offset."""
    with scene.recorder.fault("kill", "profiles"):
        await scene.restart("profiles", mutated=True, kills="profiles.after_commit")
        session = await scene.open()
        ask = await scene.submit(session, "recall a")
        await scene.gone("profiles")
        scene.start("profiles", mutated=True)
        await scene.ready("profiles")
    await scene.follow(ask)
    await scene.ask(session, "recall b")


async def killed_while_streaming(scene: Scene) -> None:
    """The agent dies when a client has seen all frames of an answer, and before it commits the turn."""
    await scene.restart("gateway", mutated=True)
    session = await scene.open()
    with scene.recorder.fault("kill", "agent"):
        await scene.restart("agent", kills="agent.before_commit")
        asking = asyncio.create_task(scene.ask(session, "recall a"))
        await scene.gone("agent")
        scene.start("agent")
        await scene.ready("agent")
    await asking


async def killed_behind_a_quick_turn(scene: Scene) -> None:
    """The agent dies during a slow turn, when quick ones read after it have ended and been committed."""
    await scene.restart("agent", mutated=True)
    slow = await scene.open()
    beside, elsewhere = await scene.open_beside(slow), await scene.open_apart(slow)
    ask = await scene.submit(slow, "steadily 1 5 a")
    await scene.ask(beside, "recall b")
    await scene.ask(elsewhere, "recall c")
    await scene.committed(partition_of(elsewhere))
    with scene.recorder.fault("kill", "agent"):
        scene.kill("agent")
        await scene.gone("agent")
        scene.start("agent", mutated=True)
        await scene.ready("agent")
    await scene.follow(ask)


async def zombie_mid_stream(scene: Scene) -> None:
    """The agent is paused in the middle of an answer for so long that another one gives it."""
    await _outlived(scene, "agent.mid_stream")


async def zombie_before_commit(scene: Scene) -> None:
    """The agent is paused before it commits a turn for so long that another one answers it, and the next."""
    await _outlived(scene, "agent.before_commit")


async def _outlived(scene: Scene, point: Point) -> None:
    with scene.recorder.fault("pause", "agent"):
        await scene.restart("agent", mutated=True, stops=point)
        session = await scene.open()
        asking = asyncio.create_task(scene.ask(session, "steadily 2 0.1 a"))
        await scene.halted("agent", point)
        scene.start("agent-2")
        await scene.ready("agent-2")
        await asking
        await scene.ask(session, "recall b")
        scene.resume("agent")
        await scene.stop("agent")
    await scene.ask(session, "recall c")
    await scene.stop("agent-2")


Scenario = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Expected:
    """What brings a mutant to light, and what the checker has to say of it."""

    scenario: Scenario
    verdict: Verdict
    invariant: str


EXPECTED: Final = {
    "consumer-without-dedupe": Expected(redelivered_signals, Verdict.DUPLICATED, "I7"),
    "signals-lost-between-publishes": Expected(redelivered_turn, Verdict.LOST, "I7"),
    "reply-under-a-new-id": Expected(redelivered_turn, Verdict.DUPLICATED, "I3"),
    "splice-without-reset": Expected(killed_while_streaming, Verdict.DUPLICATED, "I9"),
    "committed-before-processing": Expected(killed_behind_a_quick_turn, Verdict.LOST, "I1"),
    "committed-past-unfinished-work": Expected(killed_behind_a_quick_turn, Verdict.LOST, "I1"),
    "zombie-tokens-accepted": Expected(zombie_mid_stream, Verdict.DUPLICATED, "I5"),
    "no-fence": Expected(zombie_before_commit, Verdict.DUPLICATED, "I6"),
}
