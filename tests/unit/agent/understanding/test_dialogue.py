import pytest

from shared.domains.base import Dialogue
from tests.unit.agent.understanding.bikes import (
    FALCON,
    FIRST_REQUEST,
    MERCURY,
    SWIFT,
    after,
    asked,
    understand,
    values,
)

SHOWN = after(FIRST_REQUEST, shown=(FALCON, SWIFT, MERCURY))
ONE = after(FIRST_REQUEST, shown=(FALCON,))
PAIR = after(FIRST_REQUEST, shown=(FALCON, SWIFT))


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("what about 7 gears?", "follow_up"),
        ("and in Oldtown?", "follow_up"),
        ("in Oldtown", "follow_up"),
        ("滨江呢？", "follow_up"),
        ("tell me about the second one", "follow_up"),
        ("is it heavy?", "follow_up"),
        ("does it come with a basket?", "follow_up"),
        ("why?", "follow_up"),
        ("show me more", "follow_up"),
        ("这个多少钱", "follow_up"),
        ("how does that compare to Oldtown?", "follow_up"),
        ("make it 7 gears", "modification"),
        ("only in Oldtown please", "modification"),
        ("something cheaper", "modification"),
        ("change the budget to $60", "modification"),
        ("show me those with a basket", "modification"),
        ("换成7 gear的", "modification"),
        ("只要电动车", "modification"),
        ("扩大到200人", "modification"),
        ("no, I meant Oldtown", "correction"),
        ("not Riverside, Oldtown", "correction"),
        ("sorry, under $60", "correction"),
        ("我说的是滨江", "correction"),
        ("my tyre is flat", "fresh"),
        ("It is raining", "fresh"),
        ("it's late", "fresh"),
        ("that's great", "fresh"),
        ("I think that you are kind", "fresh"),
        ("when do you open this weekend", "fresh"),
        ("hello", "fresh"),
        ("let's start over: rent a bike", "fresh"),
    ],
)
def test_relation_to_what_was_said(text: str, relation: str) -> None:
    assert understand(text, SHOWN).relation == relation


@pytest.mark.parametrize(
    "text", ["what about 7 gears?", "make it 7 gears", "is it heavy?", "no, I meant Oldtown", "the second one"]
)
def test_without_a_past_everything_is_fresh(text: str) -> None:
    understood = understand(text)
    assert understood.relation == "fresh"
    assert values(understood, "referent") == []


@pytest.mark.parametrize(
    "text", ["what about 7 gears?", "and in Oldtown?", "make it 7 gears", "sorry, Oldtown", "换成滨江"]
)
def test_what_only_context_explains_keeps_the_intent(text: str) -> None:
    assert understand(text, SHOWN).intent == "rent"


def test_a_question_about_an_item_is_no_ellipsis() -> None:
    understood = understand("is it 7 gears?", ONE)
    assert (understood.relation, understood.rewritten) == ("follow_up", "is Falcon Trail 7 gears?")


def test_a_clear_wish_changes_the_intent() -> None:
    assert understand("how much does the second one cost", SHOWN).intent == "price"


@pytest.mark.parametrize(
    ("text", "dialogue", "rewritten"),
    [
        ("what about 7 gears?", SHOWN, "Show me 7 gears bikes in Riverside under $40"),
        ("and in Oldtown?", SHOWN, "Show me 21 gear bikes in Oldtown under $40"),
        ("and in Oldtown?", after(FIRST_REQUEST, "what about 7 gears?"), "Show me 7 gears bikes in Oldtown under $40"),
        ("and in Oldtown and the Zoo?", SHOWN, "Show me 21 gear bikes in Oldtown and the Zoo under $40"),
        ("what about next Saturday?", SHOWN, f"{FIRST_REQUEST} next Saturday"),
        ("is it heavy?", ONE, "is Falcon Trail heavy?"),
        ("compare both", PAIR, "compare Falcon Trail and Swift Commuter"),
        ("how heavy is the last one?", SHOWN, "how heavy is Mercury?"),
        (
            "How does that compare to Oldtown?",
            after("price of the Falcon Trail in Riverside last month", intent="price"),
            "How does Falcon Trail last month compare to Oldtown?",
        ),
    ],
)
def test_follow_ups_are_rewritten_with_what_they_leave_out(text: str, dialogue: Dialogue, rewritten: str) -> None:
    assert understand(text, dialogue).rewritten == rewritten


@pytest.mark.parametrize(
    ("text", "dialogue", "meant"),
    [
        ("is it heavy?", ONE, ["b1"]),
        ("is it heavy?", SHOWN, []),
        ("它重吗", ONE, ["b1"]),
        ("how much is that one?", ONE, ["b1"]),
        ("the second one", SHOWN, ["b2"]),
        ("第二个", SHOWN, ["b2"]),
        ("the last one", SHOWN, ["b3"]),
        ("compare both", PAIR, ["b1", "b2"]),
        ("compare both", SHOWN, []),
        ("compare them", SHOWN, ["b1", "b2", "b3"]),
        ("the first two", SHOWN, ["b1", "b2"]),
        ("tell me about mercury", SHOWN, ["b3"]),
        ("is the commuter in stock", SHOWN, ["b2"]),
        ("It is raining", ONE, []),
        ("do you have bikes that are lighter", ONE, []),
        ("I need it this weekend", ONE, ["b1"]),
    ],
)
def test_references_find_their_items(text: str, dialogue: Dialogue, meant: list[str]) -> None:
    assert values(understand(text, dialogue), "referent") == meant


def test_it_is_what_was_talked_about_last() -> None:
    before = SHOWN.recent[0].model_copy(update={"entities": understand("the second one", SHOWN).entities})
    dialogue = SHOWN.model_copy(update={"recent": (*SHOWN.recent, before)})
    assert values(understand("is it heavy?", dialogue), "referent") == ["b2"]


@pytest.mark.parametrize(
    ("text", "about", "question", "options"),
    [
        ("tomorrow at 4", "date", "When would you like to come?", ()),
        ("98765 43210", "phone", "What number can we reach you on?", ()),
        ("Priya", "name", "May I have your name?", ()),
        ("about $60", "budget", "What is your budget?", ()),
        ("the Mercury", "model", "Which one?", ("Falcon Trail", "Mercury")),
        ("Falcon Trail please", "item", "Which one?", ("Falcon Trail", "Mercury")),
        ("yes please", "confirm", "Shall I book it?", ()),
        ("好的", "confirm", "要预订吗？", ()),
        ("doesn't matter", "budget", "What is your budget?", ()),
    ],
)
def test_the_reply_to_a_question_is_an_answer(text: str, about: str, question: str, options: tuple[str, ...]) -> None:
    assert understand(text, asked(about, question, *options)).relation == "answer"


@pytest.mark.parametrize(
    ("text", "relation", "intent"),
    [
        ("when do you open on Sunday", "fresh", "hours"),
        ("my tyre is flat", "fresh", "repair"),
        ("make it 7 gears", "modification", "rent"),
    ],
)
def test_the_subject_may_change_instead_of_an_answer(text: str, relation: str, intent: str) -> None:
    understood = understand(text, asked("phone", "What number can we reach you on?"))
    assert (understood.relation, understood.intent) == (relation, intent)


@pytest.mark.parametrize("text", ["where is the bike from yesterday", "do you know any shops nearby"])
def test_an_option_inside_another_word_is_no_answer(text: str) -> None:
    assert understand(text, asked("offer", "Shall I hold it?", "yes", "no")).relation != "answer"
