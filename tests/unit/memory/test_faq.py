"""Grouping questions that are alike."""

from datetime import UTC, datetime, timedelta

from services.memory.recall.faq import grouped
from services.memory.store import Asked

AT = datetime(2026, 11, 21, tzinfo=UTC)


def asked(text: str, *vector: float, user: str = "ada", domain: str | None = "shop", days: int = 0) -> Asked:
    return Asked(user, domain, AT - timedelta(days=days), text, list(vector) or None)


def test_what_points_the_same_way_is_one_question_named_for_what_is_said_most() -> None:
    [question] = grouped(
        [
            asked("Is parking free?", 1.0, 0.0, days=3),
            asked("Parking?", 0.8, 0.6, user="bob"),
            asked("Parking?", 0.8, 0.6, user="eve", domain="property"),
        ],
        0.7,
    )

    assert (question.text, question.count, question.people, question.last_asked) == ("Parking?", 3, 3, AT)
    assert question.examples == ("Is parking free?",)
    assert question.domains == ("property", "shop")


def test_what_points_elsewhere_is_another_question() -> None:
    found = grouped([asked("Parking?", 1.0, 0.0), asked("Pool?", 0.0, 1.0), asked("Pools?", 0.1, 0.99)], 0.7)

    assert [(each.text, each.count) for each in found] == [("Parking?", 1), ("Pool?", 2)]


def test_without_vectors_the_same_words_are_the_same_question() -> None:
    found = grouped(
        [asked("Is it free?"), asked("is it FREE"), asked("Where is it?"), asked("免费吗？"), asked("免费吗")], 0.7
    )

    assert [each.count for each in found] == [2, 1, 2]


def test_vectors_of_another_length_are_like_nothing() -> None:
    found = grouped([asked("Parking?", 1.0, 0.0), asked("Parking spaces?", 1.0), asked("Free?")], 0.7)

    assert [each.count for each in found] == [1, 1, 1]


def test_nothing_asked_is_no_question() -> None:
    assert grouped([], 0.7) == []
