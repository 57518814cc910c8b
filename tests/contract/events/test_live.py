"""The live side of the contract: payloads and places in Redis that services of different versions share."""

from typing import get_args
from uuid import UUID

import orjson
import pytest
from pydantic import BaseModel

from shared.events import live
from shared.events.replies import StreamEnd

TENANT = UUID("00000000-0000-7000-8000-000000000001")
SESSION = UUID("00000000-0000-7000-8000-0000000000aa")
TURN = UUID("00000000-0000-7000-8000-0000000000bb")


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("step", {"label": "Looking for homes"}),
        ("delta", {"text": "Two homes"}),
        ("clarification", {"question": "Which city?", "options": ["Pune", "Bengaluru"]}),
        ("data", {"kind": "listings", "value": [{"id": "a"}]}),
        ("reset", {"attempt": 1700000000000}),
        ("snapshot", {"text": "Two homes in"}),
    ],
)
def test_a_payload_is_written_as_it_is_read(name: str, payload: dict[str, object]) -> None:
    model: type[BaseModel] = live.FRAMES[name]

    assert orjson.loads(model.model_validate(payload).model_dump_json()) == payload


def test_every_frame_the_agent_writes_has_a_payload() -> None:
    assert set(get_args(live.FrameKind)) | {"snapshot"} == live.FRAMES.keys()


def test_what_a_gateway_remembers_of_an_accepted_turn() -> None:
    accepted = live.Accepted(body_hash="hash", submitted_at="2026-11-21T09:30:00+00:00")

    assert accepted.model_dump() == {"body_hash": "hash", "submitted_at": "2026-11-21T09:30:00+00:00"}


def test_keys_are_where_running_services_look_for_them() -> None:
    assert [
        live.turn_stream(TURN),
        live.inbox_stream("g1"),
        live.accepted_mark(TURN),
        live.waiting_set(TENANT, SESSION),
        live.ended_mark(TENANT, SESSION),
        live.deleted_mark(TENANT, SESSION),
        live.opened_mark(TENANT, "ana"),
        live.session_cache(TENANT, SESSION),
    ] == [
        f"turn:{TURN}",
        "inbox:g1",
        f"accept:{TURN}",
        f"waiting:{TENANT}:{SESSION}",
        f"ended:{TENANT}:{SESSION}",
        f"deleted:{TENANT}:{SESSION}",
        f"opened:{TENANT}:ana",
        f"session:{TENANT}:{SESSION}",
    ]


def test_the_terminal_event_follows_the_last_frame() -> None:
    assert StreamEnd(attempt=1700000000000, frames=3).terminal_id == "1700000000000-4"
