"""Live frames on a real Redis: numbering, overtaken attempts, the inbox."""

from typing import Any
from uuid import uuid4

from services.agent.live import Append, Frame, Place
from services.agent.store.frames import FrameStore
from shared.events.ids import OPEN_TENANT, SessionId, TurnId
from shared.events.live import inbox_stream, turn_stream
from shared.runtime.redis import command_client
from tests.support.servers import Servers

HELLO, WORLD = Frame("delta", b'{"text":"hello "}'), Frame("delta", b'{"text":"world"}')


def a_turn(*, inbox: str | None = None) -> Place:
    session = SessionId(uuid4())
    return Place(tenant_id=OPEN_TENANT, session_id=session, turn_id=TurnId(uuid4()), turn_no=3, inbox=inbox)


async def _ids(servers: Servers, key: str) -> list[tuple[str, str]]:
    redis = command_client(servers.redis)
    entries: Any = await redis.xrange(key)
    await redis.aclose()
    return [(entry.decode(), fields[b"e"].decode()) for entry, fields in entries]


async def test_frames_are_numbered_within_their_attempt(servers: Servers, frame_store: FrameStore) -> None:
    turn = a_turn()

    await frame_store.append(Append(turn, 1000, 1, (HELLO, WORLD)))
    attempt = await frame_store.append(Append(turn, 1000, 3, (WORLD,)))

    assert attempt == 1000
    assert await _ids(servers, turn_stream(turn.turn_id)) == [
        ("1000-1", "delta"),
        ("1000-2", "delta"),
        ("1000-3", "delta"),
    ]


async def test_a_new_attempt_begins_with_reset_and_a_higher_number(servers: Servers, frame_store: FrameStore) -> None:
    turn = a_turn()
    await frame_store.append(Append(turn, 1000, 1, (HELLO,)))

    attempt = await frame_store.append(Append(turn, 900, 1, (HELLO,)))

    assert attempt == 1001
    assert await _ids(servers, turn_stream(turn.turn_id)) == [
        ("1000-1", "delta"),
        ("1001-0", "reset"),
        ("1001-1", "delta"),
    ]


async def test_an_overtaken_attempt_is_refused(servers: Servers, frame_store: FrameStore) -> None:
    turn = a_turn()
    await frame_store.append(Append(turn, 1000, 1, (HELLO,)))
    await frame_store.append(Append(turn, 2000, 1, (HELLO,)))

    assert await frame_store.append(Append(turn, 1000, 2, (WORLD,))) == 0
    assert [entry for entry, _ in await _ids(servers, turn_stream(turn.turn_id))] == ["1000-1", "2000-0", "2000-1"]


async def test_an_attempt_that_begins_to_speak_after_the_end_is_refused(
    servers: Servers, frame_store: FrameStore
) -> None:
    turn = a_turn()
    await frame_store.append(Append(turn, 1000, 1, (HELLO,)))
    await frame_store.ended(turn.tenant_id, turn.session_id, turn.turn_id, turn.turn_no)

    assert await frame_store.append(Append(turn, 2000, 1, (WORLD,))) == 0
    assert [entry for entry, _ in await _ids(servers, turn_stream(turn.turn_id))] == ["1000-1"]


async def test_the_next_turn_of_the_session_speaks(servers: Servers, frame_store: FrameStore) -> None:
    turn = a_turn()
    await frame_store.ended(turn.tenant_id, turn.session_id, TurnId(uuid4()), turn.turn_no - 1)

    assert await frame_store.append(Append(turn, 2000, 1, (WORLD,))) == 2000


async def test_frames_reach_the_inbox_of_the_gateway_that_streams(servers: Servers, frame_store: FrameStore) -> None:
    inbox = uuid4().hex
    turn = a_turn(inbox=inbox)

    await frame_store.append(Append(turn, 1000, 1, (HELLO,)))

    redis = command_client(servers.redis)
    entries: Any = await redis.xrange(inbox_stream(inbox))
    await redis.aclose()
    [(_, fields)] = entries
    assert fields == {b"t": str(turn.turn_id).encode(), b"i": b"1000-1", b"e": b"delta", b"d": HELLO.data}


async def test_scripts_survive_a_flushed_server(servers: Servers, frame_store: FrameStore) -> None:
    redis = command_client(servers.redis)
    await redis.script_flush()
    await redis.aclose()

    assert await frame_store.append(Append(a_turn(), 1000, 1, (HELLO,))) == 1000
