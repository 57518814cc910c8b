"""Idle streams: people who each wait for an answer that takes long, as with a slow model. A process of its own.

That is what front ends hold: the stream of the turn that was just said, opened by the same request. Nothing comes on
it but heartbeats, and every stream must still end with its answer.
"""

import asyncio
import time

from pydantic import BaseModel

from tests.load.probe import MOST_VIOLATIONS, PATIENCE_SECONDS, Go, carry_out
from tests.load.response import ServerEvent
from tests.load.turn import WatchedTurn
from tests.load.users import CONNECTING_AT_ONCE, User, gather
from tests.support.scripted import DOMAIN

ANSWER = "hello"


class IdleOrder(BaseModel):
    """Hold so many streams at `target`, whose turns each take so many seconds."""

    target: str
    streams: int
    seconds: float


class Held(BaseModel):
    """What became of them."""

    streams: int
    ended_early: int
    """Before the word came that they may end: if any did, they were not idle all the time."""
    answered: int
    violations: int
    examples: list[str]


class IdleTurn(WatchedTurn):
    """A turn that tells when its stream has begun."""

    def __init__(self) -> None:
        super().__init__(ANSWER, time.perf_counter)
        self.begun = asyncio.Event()

    def take(self, event: ServerEvent) -> None:
        super().take(event)
        self.begun.set()

    async def last(self, user: User, seconds: float) -> None:
        """From the request to the end of the stream."""
        try:
            await user.say(f"slowly {seconds:g} {ANSWER}", self)
        except ConnectionError as error:
            self.violations.append(repr(error))
        finally:
            self.begun.set()


async def hold(order: IdleOrder, go: Go) -> Held:
    """Opens every stream, says so, and after the word waits for all answers."""
    users = [User(order.target) for _ in range(order.streams)]
    await gather(users, DOMAIN.name)
    turns = [IdleTurn() for _ in users]
    streams: list[asyncio.Task[None]] = []
    for first in range(0, len(users), CONNECTING_AT_ONCE):
        some = slice(first, first + CONNECTING_AT_ONCE)
        pairs = zip(turns[some], users[some], strict=True)
        streams += [asyncio.create_task(turn.last(user, order.seconds)) for turn, user in pairs]
        await asyncio.gather(*(turn.begun.wait() for turn in turns[some]))
    await go()
    early = sum(stream.done() for stream in streams)
    return await _end(turns, streams, early, order.seconds + PATIENCE_SECONDS)


async def _end(turns: list[IdleTurn], streams: list["asyncio.Task[None]"], early: int, within: float) -> Held:
    _, stuck = await asyncio.wait(streams, timeout=within)
    for stream in stuck:
        stream.cancel()
    await asyncio.gather(*stuck, return_exceptions=True)
    wrong = [violation for turn in turns for violation in turn.violations] + ["no answer"] * len(stuck)
    return Held(
        streams=len(turns),
        ended_early=early,
        answered=sum(turn.ended is not None for turn in turns),
        violations=len(wrong),
        examples=wrong[:MOST_VIOLATIONS],
    )


if __name__ == "__main__":
    carry_out(IdleOrder, hold)
