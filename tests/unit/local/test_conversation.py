"""What a person sees of a turn."""

from typing import Any

import pytest
from rich.console import Console

from deploy.local.client import StreamEvent
from deploy.local.conversation import Screen, history_table, score_table
from deploy.local.errors import StackError


def shown(*events: tuple[str, dict[str, Any]]) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        Screen(console).show_turn(StreamEvent(name, None, data) for name, data in events)
    return capture.get()


def test_deltas_make_the_text_once() -> None:
    text = shown(
        ("accepted", {"turn_id": "1"}),
        ("step", {"label": "looking"}),
        ("delta", {"text": "Two "}),
        ("delta", {"text": "flats"}),
        ("completed", {"text": "Two flats"}),
    )

    assert text.split() == ["·", "looking", "Two", "flats"]


def test_lost_frames_are_filled_in_from_the_whole_text() -> None:
    assert "Two flats" in shown(("delta", {"text": "Two "}), ("completed", {"text": "Two flats"}))


def test_text_that_went_another_way_is_shown_again_whole() -> None:
    text = shown(
        ("delta", {"text": "Three"}), ("snapshot", {"text": "Two flats"}), ("completed", {"text": "Two flats"})
    )

    assert text.count("Two flats") == 1


def test_reset_forgets_what_was_said() -> None:
    text = shown(("delta", {"text": "Two"}), ("reset", {}), ("delta", {"text": "Two"}), ("completed", {"text": "Two"}))

    assert "starting again" in text
    assert text.count("Two") == len(["before", "after"])


def test_words_are_shown_as_they_are_and_never_as_markup() -> None:
    assert "[red]sale[/red]" in shown(("completed", {"text": "[red]sale[/red]"}))


def test_failed_turn_says_why() -> None:
    with pytest.raises(StackError, match=r"failed \(expired\): it waited too long"):
        shown(("failed", {"reason": "expired", "message": "it waited too long"}))


def test_scores_are_shown_with_their_factors() -> None:
    factor = {"name": "views", "value": 1.5, "maximum": 3, "because": "viewed 8 times"}
    console = Console(width=120)
    with console.capture() as capture:
        console.print(
            score_table({"temperature": "warm", "engagement": {"value": 4.5, "factors": [factor]}, "intent": None})
        )
        console.print(history_table([{"role": "user", "text": "hello\nthere", "intent": None}]))

    words = capture.get()
    assert all(word in words for word in ("warm", "4.5", "views", "viewed 8 times", "hello there"))
