"""Live frames on a real Redis: numbering, overtaken attempts, the inbox."""

from typing import Any
from uuid import uuid4

from services.agent.live import Append, Frame
from services.agent.store.frames import FrameStore
from shared.events.ids import TurnId
from shared.events.live import inbox_stream, turn_stream
from shared.runtime.redis import command_client
from tests.support.servers import Servers

HELLO, WORLD = Frame("delta", b'{"text":"hello "}'), Frame("delta", b'{"text":"world"}')


async def _ids(servers: Servers, key: str) -> list[tuple[str, str]]:
    redis = command_client(servers.redis)
    entries: Any = await redis.xrange(key)
    await redis.aclose()
    return [(entry.decode(), fields[b"e"].decode()) for entry, fields in entries]


async def test_frames_are_numbered_within_their_attempt(servers: Servers, frame_store: FrameStore) -> None:
    turn = TurnId(uuid4())

    await frame_store.append(Append(turn, 1000, 1, None, (HELLO, WORLD)))
    attempt = await frame_store.append(Append(turn, 1000, 3, None, (WORLD,)))

    assert attempt == 1000
    assert await _ids(servers, turn_stream(turn)) == [("1000-1", "delta"), ("1000-2", "delta"), ("1000-3", "delta")]


async def test_a_new_attempt_begins_with_reset_and_a_higher_number(servers: Servers, frame_store: FrameStore) -> None:
    turn = TurnId(uuid4())
    await frame_store.append(Append(turn, 1000, 1, None, (HELLO,)))

    attempt = await frame_store.append(Append(turn, 900, 1, None, (HELLO,)))

    assert attempt == 1001
    assert await _ids(servers, turn_stream(turn)) == [
        ("1000-1", "delta"),
        ("1001-0", "reset"),
        ("1001-1", "delta"),
    ]


async def test_an_overtaken_attempt_is_refused(servers: Servers, frame_store: FrameStore) -> None:
    turn = TurnId(uuid4())
    await frame_store.append(Append(turn, 1000, 1, None, (HELLO,)))
    await frame_store.append(Append(turn, 2000, 1, None, (HELLO,)))

    assert await frame_store.append(Append(turn, 1000, 2, None, (WORLD,))) == 0
    assert [entry for entry, _ in await _ids(servers, turn_stream(turn))] == ["1000-1", "2000-0", "2000-1"]


async def test_frames_reach_the_inbox_of_the_gateway_that_streams(servers: Servers, frame_store: FrameStore) -> None:
    turn, inbox = TurnId(uuid4()), uuid4().hex

    await frame_store.append(Append(turn, 1000, 1, inbox, (HELLO,)))

    redis = command_client(servers.redis)
    entries: Any = await redis.xrange(inbox_stream(inbox))
    await redis.aclose()
    [(_, fields)] = entries
    assert fields == {b"t": str(turn).encode(), b"i": b"1000-1", b"e": b"delta", b"d": HELLO.data}


async def test_scripts_survive_a_flushed_server(servers: Servers, frame_store: FrameStore) -> None:
    redis = command_client(servers.redis)
    await redis.script_flush()
    await redis.aclose()

    assert await frame_store.append(Append(TurnId(uuid4()), 1000, 1, None, (HELLO,))) == 1000
