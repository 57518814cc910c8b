"""What the platform remembers from one turn to the next."""

from services.agent.dialogue import CONTEXT_WINDOW, remember
from shared.domains.base import Decision, Dialogue, Exchange, Question, Referent
from shared.events.replies import Clarification, Understood
from shared.events.turns import Command, Text
from tests.unit.agent.builders import Seen

SHOWN = (Referent(kind="shoe", id="a", name="Runner"),)
QUESTION = Question(about="size", clarification=Clarification(question="Which size?"), asked_in=1)
BEFORE = Dialogue(language="en", last_intent="search", question=QUESTION, shown=SHOWN)


def after(understood: Understood, decision: Decision[Seen] | None = None, before: Dialogue = BEFORE) -> Dialogue:
    return remember(before, 2, Text(text="nine"), understood, decision or said()).dialogue


def said(**decided: object) -> Decision[Seen]:
    return Decision(text="Here.", state=Seen(count=3), **decided)  # type: ignore[arg-type]  # fields of a test's choice


def test_the_packs_state_is_kept_as_json() -> None:
    assert remember(BEFORE, 2, Text(text="nine"), Understood(), said()).pack == {"count": 3}


def test_the_exchange_joins_what_may_be_looked_back_on() -> None:
    dialogue = after(Understood(intent="size", language="en"))

    assert dialogue.recent == (Exchange(turn_no=2, text="nine", intent="size", reply="Here."),)


def test_only_the_last_exchanges_are_kept() -> None:
    dialogue = BEFORE
    for turn_no in range(1, CONTEXT_WINDOW + 3):
        dialogue = remember(dialogue, turn_no, Text(text="again"), Understood(), said()).dialogue

    assert [exchange.turn_no for exchange in dialogue.recent] == list(range(3, CONTEXT_WINDOW + 3))


def test_a_turn_that_tells_no_language_or_intent_leaves_the_last_ones_standing() -> None:
    dialogue = after(Understood())

    assert (dialogue.language, dialogue.last_intent) == ("en", "search")


def test_a_question_waits_for_one_turn_only() -> None:
    assert after(Understood()).question is None
    assert after(Understood(), said(question=QUESTION)).question == QUESTION


def test_what_was_shown_stays_until_something_else_is() -> None:
    fresh = (Referent(kind="shoe", id="b", name="Walker"),)

    assert after(Understood()).shown == SHOWN
    assert after(Understood(), said(shown=fresh)).shown == fresh
    assert after(Understood(), said(shown=())).shown == ()


def test_a_command_is_remembered_by_its_name() -> None:
    remembered = remember(BEFORE, 2, Command(name="apply"), Understood(), said())

    assert remembered.dialogue.recent[-1].text == "apply"
