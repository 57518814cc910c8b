"""When a person should take over, in English and Chinese, once a conversation."""

from dataclasses import replace

import pytest

from services.agent.endings import Closing
from services.agent.escalation import Heard, after_rating, after_turn
from services.agent.session import Remembered
from services.agent.understanding.handover import asks_for_person
from shared.domains.base import Dialogue, Watch
from shared.events.envelope import Envelope
from shared.events.ids import TurnId
from shared.events.outcomes import ConversationEscalated, EscalationReason
from shared.events.replies import Feedback, StreamEnd, TurnCompleted, Understood
from shared.events.turns import Command, Text
from tests.unit.agent.builders import NOW, TURN, answer, session, submitted

ASKING = [
    "I want to talk to a person",
    "let me speak to a human",
    "Can I speak with your manager?",
    "connect me to an agent",
    "transfer me to customer support please",
    "put me through to someone",
    "get me a human",
    "I need a real person",
    "can a person help me",
    "why don't you let me talk to a human",
    "Do not make me ask again, let me talk to a human",
    "AGENT PLEASE",
    "human!",
    "customer service please",
    "give me your manager",
    "is anybody real there",
    "put me through to sales",
    "is there a person I can talk to",
    "我要跟人说话",
    "找个人跟我谈",
    "转人工",
    "请帮我转接人工客服",
    "我要找真人",
    "叫你们经理来",
    "我想跟真人说",
    "有没有人工服务",
    "人工",
]
NOT_ASKING = [
    "are you a human or a machine",
    "I don't want to talk to a person",
    "no need to connect me with a manager",
    "I will talk to my manager first",
    "Show me 2BHK with a person-sized bath",
    "how many people can live in it",
    "send the brochure to my agent's address",
    "3 persons",
    "can a person living abroad buy property",
    "我想找个人少的小区",
    "your customer service is great",
    "不用转人工",
    "别给我转人工",
    "只要有客服互动的VVIP客户",
    "选客服互动多的客户",
    "为春季新款手袋做一次推广",
    "",
]
STREAM = StreamEnd(attempt=1, frames=1)


def heard(text: str = "hm", intent: str | None = "search", frustration: float = 0.0, **more: object) -> Heard:
    understood = Understood(intent=intent, frustration=frustration, relation=str(more.get("relation", "fresh")))
    return Heard(Text(text=text), understood, helped=bool(more.get("helped")))


def reasons(*turns: Heard) -> list[EscalationReason | None]:
    """What the rule says after each of these turns of one conversation."""
    watch, said = Watch(), []
    for turn in turns:
        watch, reason = after_turn(watch, turn)
        said.append(reason)
    return said


ANGRY = heard(frustration=0.6)
LOST = heard(intent=None)
CALM = heard()


@pytest.mark.parametrize("text", ASKING)
def test_who_asks_for_a_person_is_heard(text: str) -> None:
    assert asks_for_person(text)
    assert asks_for_person(text.upper())


@pytest.mark.parametrize("text", NOT_ASKING)
def test_who_only_speaks_of_people_is_not(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        ((heard("转人工"),), ["asked_for_person"]),
        ((ANGRY, ANGRY), [None, "frustrated"]),
        ((ANGRY, CALM, ANGRY), [None, None, None]),
        ((heard(frustration=0.49), heard(frustration=0.49)), [None, None]),
        ((LOST, LOST, LOST), [None, None, "not_understood"]),
        ((LOST, LOST, CALM, LOST), [None, None, None, None]),
        ((LOST, LOST, heard(intent=None, relation="answer")), [None, None, None]),
        ((LOST, LOST, heard(intent=None, helped=True)), [None, None, None]),
        ((ANGRY, heard("a human please", frustration=0.8)), [None, "asked_for_person"]),
        ((ANGRY, ANGRY, ANGRY, heard("转人工")), [None, "frustrated", None, None]),
    ],
)
def test_the_rule_says_once_that_a_person_should_take_over_and_why(
    turns: tuple[Heard, ...], said: list[EscalationReason | None]
) -> None:
    assert reasons(*turns) == said


def test_a_command_neither_counts_nor_breaks_a_row() -> None:
    pressed = replace(CALM, input=Command(name="apply"))

    assert reasons(ANGRY, pressed, ANGRY) == [None, None, "frustrated"]


@pytest.mark.parametrize(("rating", "reason"), [(1, "low_rating"), (2, "low_rating"), (3, None), (5, None)])
def test_only_a_low_rating_is_a_reason(rating: int, reason: str | None) -> None:
    assert after_rating(Watch(), Feedback(turn_id=TURN, rating=rating))[1] == reason
    assert after_rating(Watch(escalated=True), Feedback(turn_id=TURN, rating=rating))[1] is None


def escalations(envelopes: tuple[Envelope, ...]) -> list[ConversationEscalated]:
    kind = ConversationEscalated.type
    return [
        ConversationEscalated.model_validate_json(each.value) for each in envelopes if each.header("ce_type") == kind
    ]


def test_an_escalated_turn_carries_the_event_and_says_so_in_its_ending() -> None:
    decided = replace(answer(), escalation="frustrated", understood=Understood(frustration=0.61234))
    ending = Closing(submitted(), session(turn_no=4), STREAM, NOW).completed(decided)

    [event] = escalations(ending.envelopes)
    assert (event.reason, event.turn_no, event.session_no, event.frustration) == ("frustrated", 5, 2, 0.612)
    assert TurnCompleted.model_validate_json(ending.envelopes[0].value).escalation == "frustrated"


def test_a_low_rating_is_told_and_remembered_with_all_else_as_it_was() -> None:
    known = Remembered(dialogue=Dialogue(language="zh", last_intent="search"), pack={"count": 3})
    rating = submitted(input=Command(name="feedback", arguments={"turn_id": str(TURN), "rating": 1}))
    closing = Closing(rating, session(turn_no=4, remembered=known), STREAM, NOW)

    ending = closing.rated(Feedback(turn_id=TurnId(TURN), rating=1))

    [event] = escalations(ending.envelopes)
    assert (event.reason, event.rating, event.language) == ("low_rating", 1, "zh")
    assert ending.remembered == known.watching(Watch(escalated=True))
    again = Closing(rating, session(turn_no=5, remembered=ending.remembered), STREAM, NOW)
    assert escalations(again.rated(Feedback(turn_id=TurnId(TURN), rating=1)).envelopes) == []


def test_a_good_rating_leaves_what_is_remembered() -> None:
    ending = Closing(submitted(), session(turn_no=4), STREAM, NOW).rated(Feedback(turn_id=TURN, rating=5))

    assert ending.remembered is None
    assert escalations(ending.envelopes) == []
