"""A connection of our own on a real Redis: order, errors, silence, and a connection that has ended."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.exceptions import ResponseError

from shared.errors import Unavailable
from shared.runtime.redis import PipelinedConnection, command_client
from tests.support.servers import Servers


@pytest.fixture
async def connection(servers: Servers) -> AsyncIterator[PipelinedConnection]:
    connection = PipelinedConnection(servers.redis)
    yield connection
    await connection.close()


async def test_answers_come_in_order_and_an_error_takes_only_its_own_place(connection: PipelinedConnection) -> None:
    key = f"test:{uuid4()}"
    stored, error, read, nothing = await connection.run(
        [("SET", key, b"\xff", "EX", 60), ("INCR", key), ("GET", key), ("GET", f"{key}:absent")], within_seconds=5
    )
    assert (stored, read, nothing) == (b"OK", b"\xff", None)
    assert isinstance(error, ResponseError)


async def test_connection_that_ended_unnoticed_is_replaced_before_anything_is_sent(
    servers: Servers, connection: PipelinedConnection
) -> None:
    (mine,) = await connection.run([("CLIENT", "ID")], within_seconds=5)
    operator = command_client(servers.redis)
    await operator.client_kill_filter(_id=mine)
    await operator.aclose()
    (other,) = await connection.run([("CLIENT", "ID")], within_seconds=5)
    assert other != mine


async def test_silence_is_unavailable_and_its_answer_reaches_nobody_later(connection: PipelinedConnection) -> None:
    with pytest.raises(Unavailable):
        await connection.run([("BLPOP", f"test:{uuid4()}", 60)], within_seconds=0.05)
    assert await connection.run([("ECHO", "here")], within_seconds=5) == [b"here"]


async def test_no_server_is_unavailable() -> None:
    connection = PipelinedConnection("redis://127.0.0.1:1/0")
    with pytest.raises(Unavailable):
        await connection.run([("PING",)], within_seconds=5)
