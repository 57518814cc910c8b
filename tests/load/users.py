"""The load generator: users who each say the next thing as soon as the last was answered. A process of its own."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from uuid import uuid4

import orjson

from tests.load.connection import Connection, request
from tests.load.probe import Go, Measured, Order, StoredSession, Tally, Window, carry_out, finish_all, microseconds
from tests.load.response import EventReader
from tests.load.script import DOMAIN, REPLY, prompt
from tests.load.turn import WatchedTurn

CONNECTING_AT_ONCE = 16


class User:
    """One user with a session of their own and a connection of their own."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection = Connection()
        self.name = f"reader-{uuid4()}"
        self.session_id = ""

    async def connect(self) -> None:
        """Connects."""
        host, _, port = self._address.partition(":")
        self._connection = await Connection.open(host, int(port))

    async def open_session(self, domain: str = DOMAIN) -> None:
        """Begins a conversation."""
        answer = bytearray()
        opening = request(self._address, "/v1/sessions", self.name, {"domain": domain})
        status = await self._connection.exchange(opening, answer.extend)
        if status not in {200, 201}:
            raise ConnectionError(f"no session: status {status}: {answer.decode(errors='replace')}")
        self.session_id = orjson.loads(answer)["session_id"]

    def take_up(self, name: str, session_id: str) -> None:
        """Goes on, as this user, with a session that exists."""
        self.name, self.session_id = name, session_id

    async def converse(self, tally: Tally, stored: Iterator[StoredSession]) -> None:
        """Turn after turn until the time is up or a promise is broken, each in the next stored session, if any."""
        number = 0
        while tally.window.is_open() and not tally.violations:
            self.take_up(*next(stored, (self.name, self.session_id)))
            turn = WatchedTurn(REPLY, time.perf_counter)
            turn.began = time.perf_counter()
            await self.say(prompt(number), turn)
            record(turn, tally)
            number += 1
        self.close()

    async def say(self, text: str, turn: WatchedTurn) -> None:
        """One turn, as `turn` sees it."""
        events, rest = EventReader(), bytearray()

        def on_body(data: bytes) -> None:
            for event in events.feed(data):
                turn.take(event)
            if not turn.events:
                rest.extend(data)

        path, body = f"/v1/sessions/{self.session_id}/turns", {"input": {"type": "text", "text": text}}
        asked = request(self._address, path, self.name, body, accept="text/event-stream")
        turn.finish(await self._connection.exchange(asked, on_body), bytes(rest))

    def close(self) -> None:
        """Hangs up."""
        self._connection.close()


async def gather(users: Sequence[User], domain: str = DOMAIN) -> None:
    """Connects them all and opens a session for each."""

    async def come(user: User) -> None:
        await user.connect()
        await user.open_session(domain)

    for first in range(0, len(users), CONNECTING_AT_ONCE):
        await asyncio.gather(*(come(user) for user in users[first : first + CONNECTING_AT_ONCE]))


def record(turn: WatchedTurn, tally: Tally) -> None:
    """Adds a finished turn to what was measured."""
    tally.violations += turn.violations
    if turn.violations or turn.accepted is None or turn.first_token is None or turn.ended is None:
        return
    tally.snapshots += turn.snapshots
    tally.events.add(turn.events)
    if tally.covers(turn.ended):
        tally.accepted.append(microseconds(turn.accepted - turn.began))
        tally.first_token.append(microseconds(turn.first_token - turn.began))
        tally.whole.append(microseconds(turn.ended - turn.began))


async def use(order: Order, go: Go) -> Measured:
    """Users at `order.target`, a host and a port."""
    users = [User(order.target) for _ in range(order.at_once)]
    await gather(users)
    await go()
    tally, stored = Tally(Window.of(order)), cycle(order.stored)
    await finish_all([asyncio.create_task(user.converse(tally, stored)) for user in users], tally)
    return tally.measured()


if __name__ == "__main__":
    carry_out(Order, use)
