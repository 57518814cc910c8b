"""What memory makes of events, without a database."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.memory.transcript import TITLE_LENGTH, completed, submitted, title_of, unanswered
from shared.events.ids import TenantId
from shared.events.replies import Clarification, DataPart, Entity, Reply, Understood
from shared.events.turns import Command
from tests.support.turns import Conversation

TALK = Conversation(TenantId(UUID(int=1)))


def test_what_was_understood_goes_with_the_question_and_what_was_shown_with_the_answer() -> None:
    place = Entity(kind="place", value="whitefield", text="Whitefield", start=0, end=10)
    understood = Understood(
        intent="search", confidence=0.9, entities=(place,), language="en", sentiment=0.5, frustration=0.1
    )
    card = DataPart(kind="listings", value=[1])
    reply = Reply(text="Which?", language="en", clarification=Clarification(question="Which?"), data=(card,))

    asked, answered = completed(TALK.completed(3, "Whitefield", understood=understood, reply=reply)).messages

    assert (asked.role, asked.intent, asked.confidence, asked.entities) == ("user", "search", 0.9, (place,))
    assert (asked.sentiment, asked.language, asked.data) == (0.5, "en", ())
    assert (answered.role, answered.data, answered.clarification) == ("assistant", (card,), reply.clarification)
    assert (answered.intent, answered.confidence, answered.entities) == (None, None, ())
    assert (asked.created_at, answered.created_at) == (TALK.asked_at(3), TALK.ended_at(3))


def test_every_publication_of_an_ending_makes_the_same_messages() -> None:
    assert completed(TALK.completed(1)) == completed(TALK.completed(1))
    assert len({message.message_id for message in completed(TALK.completed(1)).messages}) == 2


def test_command_has_no_words() -> None:
    command = Command(name="apply")

    assert submitted(TALK.submitted(1, input=command)).text is None
    assert [each.role for each in completed(TALK.completed(1, input=command)).messages] == ["assistant"]
    assert completed(TALK.completed(1, input=command)).title is None


def test_empty_reply_is_no_message() -> None:
    assert [each.role for each in completed(TALK.completed(1, answer="")).messages] == ["user"]


def test_reason_of_a_failure_is_not_something_said() -> None:
    ending = unanswered(TALK.failed(1, "Flats?", message="Something went wrong."))

    assert [(each.role, each.text, each.status) for each in ending.messages] == [("user", "Flats?", "failed")]
    assert (ending.messages[0].confidence, ending.messages[0].sentiment) == (None, None)


def test_turn_without_a_session_has_no_messages() -> None:
    assert unanswered(TALK.failed(0)).messages == ()


def test_submission_opens_its_session_only_when_it_says_so() -> None:
    assert submitted(TALK.submitted(1)).opening is None
    assert submitted(TALK.submitted(1, opens=True)).opening is not None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Show me 2BHK", "Show me 2BHK"),
        ("  two\n\nlines ", "two lines"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("word " * 20, ("word " * 12).strip() + "…"),
        ("first, " * 20, "first, first, first, first, first, first, first, first…"),
    ],
)
def test_title_is_cut_between_words(text: str, title: str) -> None:
    assert title_of(text) == title


@given(st.text(max_size=300))
def test_title_is_one_line_of_at_most_sixty_characters(text: str) -> None:
    title = title_of(text)

    assert len(title) <= TITLE_LENGTH
    assert "\n" not in title
