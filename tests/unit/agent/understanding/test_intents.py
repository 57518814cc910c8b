import time

import pytest

from services.agent.understanding import Core, Utterance
from shared.domains.base import Dialogue, Gazetteer, Language
from tests.unit.agent.understanding.bikes import GAZETTEER, INTENTS, LANGUAGE, core, understand


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I'd like to rent a bycicle in Riversdie", "rent"),
        ("do u have moutain bikes under $30", "rent"),
        ("whats the price for a day", "price"),
        ("my chain is brokn", "repair"),
        ("at what time do you open", "hours"),
        ("helo", "greeting"),
        ("thank u so much", "thanks"),
        ("我要租一辆山地车", "rent"),
        ("刹车好像坏了", "repair"),
        ("帮我找 mountain bike，谢谢啦", "rent"),
    ],
)
def test_paraphrases_and_typos_keep_their_intent(text: str, intent: str) -> None:
    assert understand(text).intent == intent


@pytest.mark.parametrize("text", ["", "   ", "xqzw kkk", "?!", "ζξψ", "12345678901234567890"])
def test_what_says_nothing_is_not_sure(text: str) -> None:
    understood = understand(text)
    assert understood.intent is None
    assert understood.confidence < 1


def test_numbers_do_not_decide_an_intent() -> None:
    assert understand("price for 21 days").confidence == understand("price for 47 days").confidence


def test_a_batch_means_the_same_as_its_parts() -> None:
    texts = [text for utterances in INTENTS.values() for text in utterances] + ["", "what about Oldtown?"]
    batch = core.understand([Utterance(text, Dialogue()) for text in texts])
    assert batch == [understand(text) for text in texts]


def test_two_cores_of_one_pack_agree() -> None:
    other = Core(LANGUAGE, GAZETTEER)
    utterances = [Utterance(text, Dialogue()) for text in ("hire a bike", "the wheel came off", "cheers")]
    assert other.understand(utterances) == core.understand(utterances)


@pytest.mark.parametrize("intents", [{}, {"only": ("just this",)}, {"a": ("yes",), "b": ("no",)}])
def test_a_pack_with_hardly_any_intents_still_understands(intents: dict[str, tuple[str, ...]]) -> None:
    small = Core(Language(intents=intents), Gazetteer({}))
    understood = small.understand([Utterance("costs $20", Dialogue())])[0]
    assert understood.intent is None
    assert [entity.kind for entity in understood.entities] == ["money"]


def test_nothing_said_is_nothing_understood() -> None:
    assert core.understand([]) == []


def test_training_fits_into_a_start() -> None:
    began = time.process_time()
    Core(LANGUAGE, GAZETTEER).understand([Utterance("hi", Dialogue())])
    assert time.process_time() - began < 2


def test_a_hole_in_an_example_stands_for_any_name_of_its_kind() -> None:
    examples = {
        "find": ("bikes in {place}", "anything near {place}", "do you have a {model} in {place}", "show me bikes"),
        "price": ("price of {model}", "what does {model} cost", "how much is the {model}", "prices"),
    }
    shop = Core(Language(intents=examples), Gazetteer({})).with_names(GAZETTEER)
    for text, intent in (("Falcon Trail price", "price"), ("near Oldtown", "find"), ("cost of Mercury", "price")):
        assert shop.understand([Utterance(text, Dialogue())])[0].intent == intent


def test_everyday_talk_is_not_sure() -> None:
    for text in ("my cousin bought a boat", "他去北京出差了", "the president gave a speech"):
        assert understand(text).intent is None
