"""Endings are pure: the same turn, session and decision give the same bytes."""

from datetime import timedelta

from services.agent.endings import LARGEST_EVENT, Closing, without_session
from services.agent.session import Ending, Session
from shared.domains.base import Question
from shared.events.base import Event
from shared.events.replies import (
    Clarification,
    Contact,
    DataPart,
    Feedback,
    StreamEnd,
    TurnCancelled,
    TurnCompleted,
    TurnFailed,
)
from shared.events.signals import Signal, SignalsObserved
from tests.unit.agent.builders import NOW, TENANT, TURN, answer, session, submitted

STREAM = StreamEnd(attempt=1_700_000_000_000, frames=3)


def closing(known: Session | None = None) -> Closing:
    return Closing(submitted(), known or session(turn_no=4), STREAM, NOW)


def events(ending: Ending) -> list[Event]:
    models = (TurnCompleted, TurnFailed, TurnCancelled, SignalsObserved)
    by_type = {model.type: model for model in models}
    return [by_type[each.header("ce_type") or ""].model_validate_json(each.value) for each in ending.envelopes]


def test_the_same_decision_gives_the_same_bytes() -> None:
    assert closing().completed(answer()) == closing().completed(answer())


def test_ids_do_not_depend_on_the_attempt() -> None:
    first = closing().completed(answer())
    later = Closing(submitted(), session(turn_no=4), STREAM, NOW + timedelta(minutes=1)).completed(answer("Other."))

    assert [each.header("ce_id") for each in first.envelopes] == [each.header("ce_id") for each in later.envelopes]


def test_a_completed_turn_carries_all_that_others_need() -> None:
    question = Question(about="size", clarification=Clarification(question="Which size?"), asked_in=5)
    decided = answer(
        question=question,
        data=(DataPart(kind="cards", value=[{"id": "a"}]),),
        contact=Contact(name="Ana"),
        signals=(Signal(kind="view", name="a"),),
    )

    ending = closing().completed(decided)

    completed, observed = events(ending)
    assert isinstance(completed, TurnCompleted)
    assert isinstance(observed, SignalsObserved)
    assert (completed.turn_no, completed.session_no, completed.stream) == (5, 2, STREAM)
    assert completed.input == submitted().input
    assert completed.submitted_at == submitted().occurred_at
    assert completed.reply.clarification == question.clarification
    assert completed.reply.data == decided.decision.data
    assert completed.contact == Contact(name="Ana")
    assert completed.understood == decided.understood
    assert (ending.turn_no, ending.signals, ending.remembered) == (5, True, decided.remembered)


def test_signals_hold_codes_and_numbers_and_none_of_the_words() -> None:
    ending = closing().completed(answer(contact=Contact(name="Ana"), signals=(Signal(kind="view", name="a"),)))

    observed = events(ending)[1]

    assert isinstance(observed, SignalsObserved)
    assert [(each.kind, each.name, each.value) for each in observed.signals] == [
        ("intent", "search", 0.91),
        ("sentiment", "turn", {"sentiment": 0.25, "frustration": 0.0}),
        ("view", "a", None),
    ]
    assert b"red ones" not in ending.envelopes[1].value
    assert b"Ana" not in ending.envelopes[1].value


def test_a_reply_too_large_for_one_record_fails_the_turn_and_has_no_effects() -> None:
    ending = closing().completed(answer("x" * (LARGEST_EVENT + 1)))

    [failed] = events(ending)
    assert isinstance(failed, TurnFailed)
    assert failed.reason == "too_large"
    assert (ending.outcome, ending.effects, ending.remembered, ending.signals) == ("failed", (), None, False)


def test_failures_and_cancellations_take_a_turn_number_and_leave_the_memory_alone() -> None:
    for ending in (closing().failed("expired"), closing().cancelled()):
        assert (ending.turn_no, ending.remembered, len(ending.envelopes)) == (5, None, 1)


def test_every_failure_has_a_sentence_for_the_person() -> None:
    [failed] = events(closing().failed("exhausted"))

    assert isinstance(failed, TurnFailed)
    assert failed.message.endswith(".")


def test_feedback_names_the_turn_it_is_about() -> None:
    completed, observed = events(closing().rated(Feedback(turn_id=TURN, rating=3, comment="too dear")))

    assert isinstance(completed, TurnCompleted)
    assert isinstance(observed, SignalsObserved)
    assert completed.feedback == Feedback(turn_id=TURN, rating=3, comment="too dear")
    assert observed.signals == (Signal(kind="rating", name="turn", value=3),)


def test_without_a_session_everything_comes_from_the_turn_itself() -> None:
    envelope = without_session(submitted())

    failed = TurnFailed.model_validate_json(envelope.value)
    assert envelope == without_session(submitted())
    assert (failed.reason, failed.turn_no, failed.session_no) == ("unknown_session", 0, 0)
    assert (failed.tenant_id, failed.occurred_at) == (TENANT, submitted().occurred_at)


def test_a_turn_of_a_deleted_session_keeps_none_of_the_words() -> None:
    deleted = closing(session(turn_no=4, deleted=True)).failed("session_deleted")
    expired = closing().failed("expired")

    assert b"red ones" not in deleted.envelopes[0].value
    assert b"red ones" in expired.envelopes[0].value


def test_a_reply_says_which_language_it_is_in() -> None:
    [in_english, _] = events(closing().completed(answer(language="en")))

    assert isinstance(in_english, TurnCompleted)
    assert in_english.reply.language == "en"
