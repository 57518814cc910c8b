"""What sessions gained adds to the summaries of their users."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from services.memory.summaries import Growth, gains
from shared.events.ids import SessionId

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def growth(**facts: Any) -> Growth:
    usual: dict[str, Any] = {
        "session_id": SessionId(uuid4()),
        "user_id": "ada",
        "outlet_id": None,
        "language": "en",
        "intents": ["order"],
        "message_count": 6,
        "began_at": NOON,
        "last_active_at": NOON + timedelta(minutes=5),
        "messages": 2,
        "old_language": "en",
        "old_intents": ["order"],
    }
    return Growth(**usual | facts)


def test_the_first_messages_of_a_session_make_it_a_conversation_with_all_it_is_about() -> None:
    [gain] = gains([growth(message_count=2, old_intents=["order"], intents=["order", "greet"], outlet_id="north")])

    assert (gain.conversations, gain.messages, gain.outlet_id) == (1, 2, "north")
    assert (gain.intents, gain.languages) == ({"order": 1, "greet": 1}, {"en": 1})


def test_a_conversation_that_goes_on_adds_only_what_is_new() -> None:
    [same] = gains([growth()])
    [more] = gains([growth(intents=["order", "track"], language="zh")])

    assert (same.conversations, same.messages, same.intents, same.languages) == (0, 2, {}, {})
    assert (more.intents, more.languages) == ({"track": 1}, {"zh": 1, "en": -1})


def test_sessions_of_one_user_are_added_up_and_the_latest_names_the_outlet() -> None:
    early = growth(message_count=2, outlet_id="north", began_at=NOON - timedelta(days=1), last_active_at=NOON)
    late = growth(message_count=2, outlet_id="south", messages=2)

    [gain] = gains([late, early])

    assert (gain.conversations, gain.messages, gain.intents["order"], gain.outlet_id) == (2, 4, 2, "south")
    assert (gain.first_interaction, gain.last_interaction) == (early.began_at, late.last_active_at)


def test_a_turn_without_words_is_an_interaction_but_makes_no_conversation() -> None:
    [silent] = gains([growth(messages=0)])

    assert (silent.conversations, silent.messages) == (0, 0)
    assert silent.last_interaction == NOON + timedelta(minutes=5)
    assert gains([growth(messages=0, message_count=0)]) == []


def test_a_session_that_was_unknown_and_has_older_messages_was_overtaken() -> None:
    assert growth(old_intents=None).was_overtaken
    assert not growth(old_intents=None, message_count=2).was_overtaken
    assert not growth().was_overtaken
