"""What packs' own endpoints answer, and the events of their streams."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from pydantic import BaseModel

from services.gateway.acceptance import NewTurn
from services.gateway.idempotency import keyed
from services.gateway.principal import Principal
from services.gateway.sse import EventId, StreamEvent
from services.gateway.store import KnownSession
from services.gateway.surfaces import _answered, _Cursor, _dialect
from services.gateway.turns import TurnAddress
from shared.events.ids import OPEN_TENANT, SessionId, TurnId
from shared.events.ids import EventId as Id
from shared.events.replies import Reply, StreamEnd, TurnCancelled, TurnCompleted, TurnFailed, Understood
from shared.events.turns import Text
from shared.runtime.http import Problem

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SESSION = SessionId(UUID("00000000-0000-7000-8000-0000000000aa"))
CALLER = Principal(OPEN_TENANT, "ana", "request-1")
KNOWN = KnownSession(session_id=SESSION, user_id="ana", domain="shoes", created_at=NOW)
TURN = NewTurn(
    caller=CALLER,
    session=KNOWN,
    submission=keyed(CALLER, "turns", str(SESSION), key="first", body=b"{}"),
    input=Text(text="red ones"),
)
ENDED: dict[str, Any] = {
    "event_id": Id(UUID(int=1)),
    "occurred_at": NOW + timedelta(seconds=1),
    "tenant_id": OPEN_TENANT,
    "request_id": "request-1",
    "session_id": SESSION,
    "user_id": "ana",
    "turn_id": TURN.id,
    "domain": "shoes",
    "session_no": 1,
    "turn_no": 1,
    "submitted_at": NOW,
    "input": TURN.input,
    "stream": StreamEnd(attempt=1, frames=0),
}


class Said(BaseModel):
    said: str


def respond(ended: TurnCompleted) -> Said:
    return Said(said=ended.reply.text)


def test_a_completed_turn_is_answered_in_the_packs_own_form() -> None:
    ended = TurnCompleted(**ENDED, understood=Understood(), reply=Reply(text="We have two."))

    response = _answered(TURN, respond, ended)

    assert (response.status_code, orjson.loads(response.body)) == (200, {"said": "We have two."})
    assert response.headers["content-location"] == f"/v1/sessions/{SESSION}/turns/{TURN.id}"


def test_a_turn_that_takes_longer_than_a_request_may_is_answered_with_its_address() -> None:
    response = _answered(TURN, respond, None)

    assert (response.status_code, orjson.loads(response.body)["status"]) == (202, "pending")
    assert response.headers["location"] == f"/v1/sessions/{SESSION}/turns/{TURN.id}"


def test_a_failed_turn_may_be_asked_again_and_a_cancelled_one_is_a_conflict() -> None:
    with pytest.raises(Problem) as failed:
        _answered(TURN, respond, TurnFailed(**ENDED, reason="expired", message="Too late."))
    with pytest.raises(Problem) as cancelled:
        _answered(TURN, respond, TurnCancelled(**ENDED))

    assert (failed.value.status, failed.value.code, failed.value.headers) == (503, "turn_expired", {"Retry-After": "2"})
    assert failed.value.members["turn_id"] == str(TURN.id)
    assert (cancelled.value.status, cancelled.value.code) == (409, "turn_cancelled")


def test_events_are_renamed_left_out_and_carry_ids_that_resume_them() -> None:
    address = TurnAddress(CALLER, KNOWN, TurnId(UUID(int=7)))
    encode = _dialect(address, lambda name, data: ("thinking", data) if name == "step" else None)

    block = encode(StreamEvent(EventId(5, 2), "step", b'{"label":"\xe2\x80\xa8x"}')).decode()
    assert encode(StreamEvent(EventId(5, 3), "delta", b"{}")) == b""
    name, id_line, data = block.rstrip("\n").split("\n")
    assert (name, data) == ("event: thinking", 'data: {"label":"\\u2028x"}')
    assert _Cursor.parse(id_line.removeprefix("id: ")) == _Cursor(SESSION, UUID(int=7), EventId(5, 2))


@pytest.mark.parametrize("text", ["", "5-2", "a/b/5-2", f"{SESSION}/{SESSION}", f"{SESSION}/{SESSION}/5", "1/2/3/4"])
def test_other_cursors_are_none(text: str) -> None:
    assert _Cursor.parse(text) is None
