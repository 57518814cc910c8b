"""Events on the wire: identity that never changes, CloudEvents headers, keys, tolerance of what is newer."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from deploy.contract.events import packs_outcomes
from deploy.contract.examples import example_of
from shared.events.base import Event, SessionEvent, TurnEvent
from shared.events.catalogue import EVENTS
from shared.events.ids import event_of
from shared.events.signals import sequence_of
from shared.events.topics import PRIVACY, PROFILES, SIGNALS

EXAMPLES = [example_of(event) for event in (*EVENTS, *packs_outcomes())]
TURN = UUID("0195e3a0-0000-7000-8000-000000000002")


def type_of(event: Event) -> str:
    return event.type


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("ending", "739fd31e-0cbd-5eb7-8a65-551bd6041d1e"),
        ("signals", "069d4425-d68a-5941-9957-3cc3573f11a9"),
        ("parley.property.visit-booked.v1", "26576499-b000-591b-a801-9d6fb54fad99"),
    ],
)
def test_ids_derived_from_a_turn_never_change(role: str, expected: str) -> None:
    assert str(event_of(TURN, role)) == expected


@pytest.mark.parametrize("event", EXAMPLES, ids=type_of)
def test_headers_are_cloudevents_in_binary_mode(event: Event) -> None:
    headers = dict(event.envelope().headers)
    attributes = {name.removeprefix("ce_") for name in headers if name.startswith("ce_")}

    assert {"specversion", "id", "source", "type"} <= attributes
    assert headers["ce_specversion"] == b"1.0"
    assert headers["content-type"] == b"application/json"
    assert headers["ce_id"].decode() == str(event.event_id)
    assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in attributes)
    assert datetime.fromisoformat(headers["ce_time"].decode()) == event.occurred_at
    assert len(headers) == len(event.envelope().headers)


@pytest.mark.parametrize("event", EXAMPLES, ids=type_of)
def test_the_record_is_keyed_as_its_topic_says(event: Event) -> None:
    envelope = event.envelope()
    whose = event.user_id if event.topic in (SIGNALS, PROFILES, PRIVACY) else event.session_id  # type: ignore[attr-defined]  # by topic

    assert envelope.topic == event.topic.name
    assert envelope.key.decode() == f"{event.tenant_id}:{whose}"
    assert envelope.header("ce_partitionkey") == envelope.key.decode()


@pytest.mark.parametrize("event", EXAMPLES, ids=type_of)
def test_turn_events_name_their_turn_in_a_header(event: Event) -> None:
    expected = str(event.turn_id) if isinstance(event, TurnEvent) else None

    assert event.envelope().header("ce_turnid") == expected


@pytest.mark.parametrize("event", EXAMPLES, ids=type_of)
def test_the_body_alone_is_the_whole_event(event: Event) -> None:
    assert type(event).model_validate_json(event.envelope().value) == event


@pytest.mark.parametrize("event", EXAMPLES, ids=type_of)
def test_a_field_from_a_newer_producer_is_ignored(event: Event) -> None:
    body: dict[str, Any] = event.model_dump(mode="json") | {"added_in_a_year": {"deep": [1]}}

    assert type(event).model_validate(body) == event


@pytest.mark.parametrize("event", EXAMPLES, ids=type_of)
def test_times_without_a_zone_are_refused(event: Event) -> None:
    body = event.model_dump() | {"occurred_at": datetime(2026, 11, 21, tzinfo=UTC).replace(tzinfo=None)}

    with pytest.raises(ValueError, match="timezone"):
        type(event).model_validate(body)


@pytest.mark.parametrize("user_id", ["", "a" * 129, "a\nb", "\x7f"])
def test_user_ids_that_would_break_keys_and_headers_are_refused(user_id: str) -> None:
    session_event = next(each for each in EXAMPLES if isinstance(each, SessionEvent))

    with pytest.raises(ValueError, match="user_id"):
        type(session_event).model_validate(session_event.model_dump() | {"user_id": user_id})


def test_later_sessions_come_after_every_turn_of_earlier_ones() -> None:
    assert sequence_of(1, 1) < sequence_of(1, 2) < sequence_of(1, 999_999) < sequence_of(2, 1)
