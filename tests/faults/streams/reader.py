"""One person who asks, hangs up anywhere, and goes on at the other gateway until the answer is whole."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from uuid import uuid4

import httpx
import orjson

from tests.faults.streams.connection import Answer, Connection
from tests.faults.streams.received import Received
from tests.faults.streams.tally import Tally
from tests.load.response import EventReader

TURN_WITHIN_SECONDS: Final = 90.0
MOST_CUTS: Final = 8
_AGAIN_SECONDS = 0.2
_LATER = frozenset({404, 429, 503})


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a connection is cut: after so many bytes of the body, or when nothing came for so long."""

    after_bytes: int
    after_seconds: float
    unheard: bool
    """True: right after the request, before any answer."""
    rudely: bool


class Reader:
    """A user with one session."""

    def __init__(self, gateways: Sequence[str], http: httpx.AsyncClient, random: Random) -> None:
        """`http` is for what is not streamed."""
        self.gateways = gateways
        self.random = random
        self.headers = {"X-Parley-User": f"reader-{uuid4().hex[:12]}"}
        self.session = ""
        self._http = http

    async def converse(self, tally: Tally, go_on: Callable[[], bool]) -> None:
        """Turn after turn while it is worth it."""
        if not self.session:
            self.session = await self._open()
        while go_on():
            await _Conversation(self, tally).finish()

    async def _open(self) -> str:
        answer = await self.request("POST", "/v1/sessions", json={"domain": "talkative"})
        return str(answer["session_id"])

    async def request(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """An ordinary request, repeated until some gateway answers it."""
        key = {"Idempotency-Key": uuid4().hex} if method == "POST" else {}
        async with asyncio.timeout(TURN_WITHIN_SECONDS):
            while True:
                url = self.random.choice(self.gateways) + path
                try:
                    answer = await self._http.request(method, url, headers=self.headers | key, **more)
                except httpx.TransportError:
                    answer = httpx.Response(503)
                if answer.is_success:
                    found: dict[str, Any] = answer.json()
                    return found
                await asyncio.sleep(_AGAIN_SECONDS)


class _Conversation:
    """One turn of a reader."""

    def __init__(self, reader: Reader, tally: Tally) -> None:
        self._reader = reader
        self._tally = tally
        self._random = reader.random
        self._at = self._random.randrange(len(reader.gateways))
        self._cuts = self._random.randint(1, MOST_CUTS)
        self._received = Received()
        self._turn: str | None = None
        steps, pause, sentences = self._random.randint(1, 8), self._random.uniform(0, 0.25), self._random.randint(1, 30)
        words = {"input": {"type": "text", "text": f"talk {steps} {pause:.3f} {sentences}"}}
        self._key, self._body = uuid4().hex, orjson.dumps(words)

    async def finish(self) -> None:
        """Ask, hang up, go on, until the end has come; then compare with what is stored."""
        received = self._received
        try:
            async with asyncio.timeout(TURN_WITHIN_SECONDS):
                while received.ended is None and not received.broken:
                    await self._connect(self._cut())
                    self._at = (self._at + 1) % len(self._reader.gateways)
            await self._compare()
        except TimeoutError:
            received.broken.append(f"no end within {TURN_WITHIN_SECONDS:g} s, last event {received.cursor}")
        self._tally.add(received, self._turn or "a turn that was never accepted")

    def _cut(self) -> Cut | None:
        if self._cuts == 0:
            return None
        self._cuts -= 1
        return Cut(
            after_bytes=self._random.randint(0, 1200),
            after_seconds=self._random.uniform(0.05, 1.0),
            unheard=self._random.random() < 0.1,
            rudely=self._random.random() < 0.5,
        )

    async def _connect(self, cut: Cut | None) -> None:
        connection: Connection | None = None
        began = time.perf_counter()
        try:
            connection = await Connection.open(self._reader.gateways[self._at])
            await self._ask(connection)
            if cut is not None and cut.unheard:
                self._tally.disconnects += 1
            elif await self._accepted(await connection.answered()):
                await self._read(connection, cut, began)
        except OSError:
            self._tally.interrupted += 1
            await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            if connection is not None:
                connection.hang_up(rudely=cut is not None and cut.rudely)

    async def _ask(self, connection: Connection) -> None:
        path = f"/v1/sessions/{self._reader.session}/turns"
        streams = self._reader.headers | {"Accept": "text/event-stream"}
        if self._turn is None:
            headers = {"Idempotency-Key": self._key, "Content-Type": "application/json"}
            await connection.ask("POST", path, streams | headers, self._body)
        else:
            cursor = {} if self._received.cursor is None else {"Last-Event-ID": self._received.cursor}
            await connection.ask("GET", f"{path}/{self._turn}/events", streams | cursor)

    async def _accepted(self, answer: Answer) -> bool:
        if answer.status == httpx.codes.OK:
            self._turn = answer.headers["content-location"].rpartition("/")[2]
            return True
        if answer.status == httpx.codes.NOT_FOUND:
            self._tally.unknown += 1
        elif answer.status in _LATER:
            self._tally.refused += 1
        else:
            self._received.broken.append(f"status {answer.status} after {self._received.cursor}")
        await asyncio.sleep(_AGAIN_SECONDS)
        return False

    async def _read(self, connection: Connection, cut: Cut | None, began: float) -> None:
        events, left = EventReader(), None if cut is None else cut.after_bytes
        chunks = connection.chunks()
        first = self._received.cursor is not None
        while True:
            try:
                async with asyncio.timeout(None if cut is None else cut.after_seconds):
                    chunk = await anext(chunks, None)
            except TimeoutError:
                break
            if chunk is None:
                return
            if first:
                self._tally.resumed_seconds.append(time.perf_counter() - began)
                first = False
            for event in events.feed(chunk if left is None else chunk[:left]):
                self._received.take(event)
            if left is not None:
                left -= len(chunk)
                if left <= 0:
                    break
        self._tally.disconnects += 1

    async def _compare(self) -> None:
        path = f"/v1/sessions/{self._reader.session}/turns/{self._turn}"
        stored = await self._reader.request("GET", path)
        self._received.check_stored(stored["status"], stored["reply"] and stored["reply"]["text"])
        if self._received.cursor is not None and self._random.random() < 0.1:
            await self._has_nothing_left()

    async def _has_nothing_left(self) -> None:
        connection = await Connection.open(self._random.choice(self._reader.gateways))
        await self._ask(connection)
        answer = await connection.answered()
        if answer.status == httpx.codes.OK:
            # Without an agent to ask, a gateway cannot know; it may wait then, but has nothing to say.
            events = EventReader()
            async for chunk in connection.chunks():
                for event in events.feed(chunk):
                    self._received.take(event)
        elif answer.status != httpx.codes.NO_CONTENT:
            self._received.broken.append(f"status {answer.status} after the end")
        connection.hang_up()
