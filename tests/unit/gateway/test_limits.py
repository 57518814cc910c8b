from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.gateway.limits import LocalQueue, StreamSlots
from services.gateway.principal import Principal
from shared.events.ids import OPEN_TENANT, SessionId, TurnId
from shared.runtime.http import Problem

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)


def user(name: str) -> Principal:
    return Principal(OPEN_TENANT, name, "r-1")


def test_user_has_so_many_streams_and_others_are_not_held_up() -> None:
    slots = StreamSlots(per_user=2, in_all=10)
    slots.take(user("ann"))
    slots.take(user("ann"))
    with pytest.raises(Problem) as refused:
        slots.take(user("ann"))
    assert (refused.value.status, refused.value.code) == (429, "user_streams")
    assert refused.value.headers["Retry-After"] == "2"
    slots.take(user("bob"))
    assert slots.taken == 3


def test_process_has_so_many_streams() -> None:
    slots = StreamSlots(per_user=2, in_all=2)
    slots.take(user("ann"))
    slots.take(user("bob"))
    with pytest.raises(Problem) as refused:
        slots.take(user("cid"))
    assert (refused.value.status, refused.value.code) == (429, "process_streams")


def test_released_stream_makes_room() -> None:
    slots = StreamSlots(per_user=1, in_all=1)
    for _ in range(3):
        slots.take(user("ann"))
        slots.release(user("ann"))
    assert slots.taken == 0


def turns(count: int) -> list[TurnId]:
    return [TurnId(uuid4()) for _ in range(count)]


def test_session_has_so_many_waiting_turns() -> None:
    queue, session, other = LocalQueue(waiting_turns=2), SessionId(uuid4()), SessionId(uuid4())
    first, second, third = turns(3)
    assert queue.add(session, first, now=NOW, expires_at=LATER)
    assert queue.add(session, second, now=NOW, expires_at=LATER)
    assert not queue.add(session, third, now=NOW, expires_at=LATER)
    assert queue.add(session, second, now=NOW, expires_at=LATER), "the same turn waits once"
    assert queue.add(other, third, now=NOW, expires_at=LATER)


def test_ended_and_expired_turns_make_room() -> None:
    queue, session = LocalQueue(waiting_turns=1), SessionId(uuid4())
    first, second, third = turns(3)
    assert queue.add(session, first, now=NOW, expires_at=LATER)
    queue.remove(str(first))
    queue.remove("never heard of")
    assert queue.add(session, second, now=NOW, expires_at=LATER)
    assert queue.add(session, third, now=LATER, expires_at=LATER)


def test_a_turn_accepted_without_redis_is_known_to_wait_in_its_own_session_until_it_ends() -> None:
    queue, session, other = LocalQueue(waiting_turns=1), SessionId(uuid4()), SessionId(uuid4())
    (turn,) = turns(1)
    assert queue.add(session, turn, now=NOW, expires_at=LATER)
    assert queue.waiting_since(session, turn) == NOW
    assert queue.waiting_since(other, turn) is None
    queue.remove(str(turn))
    assert queue.waiting_since(session, turn) is None
