"""What webhooks say, as WhatsApp documents them and otherwise."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.whatsapp.incoming import Heard, Report, read
from tests.support import whatsapp
from tests.support.whatsapp import body, message, status, value

PHONE = "16315551181"
AT = 1_749_416_383
DELIVERY = "6f1b2c9e-0000-5000-8000-000000000001"


def words_of(**content: Any) -> str | None:
    (heard,) = read(body(value(message(PHONE, "wamid.1", at=AT, **content)))).heard
    return heard.words


def test_text_message_as_documented() -> None:
    said = read(body(value(message(PHONE, "wamid.1", at=AT, text={"body": "Does it come in another color?"}))))

    assert said.heard == (
        Heard(
            number_id=whatsapp.NUMBER,
            message_id="wamid.1",
            phone=PHONE,
            sent_at=datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC),
            words="Does it come in another color?",
        ),
    )
    assert (said.reports, dict(said.ignored)) == ((), {})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"button": {"payload": "yes-1", "text": "Yes"}}, "Yes"),
        ({"interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "400 boxes"}}}, "400 boxes"),
        (
            {"interactive": {"type": "list_reply", "list_reply": {"id": "2", "title": "10 inch", "description": "d"}}},
            "10 inch",
        ),
        ({"image": {"id": "5", "mime_type": "image/jpeg", "caption": "Like this one"}}, "Like this one"),
        ({"document": {"id": "5", "filename": "order.pdf", "caption": "Our order"}}, "Our order"),
        (
            {"location": {"latitude": 12.9, "longitude": 77.6, "name": "Bakery", "address": "1 Main Road"}},
            "Bakery, 1 Main Road",
        ),
    ],
)
def test_words_are_where_each_kind_has_them(content: dict[str, Any], expected: str) -> None:
    assert words_of(**content) == expected


@pytest.mark.parametrize(
    "content",
    [
        {"image": {"id": "5"}},
        {"audio": {"id": "5", "voice": True}},
        {"video": {"id": "5"}},
        {"sticker": {"id": "5", "animated": False}},
        {"document": {"id": "5", "filename": "order.pdf"}},
        {"location": {"latitude": 12.9, "longitude": 77.6}},
        {"contacts": [{"name": {"formatted_name": "Ana"}}]},
    ],
    ids=lambda content: next(iter(content)),
)
def test_what_has_no_words_is_heard_without(content: dict[str, Any]) -> None:
    assert words_of(**content) is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"reaction": {"message_id": "wamid.0", "emoji": "👍"}}, "another_type"),
        ({"system": {"body": "changed number", "type": "user_changed_number"}}, "another_type"),
        ({"unsupported": {}}, "another_type"),
        ({"hologram": {"id": "5"}}, "another_type"),
        ({"text": {"body": " \n"}}, "another_type"),
        ({"interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}}, "another_type"),
        ({"text": {"words": "?"}}, "unreadable"),
    ],
)
def test_what_is_of_no_concern_is_counted_and_ignored(content: dict[str, Any], kind: str) -> None:
    said = read(body(value(message(PHONE, "wamid.1", **content))))

    assert (said.heard, dict(said.ignored)) == ((), {kind: 1})


def test_several_entries_and_messages_are_heard_in_order_and_a_broken_one_spoils_none() -> None:
    first, second, third = (whatsapp.words(PHONE, f"wamid.{number}", f"{number}") for number in range(3))
    broken = second | {"from": "nobody"}
    said = read(body(value(first, broken), {"metadata": {}}, value(third, number="2")))

    assert [(each.number_id, each.words) for each in said.heard] == [(whatsapp.NUMBER, "0"), ("2", "2")]
    assert dict(said.ignored) == {"unreadable": 2}


def test_words_are_cut_and_cleaned_to_what_a_turn_may_have() -> None:
    assert words_of(text={"body": "a" * 20_000}) == "a" * 8000
    assert words_of(text={"body": "a\x00b\ud83dc"}) == "abc"


def test_news_as_documented() -> None:
    error = {"code": 131047, "title": "Re-engagement message", "error_data": {"details": "more than 24 hours"}}
    sent = status(PHONE, "wamid.out", "sent", reference=DELIVERY, pricing={"billable": True})
    failed = status(PHONE, "wamid.out", "failed", reference=DELIVERY, errors=[error])
    said = read(body(value(statuses=(sent, failed))))

    assert [(each.state, each.reason) for each in said.reports] == [
        ("sent", None),
        ("dead", "131047 Re-engagement message"),
    ]
    assert {(each.message_id, each.delivery_id) for each in said.reports} == {("wamid.out", UUID(DELIVERY))}


@pytest.mark.parametrize("reference", [None, "", '{"campaign": 7}'])
def test_news_of_what_others_sent_names_no_delivery(reference: str | None) -> None:
    (report,) = read(body(value(statuses=(status(PHONE, "wamid.out", "read", reference=reference),)))).reports

    assert isinstance(report, Report)
    assert report.delivery_id is None


def test_other_news_and_fields_are_ignored() -> None:
    deleted = status(PHONE, "wamid.out", "deleted")
    template = {"entry": [{"changes": [{"field": "message_template_status_update", "value": {"event": "APPROVED"}}]}]}

    assert dict(read(body(value(statuses=(deleted,)))).ignored) == {"another_status": 1}
    assert dict(read(json.dumps(template).encode()).ignored) == {"another_field": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary(max_size=64) | JSON.map(lambda given: json.dumps(given).encode()))
def test_no_body_is_too_strange(content: bytes) -> None:
    assert read(content).heard == ()


@given(
    st.dictionaries(st.sampled_from(["id", "from", "timestamp", "type", "text", "interactive", "image"]), JSON),
    st.dictionaries(st.sampled_from(["id", "status", "timestamp", "errors", "biz_opaque_callback_data"]), JSON),
)
def test_no_message_and_no_news_is_too_strange(strange: dict[str, Any], news: dict[str, Any]) -> None:
    good = whatsapp.words(PHONE, "wamid.1", "Good.")
    said = read(body(value(strange, good, statuses=(news,))))

    assert [each.words for each in said.heard][-1] == "Good."
