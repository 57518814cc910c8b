"""A made-up pack for the tests: a shop that rents bicycles, in English and Chinese."""

import re

from services.agent.understanding import Core, Utterance
from shared.domains.base import Dialogue, Exchange, Gazetteer, Language, Question, Referent
from shared.events.replies import Clarification, Understood

INTENTS: dict[str, tuple[str, ...]] = {
    "rent": (
        "rent a bike in Oldtown",
        "I want to hire two bicycles",
        "show me mountain bikes",
        "find a 21 gear bike under $40",
        "do you have e-bikes in Riverside",
        "looking for a city bike for the weekend",
        "any bikes for 3 people",
        "我想租一辆自行车",
        "有没有山地车",
        "帮我找一辆电动车，200元以内",
    ),
    "price": (
        "how much does it cost",
        "what is the price per day",
        "price of the Falcon Trail",
        "how expensive is it",
        "what would a week cost me",
        "is there a discount",
        "多少钱一天",
        "这个怎么收费",
        "价格是多少",
    ),
    "repair": (
        "my tyre is flat",
        "the chain is broken",
        "can you fix my brakes",
        "I need a repair",
        "the wheel is bent",
        "my bike makes a strange noise",
        "刹车坏了",
        "能修一下链条吗",
        "车胎没气了",
    ),
    "hours": (
        "when do you open",
        "are you open on Sunday",
        "what are your opening hours",
        "when do you close today",
        "你们几点开门",
        "周末营业吗",
        "几点关门",
    ),
    "greeting": ("hi", "hello", "hello there", "good morning", "hey", "你好", "早上好", "您好"),
    "thanks": ("thanks", "thank you", "thanks a lot", "many thanks", "thank you very much", "谢谢", "多谢", "非常感谢"),
}

LANGUAGE = Language(
    intents=INTENTS,
    patterns={"gears": re.compile(r"(?P<value>\d{1,2})[- ]?(?:gears?|speeds?)\b", re.IGNORECASE)},
    modifications=("with a basket",),
    sentiment={"wobbly": -2.5, "smooth ride": 2.5, "掉链子": -3.0},
    currency="USD",
)

GAZETTEER = Gazetteer(
    {
        "place": {"Riverside": (), "Oldtown": ("Old Town",), "Zoo": (), "滨江": ("滨江区",)},
        "model": {"Falcon Trail": (), "Swift Commuter": ("Swift",), "Mercury": ()},
    }
)

FALCON = Referent(kind="bike", id="b1", name="Falcon Trail")
SWIFT = Referent(kind="bike", id="b2", name="Swift Commuter")
MERCURY = Referent(kind="bike", id="b3", name="Mercury")

FIRST_REQUEST = "Show me 21 gear bikes in Riverside under $40"

core = Core(LANGUAGE, GAZETTEER)


def understand(text: str, dialogue: Dialogue | None = None, language: str | None = None) -> Understood:
    return core.understand([Utterance(text, dialogue or Dialogue(), language)])[0]


def kinds(understood: Understood) -> set[str]:
    return {entity.kind for entity in understood.entities}


def values(understood: Understood, kind: str) -> list[object]:
    return [entity.value for entity in understood.entities if entity.kind == kind]


def after(*texts: str, shown: tuple[Referent, ...] = (), intent: str = "rent") -> Dialogue:
    """The dialogue after the person said `texts`."""
    recent = tuple(
        Exchange(turn_no=no, text=text, intent=intent, entities=understand(text).entities, reply="...")
        for no, text in enumerate(texts, start=1)
    )
    return Dialogue(language="en", last_intent=intent, shown=shown, recent=recent)


def asked(about: str, question: str, *options: str, shown: tuple[Referent, ...] = ()) -> Dialogue:
    """The dialogue after the agent asked something back."""
    clarification = Clarification(question=question, options=options)
    return after(FIRST_REQUEST, shown=shown).model_copy(
        update={"question": Question(about=about, clarification=clarification, asked_in=1)}
    )
