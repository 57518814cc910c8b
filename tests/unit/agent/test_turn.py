"""How a turn runs, however often its record arrives."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.agent.turn import give_up, run_turn
from shared.errors import Reject, Retry, Unavailable
from shared.events.envelope import freeze, thaw
from shared.events.replies import TurnCompleted, TurnFailed
from shared.events.signals import SignalsObserved
from shared.events.topics import REPLIES, SIGNALS
from shared.events.turns import Command
from tests.unit.agent.bench import Bench
from tests.unit.agent.builders import NOW, SESSION, TURN, session, submitted


async def test_an_answered_turn_is_committed_marked_and_then_told() -> None:
    bench = Bench()

    await run_turn(submitted(), bench.agent)

    [ending] = bench.endings
    assert isinstance(ending, TurnCompleted)
    assert (ending.turn_no, ending.session_no, ending.reply.text) == (1, 2, "We have two.")
    assert ending.stream.frames == 1
    assert bench.ledger.sessions[SESSION].turn_no == 1
    assert bench.ledger.sessions[SESSION].remembered.pack == {"count": 1}
    assert bench.marks.marked == [1]
    assert [each.topic for each in bench.published.envelopes] == [REPLIES.name, SIGNALS.name]


async def test_a_duplicate_publishes_the_stored_events_and_answers_nothing_twice() -> None:
    bench = Bench()
    await run_turn(submitted(), bench.agent)
    first = list(bench.published.envelopes)

    await run_turn(submitted(), bench.agent)

    assert bench.published.envelopes == [*first, *first]
    assert bench.answered == 1
    assert bench.ledger.sessions[SESSION].turn_no == 1


async def test_a_turn_that_ended_unmarked_is_marked_at_the_next_delivery() -> None:
    bench = Bench()
    bench.marks.away = True
    await run_turn(submitted(), bench.agent)
    bench.marks.away = False

    await run_turn(submitted(), bench.agent)

    assert bench.marks.marked == [1]


async def test_a_turn_whose_publication_failed_is_told_at_the_next_delivery() -> None:
    bench = Bench()
    bench.published.away = True
    with pytest.raises(Unavailable):
        await run_turn(submitted(), bench.agent)
    bench.published.away = False

    await run_turn(submitted(), bench.agent)

    assert len(bench.endings) == 1
    assert bench.answered == 1


async def test_another_body_under_the_same_turn_is_rejected_and_tells_nothing() -> None:
    bench = Bench()
    await run_turn(submitted(), bench.agent)
    told = len(bench.published.envelopes)

    with pytest.raises(Reject, match="another body"):
        await run_turn(submitted(body_hash="other"), bench.agent)

    assert len(bench.published.envelopes) == told


async def test_a_turn_that_lost_its_session_to_another_attempt_is_tried_again_and_tells_nothing() -> None:
    bench = Bench()

    async def another_attempt_is_faster() -> None:
        bench.ledger.sessions[SESSION] = session(turn_no=1)

    bench.script = another_attempt_is_faster

    with pytest.raises(Retry):
        await run_turn(submitted(), bench.agent)

    assert bench.published.envelopes == []
    assert bench.marks.marked == []


async def test_an_attempt_whose_stream_was_overtaken_does_not_commit() -> None:
    bench = Bench()

    async def be_overtaken() -> None:
        await bench.marks.written.wait()
        bench.marks.latest += 1

    bench.script = be_overtaken

    with pytest.raises(Retry, match="overtaken"):
        await run_turn(submitted(), bench.agent)

    assert bench.ledger.endings == {}


async def test_redis_away_costs_the_live_stream_and_nothing_else() -> None:
    bench = Bench()
    bench.marks.away = True

    await run_turn(submitted(), bench.agent)

    [ending] = bench.endings
    assert isinstance(ending, TurnCompleted)
    assert ending.stream.frames == 1


async def test_a_turn_without_a_session_fails_the_same_way_each_time() -> None:
    bench = Bench()
    bench.ledger.sessions.clear()

    await run_turn(submitted(), bench.agent)
    await run_turn(submitted(), bench.agent)

    assert bench.published.envelopes[0] == bench.published.envelopes[1]
    ending = bench.endings[0]
    assert isinstance(ending, TurnFailed)
    assert (ending.reason, ending.session_no, ending.turn_no) == ("unknown_session", 0, 0)
    assert bench.marks.marked == [0, 0]


async def test_a_first_turn_may_open_its_session() -> None:
    bench = Bench()
    bench.ledger.sessions.clear()

    await run_turn(submitted(opens=True), bench.agent)

    [ending] = bench.endings
    assert (ending.session_no, ending.turn_no) == (1, 1)


@pytest.mark.parametrize("changes", [{"user_id": "ben"}, {"domain": "hats"}])
async def test_a_turn_that_names_another_owner_or_domain_is_rejected(changes: dict[str, str]) -> None:
    bench = Bench()

    with pytest.raises(Reject, match="another owner or domain"):
        await run_turn(submitted(**changes), bench.agent)

    assert bench.answered == 0


async def test_a_turn_past_its_time_expires_unanswered() -> None:
    bench = Bench()

    await run_turn(submitted(expires_at=NOW - timedelta(seconds=1)), bench.agent)

    assert bench.failure == "expired"
    assert bench.answered == 0
    assert [each.topic for each in bench.published.envelopes] == [REPLIES.name]


async def test_feedback_is_kept_and_tells_profiles_but_says_nothing() -> None:
    bench = Bench()
    rating = Command(name="feedback", arguments={"turn_id": str(TURN), "rating": 4, "comment": "kind"})

    await run_turn(submitted(input=rating), bench.agent)

    [ending] = bench.endings
    assert isinstance(ending, TurnCompleted)
    assert ending.feedback is not None
    assert (ending.feedback.rating, ending.feedback.comment, ending.reply.text) == (4, "kind", "")
    observed = SignalsObserved.model_validate_json(bench.published.envelopes[1].value)
    assert [(each.kind, each.value) for each in observed.signals] == [("rating", 4)]
    assert bench.answered == 0


async def test_feedback_that_makes_no_sense_is_a_failed_attempt_so_that_its_turn_still_ends() -> None:
    bench = Bench()
    nonsense = submitted(input=Command(name="feedback", arguments={"rating": "great"}))

    with pytest.raises(ValidationError):
        await run_turn(nonsense, bench.agent)
    await give_up(nonsense, bench.agent)

    assert bench.failure == "exhausted"


async def test_exhausted_attempts_end_the_turn_visibly() -> None:
    bench = Bench()

    await give_up(submitted(), bench.agent)

    assert bench.failure == "exhausted"
    assert bench.ledger.sessions[SESSION].turn_no == 1


async def test_giving_up_a_turn_that_has_ended_after_all_tells_that_ending() -> None:
    bench = Bench()
    await run_turn(submitted(), bench.agent)

    await give_up(submitted(), bench.agent)

    first, second = bench.endings
    assert first == second
    assert isinstance(first, TurnCompleted)


async def test_what_is_stored_is_what_is_published_to_the_byte() -> None:
    bench = Bench()

    await run_turn(submitted(), bench.agent)

    assert list(thaw(freeze(bench.ledger.endings[TURN].envelopes))) == bench.published.envelopes
