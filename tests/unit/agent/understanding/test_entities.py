import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.agent.understanding import Utterance
from shared.domains.base import Dialogue, Gazetteer
from tests.unit.agent.understanding.bikes import (
    FALCON,
    FIRST_REQUEST,
    MERCURY,
    SWIFT,
    after,
    asked,
    core,
    kinds,
    understand,
    values,
)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("a bike in riverside", "place", "Riverside"),
        ("a bike in RIVERSIDE's centre", "place", "Riverside"),
        ("old town please", "place", "Oldtown"),
        ("near the zoo", "place", "Zoo"),
        ("滨江区有车吗", "place", "滨江"),
        ("the falcon-trail", "model", "Falcon Trail"),
        ("a bike in Riversdie", "place", "Riverside"),
        ("the Falcn Trail", "model", "Falcon Trail"),
        ("falcontrail", "model", "Falcon Trail"),
        ("swift comuter", "model", "Swift Commuter"),
    ],
)
def test_names_are_found_with_case_spaces_and_typos(text: str, kind: str, value: str) -> None:
    assert values(understand(text), kind) == [value]


@pytest.mark.parametrize(
    "text", ["zoom in", "zo", "shift", "merely", "too", "reverse side", "mercurial", "old", "town"]
)
def test_similar_words_are_no_names(text: str) -> None:
    assert not kinds(understand(text)) & {"place", "model"}


def test_other_names_use_the_same_classifier() -> None:
    renamed = core.with_names(Gazetteer({"place": {"Harbour Point": ()}}))
    before, now = (
        understand("rent a bike at Harbour Point"),
        renamed.understand([Utterance("rent a bike at Harbour Point", Dialogue())])[0],
    )
    assert "place" not in kinds(before)
    assert values(now, "place") == ["Harbour Point"]
    assert "place" not in kinds(renamed.understand([Utterance("in Oldtown", Dialogue())])[0])
    assert now.intent == "rent"


@pytest.mark.parametrize(
    ("text", "markets"),
    [("sales in US and IT", ["US", "IT"]), ("show us what is in it", []), ("in es", ["ES"]), ("in Italy", ["IT"])],
)
def test_a_code_that_is_a_word_is_read_in_capitals_only(text: str, markets: list[str]) -> None:
    worldwide = core.with_names(Gazetteer({"market": {"US": (), "IT": ("Italy",), "IN": (), "ES": ()}}))
    assert values(worldwide.understand([Utterance(text, Dialogue())])[0], "market") == markets


def test_a_name_of_two_kinds_is_found_as_both() -> None:
    twins = core.with_names(Gazetteer({"place": {"Mercury": ()}, "model": {"Mercury": ()}}))
    assert kinds(twins.understand([Utterance("mercury", Dialogue())])[0]) == {"place", "model"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("where is #1234?", "1234"),
        ("SKU-88 please", "SKU-88"),
        ("status of ord-55", "ORD-55"),
        ("order number 12345", "12345"),
        ("订单号：A1234", "A1234"),
        ("camp_0123456789ab", "CAMP_0123456789AB"),
    ],
)
def test_identifiers_are_read(text: str, value: str) -> None:
    assert values(understand(text), "id") == [value]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("call me on +91 98765 43210", "phone", "+919876543210"),
        ("9876543210", "phone", "9876543210"),
        ("my phone is +91 98765 43210, book a visit", "phone", "+919876543210"),
        ("my number is 8123 4567", "phone", "81234567"),
        ("手机号是13800138000", "phone", "13800138000"),
        ("write to Priya.S@Example.com", "email", "priya.s@example.com"),
        ("I'm Priya Sharma", "person_name", "Priya Sharma"),
        ("my name is priya and I want a bike", "person_name", "priya"),
        ("我叫王芳，想租车", "person_name", "王芳"),
    ],
)
def test_contact_facts_are_read(text: str, kind: str, value: str) -> None:
    assert values(understand(text), kind) == [value]


@pytest.mark.parametrize(
    "text", ["I'm looking for a bike", "I'm not sure", "this is great", "call me tomorrow", "I am Late"]
)
def test_an_everyday_word_is_no_name(text: str) -> None:
    assert "person_name" not in kinds(understand(text))


def test_a_budget_is_no_phone_number() -> None:
    assert kinds(understand("my budget is 85000000")) == {"money"}


def test_a_bare_name_is_read_where_it_was_asked_for() -> None:
    assert values(understand("Priya", asked("name", "May I have your name?")), "person_name") == ["Priya"]
    assert "person_name" not in kinds(understand("Priya"))


def test_the_packs_own_expressions_give_numbers() -> None:
    assert values(understand("a 21 gear bike"), "gears") == [21]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("the second one", 2),
        ("2nd option", 2),
        ("the last one", -1),
        ("number 3", 3),
        ("第二个", 2),
        ("最后一个", -1),
        ("the third", 3),
    ],
)
def test_ordinals_refer_to_the_shown_list(text: str, place: int) -> None:
    assert values(understand(text, after(FIRST_REQUEST, shown=(FALCON, SWIFT, MERCURY))), "ordinal") == [place]


@pytest.mark.parametrize("text", ["wait a second", "second hand bikes", "the last month", "first of all", "number 30"])
def test_other_uses_of_the_words_are_no_ordinals(text: str) -> None:
    assert "ordinal" not in kinds(understand(text, after(FIRST_REQUEST, shown=(FALCON, SWIFT))))


DIALOGUES = (
    Dialogue(),
    after(FIRST_REQUEST, "what about Oldtown?", shown=(FALCON, SWIFT)),
    asked("name", "Your name?", "Falcon Trail", shown=(FALCON,)),
)
PIECES = (
    "what about the second one ½ ２１ gear ㎡ 50万 以内 ﬁnd #12 Zoo riversdie it 换成 $1,000 to 下周六 三点 "
    "+91 98765 43210 e\u0301 İ ß"
)
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=8).map(" ".join)


@settings(deadline=None)  # a busy machine is no failure
@given(text=st.one_of(st.text(max_size=60), WORDS), dialogue=st.sampled_from(DIALOGUES))
@example(text="İİ in Riverside for ５０万㎡ ｅ\u0301", dialogue=DIALOGUES[1])
@example(text="好" * 3000, dialogue=DIALOGUES[0])
@example(text="9" * 500, dialogue=DIALOGUES[2])
def test_spans_are_always_the_entitys_own_words(text: str, dialogue: Dialogue) -> None:
    for entity in understand(text, dialogue).entities:
        assert entity.start < entity.end
        assert text[entity.start : entity.end] == entity.text
