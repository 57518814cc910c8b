"""Reading server-sent events."""

from deploy.local.client import StreamEvent, parse_events


def test_events_are_read_with_name_id_and_data() -> None:
    lines = ["retry: 2000", "", "id: 5-1", "event: delta", 'data: {"text": "Hello: you"}', ""]

    assert list(parse_events(lines)) == [StreamEvent("delta", "5-1", {"text": "Hello: you"})]


def test_heartbeats_and_an_unfinished_event_are_left_out() -> None:
    lines = [": heartbeat", "", "event: step", 'data: {"label": "looking"}', "", "event: delta", 'data: {"te']

    assert [event.name for event in parse_events(lines)] == ["step"]


def test_fields_of_one_event_do_not_reach_the_next() -> None:
    lines = ["id: 1-1", "event: step", "data: {}", "", "data: {}", ""]

    assert list(parse_events(lines)) == [StreamEvent("step", "1-1", {}), StreamEvent("message", None, {})]
