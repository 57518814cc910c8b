"""The parts of the proof: undisturbed, while agents die, and while Redis forgets."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from random import Random
from typing import Final

import httpx

from tests.faults.streams.reader import Reader
from tests.faults.streams.tally import Tally
from tests.faults.streams.trouble import agents_killed, nothing, redis_flushed
from tests.support.stack import Stack

LONGEST_SECONDS: Final = 240.0
_WRONG_ENOUGH: Final = 10


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the disconnects under one kind of trouble."""

    name: str
    share: float
    trouble: Callable[[Stack, Random], AbstractAsyncContextManager[None]]
    seen: Callable[[Tally], int]
    """How many turns show that the trouble was felt."""
    due: bool = True
    """Whether there have to be some, or must be none."""

    def is_over(self, tally: Tally, disconnects: int) -> bool:
        """Whether enough has happened to judge."""
        enough = tally.disconnects >= disconnects and (self.seen(tally) > 0 or not self.due)
        return enough or len(tally.wrong) >= _WRONG_ENOUGH

    def judge(self, tally: Tally) -> None:
        """Compare what clients have seen with what was due."""
        if (self.seen(tally) > 0) != self.due:
            tally.wrong.append(f"{self.seen(tally)} turns were reset or replaced, {'some' if self.due else 'none'} due")


PARTS: Final = (
    Part("undisturbed", 0.6, nothing, lambda tally: tally.reset + tally.snapshot, due=False),
    Part("agents killed", 0.2, agents_killed, lambda tally: tally.reset),
    Part("Redis flushed", 0.2, redis_flushed, lambda tally: tally.snapshot),
)


async def prove(stack: Stack, *, disconnects: int, readers: int, seed: int) -> Mapping[str, Tally]:
    """Let readers disconnect so often, in all; a tally for each part."""
    random = Random(seed)  # noqa: S311 -- repeatable
    gateways = [service.url for name, service in stack.services.items() if name.startswith("gateway")]
    tallies: dict[str, Tally] = {}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        everyone = [Reader(gateways, http, Random(random.random())) for _ in range(readers)]  # noqa: S311 -- repeatable
        for part in PARTS:
            async with part.trouble(stack, random):
                tallies[part.name] = await _read(part, everyone, round(disconnects * part.share))
    return tallies


async def _read(part: Part, readers: Sequence[Reader], disconnects: int) -> Tally:
    tally, gives_up_at = Tally(), time.monotonic() + LONGEST_SECONDS

    def go_on() -> bool:
        return not part.is_over(tally, disconnects) and time.monotonic() < gives_up_at

    await asyncio.gather(*(reader.converse(tally, go_on) for reader in readers))
    part.judge(tally)
    return tally
