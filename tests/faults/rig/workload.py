"""Load under which faults are injected: people who talk, each with a will of their own that a seed decides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Final

from tests.faults.history import Recorder
from tests.faults.rig.person import Ask, Person, Style
from tests.faults.rig.stand import Stand

PEOPLE: Final = 16
_THINKS_SECONDS: Final = 0.4
_SESSION_TURNS: Final = (4, 12)
_STYLES: Final[tuple[Style, ...]] = ("stream", "stream", "wait", "look")


class Talk:
    """What one person says, until told to stop."""

    def __init__(self, person: Person, random: Random, stopping: asyncio.Event) -> None:
        self._person = person
        self._random = random
        self._stopping = stopping
        self._said = 0

    async def run(self) -> None:
        """Session after session; what was begun is followed to its end."""
        try:
            while not self._stopping.is_set():
                session = await self._person.open()
                if session is not None:
                    await self._talk(session)
        finally:
            await self._person.close()

    async def _talk(self, session: str) -> None:
        for _ in range(self._random.randint(*_SESSION_TURNS)):
            if self._stopping.is_set():
                return
            await self._turns(session)
            await asyncio.sleep(self._random.expovariate(1 / _THINKS_SECONDS))
        if self._random.random() < 0.1:
            await self._person.delete(session)

    async def _turns(self, session: str) -> None:
        """Mostly one turn; now and then a few at once, or one that is stopped."""
        drawn = self._random.random()
        count = self._random.randint(2, 4) if drawn < 0.1 else 1
        style: Style = "look" if count > 1 else self._random.choice(_STYLES)
        asks = [self._ask(session, style) for _ in range(count)]
        for ask in asks:
            await self._person.submit(ask)
        if drawn > 0.97 and asks[0].turn is not None:
            await self._person.cancel(asks[0])
        for ask in asks:
            await self._person.follow(ask)

    def _ask(self, session: str, style: Style) -> Ask:
        self._said += 1
        return Ask(session, self._words(f"t{self._said}"), style, key=f"{self._said}")

    def _words(self, tag: str) -> str:
        drawn = self._random.random()
        if drawn < 0.1:
            return "count"
        if drawn < 0.4:
            return f"steadily {self._random.randint(2, 5)} {self._random.choice((0.05, 0.1, 0.3))} {tag}"
        return f"recall {tag}"


@asynccontextmanager
async def load(stand: Stand, recorder: Recorder, name: str) -> AsyncIterator[None]:
    """People named after `name` talk for as long as the context lasts; afterwards what they began has ended."""
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as people:
        for number in range(PEOPLE):
            random = Random(f"{stand.seed}:{name}:{number}")  # noqa: S311 -- a run must be repeatable
            person = Person(f"{name[:60]}.{number}", stand.gateways, recorder, random)
            people.create_task(Talk(person, random, stopping).run())
        try:
            yield
        finally:
            stopping.set()
