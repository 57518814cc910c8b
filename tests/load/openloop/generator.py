"""The generator: begins turns when they are meant to begin, whatever became of those before. A process of its own."""

import asyncio
import time

from pydantic import BaseModel

from tests.load.openloop.arrivals import arrivals
from tests.load.openloop.crowd import Crowd
from tests.load.openloop.result import OpenLoop, Outcomes
from tests.load.probe import PATIENCE_SECONDS, Go, StoredSession, carry_out, microseconds
from tests.load.script import REPLY, prompt
from tests.load.turn import WatchedTurn

FEWEST_AT_HAND = 16


class OpenLoopOrder(BaseModel):
    """What to do: at `target`, begin `rate` turns a second; those of the first `warm_up` seconds are not measured."""

    target: str
    rate: float
    warm_up: float
    seconds: float
    seed: int
    stored: list[StoredSession] = []
    """Sessions to go on with; none: every user opens their own."""


class Generator:
    """Carries out one order."""

    def __init__(self, order: OpenLoopOrder) -> None:
        self._order = order
        self._crowd = Crowd(order.target, order.stored)
        self._result = OpenLoop(wanted_rate=order.rate, outcomes=Outcomes(seconds=order.seconds))
        self._visits: set[asyncio.Task[None]] = set()
        self._began = 0.0

    async def run(self, go: Go) -> OpenLoop:
        """Prepares, waits for the word, and begins turn after turn."""
        order = self._order
        await self._crowd.assemble(max(FEWEST_AT_HAND, round(order.rate)))
        await go()
        self._began = time.perf_counter()
        for number, moment in enumerate(arrivals(order.rate, order.warm_up + order.seconds, order.seed)):
            await self._until(self._began + moment)
            self._begin(number, moment)
        if self._visits:
            await asyncio.wait(self._visits, timeout=PATIENCE_SECONDS)
        await self._give_up()
        self._result.opened_late = self._crowd.opened_late
        self._result.failed_openings = self._crowd.failed_openings
        return self._result

    async def _until(self, moment: float) -> None:
        remaining = moment - time.perf_counter()
        if remaining > 0:
            await asyncio.sleep(remaining)

    def _begin(self, number: int, moment: float) -> None:
        visit = asyncio.create_task(self._visit(number, moment))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)
        self._result.most_at_once = max(self._result.most_at_once, len(self._visits))

    async def _visit(self, number: int, moment: float) -> None:
        turn = WatchedTurn(REPLY, time.perf_counter, began=self._began + moment)
        if self._counts(moment):
            self._result.lateness.record(microseconds(time.perf_counter() - turn.began))
        try:
            user = await self._crowd.take()
            try:
                await user.say(prompt(number), turn)
            except BaseException:
                self._crowd.dismiss(user)
                raise
        except asyncio.CancelledError:
            self._fail(moment, f"no answer within {PATIENCE_SECONDS} s after the end")
            raise
        except Exception as error:  # noqa: BLE001 (whatever kept the turn from its answer is counted and shown)
            self._fail(moment, f"{type(error).__name__}: {error}")
        else:
            self._crowd.give_back(user)
            self._record(moment, turn)

    def _counts(self, moment: float) -> bool:
        return moment >= self._order.warm_up

    def _record(self, moment: float, turn: WatchedTurn) -> None:
        self._result.turns += turn.ended is not None
        if self._counts(moment):
            self._result.outcomes.record(turn)
        else:
            self._result.warm_up_errors += bool(turn.violations)

    def _fail(self, moment: float, reason: str) -> None:
        if self._counts(moment):
            self._result.outcomes.fail(reason)
        else:
            self._result.warm_up_errors += 1

    async def _give_up(self) -> None:
        late = list(self._visits)
        for visit in late:
            visit.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._crowd.leave()


async def generate(order: OpenLoopOrder, go: Go) -> OpenLoop:
    """Turns at the order's rate."""
    return await Generator(order).run(go)


if __name__ == "__main__":
    carry_out(OpenLoopOrder, generate)
