"""What a broken network does to those who talk through it."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from tests.faults.proxy import LOOPBACK, Cut, Delay, Direction, Dribble, Pass, Proxy, Stall
from tests.integration.runtime.kafka.waiting import until

AN_HOUR = 3600.0


class Upstream:
    """A server that answers in capitals and remembers what it was sent."""

    def __init__(self) -> None:
        self.received = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(100):
            self.received += piece
            writer.write(piece.upper())
        writer.close()


class Talk:
    """A client's connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def say(self, words: bytes) -> None:
        self.writer.write(words)

    async def hear(self, count: int) -> bytes:
        async with asyncio.timeout(10):
            return await self.reader.readexactly(count)


@pytest.fixture
async def upstream() -> AsyncIterator[tuple[Upstream, int]]:
    upstream = Upstream()
    server = await asyncio.start_server(upstream.serve, LOOPBACK, 0)
    async with server:
        yield upstream, server.sockets[0].getsockname()[1]


@pytest.fixture
async def proxy(upstream: tuple[Upstream, int]) -> AsyncIterator[Proxy]:
    async with Proxy(upstream[1]) as proxy:
        yield proxy


@pytest.fixture
async def talk(proxy: Proxy) -> AsyncIterator[Talk]:
    talk = await called(proxy)
    yield talk
    talk.writer.close()


async def called(proxy: Proxy) -> Talk:
    return Talk(*await asyncio.open_connection(LOOPBACK, proxy.port))


async def test_bytes_pass_both_ways_and_the_end_too(proxy: Proxy, talk: Talk) -> None:
    talk.say(b"x" * 300_000)
    assert await talk.hear(300_000) == b"X" * 300_000

    talk.writer.write_eof()

    assert await talk.reader.read() == b""
    await until(lambda: proxy.connections == 0)


async def test_a_cut_resets_what_is_open_and_what_comes_until_it_is_mended(proxy: Proxy, talk: Talk) -> None:
    talk.say(b"before")
    await talk.hear(6)

    proxy.mode = Cut()

    with pytest.raises(ConnectionResetError):
        await talk.reader.read()
    late = await called(proxy)
    with pytest.raises(ConnectionResetError):
        await late.reader.read()
    proxy.mode = Pass()
    again = await called(proxy)
    again.say(b"after")
    assert await again.hear(5) == b"AFTER"
    again.writer.close()


async def test_without_a_server_connections_are_reset(proxy: Proxy, upstream: tuple[Upstream, int]) -> None:
    async with Proxy(0) as nowhere:
        talk = await called(nowhere)
        with pytest.raises(ConnectionResetError):
            await talk.reader.read()


async def test_a_stall_one_way_holds_that_way_only_and_loses_nothing(
    proxy: Proxy, talk: Talk, upstream: tuple[Upstream, int]
) -> None:
    proxy.mode = Stall(Direction.TO_CLIENT)

    talk.say(b"hello")
    await until(lambda: upstream[0].received == b"hello" and proxy.held == 1)
    heard = asyncio.create_task(talk.hear(5))
    assert not heard.done()
    proxy.mode = Pass()

    assert await heard == b"HELLO"


async def test_a_stall_holds_requests_too(proxy: Proxy, talk: Talk, upstream: tuple[Upstream, int]) -> None:
    proxy.mode = Stall()

    talk.say(b"hello")
    await until(lambda: proxy.held == 1)
    assert upstream[0].received == b""
    proxy.mode = Pass()

    assert await talk.hear(5) == b"HELLO"


async def test_a_held_connection_can_be_cut(proxy: Proxy, talk: Talk) -> None:
    proxy.mode = Stall()
    talk.say(b"hello")
    await until(lambda: proxy.held == 1)

    proxy.mode = Cut()

    with pytest.raises(ConnectionResetError):
        await talk.reader.read()
    await until(lambda: (proxy.held, proxy.connections) == (0, 0))


async def test_a_dribble_lets_a_few_bytes_through_at_a_time(
    proxy: Proxy, talk: Talk, upstream: tuple[Upstream, int]
) -> None:
    proxy.mode = Dribble(2, every_seconds=AN_HOUR)

    talk.say(b"hello")
    await until(lambda: upstream[0].received == b"he" and proxy.held == 1)
    proxy.mode = Dribble(1, every_seconds=0.001)

    assert await talk.hear(5) == b"HELLO"


async def test_delayed_bytes_wait_and_arrive_in_order(proxy: Proxy, talk: Talk, upstream: tuple[Upstream, int]) -> None:
    proxy.mode = Delay(AN_HOUR)
    talk.say(b"one")
    await until(lambda: proxy.held == 1)
    assert upstream[0].received == b""

    proxy.mode = Delay(0.001, jitter_seconds=0.01)
    talk.say(b"two")

    assert await talk.hear(6) == b"ONETWO"


def test_the_same_seed_draws_the_same_delays() -> None:
    delay = Delay(1.0, jitter_seconds=0.5)
    one, other = Random(7), Random(7)  # noqa: S311 -- a fault must be repeatable

    drawn = [delay.drawn(one) for _ in range(10)]

    assert drawn == [delay.drawn(other) for _ in range(10)]
    assert all(1.0 <= seconds <= 1.5 for seconds in drawn)
    assert len(set(drawn)) == 10
