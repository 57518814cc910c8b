"""Questions about what was said before, and what only looks like them."""

import pytest

from services.agent.understanding import Core, Utterance
from services.agent.understanding.normalisation import normalise
from services.agent.understanding.recollection import recollection
from shared.domains.base import Dialogue, Gazetteer, Language

ALL = [
    "what did I ask about last time?",
    "What did I ask last time",
    "what were we talking about yesterday?",
    "What did we discuss last week?",
    "What did we talk about on Monday?",
    "hi, what did i ask you about on 12 November?",
    "do you remember what we talked about last time?",
    "last time, what did I ask?",
    "what was our last conversation about?",
    "yesterday what were we talking about?",
    "remind me what we discussed two days ago",
    "what have I asked you before?",
    "What did I ask in my previous session?",
    "上次我问了什么",
    "我上次问的是什么？",
    "我们昨天聊了什么？",
    "上次我们聊到哪了",
    "之前我都问过什么问题",
    "你还记得我上次问了什么吗",
    "上周我跟你说了些什么",
    "11月12日我问了什么",
    "请问我以前咨询过哪些问题",
    "apa yang saya tanya kali lepas?",
    "apa saya cakap semalam",
]

TOPICS = [
    ("did I mention parking?", "parking"),
    ("Did I ask about a home loan before?", "a home loan"),
    ("have I ever asked about gluten free dough?", "gluten free dough"),
    ("when did I last ask about the VVIP campaign?", "the vvip campaign"),
    ("what did I say about my budget last time?", "my budget"),
    ("what did you tell me about parking last time?", "parking"),
    ("what did I tell you about my budget?", "my budget"),
    ("have we talked about schools before?", "schools"),
    ("didn't I tell you about my dog?", "my dog"),
    ("我有没有提过停车位？", "停车位"),
    ("我之前问过停车位吗", "停车位"),
    ("我是不是说过我的预算", "我的预算"),
    ("我什么时候问过贷款？", "贷款"),
    ("上次关于停车位我们说了什么", "停车位"),
    ("我问过交房时间没有", "交房时间"),
    ("pernahkah saya tanya tentang parkir?", "parkir"),
]

LOOKED = [
    "what was i looking at last time",
    "where did we leave off last time",
]
"""A pack may mean these by itself."""

OTHERS = [
    "show me last month's click rate",
    "what was the click rate yesterday?",
    "What did I order last time?",
    "what did I buy before",
    "compare with last time",
    "did you mention the price?",
    "what did customers ask about last month?",
    "I asked about this last time and nobody called",
    "I already told you my budget",
    "as I said before, 2 BHK",
    "what I said before was 3BHK",
    "remember what I said: no ground floor",
    "do you remember me",
    "tell me what people asked last week",
    "did I say that?",
    "what did you say?",
    "what do you mean",
    "what did sales do last week",
    "same as last time",
    "did we sell more last week?",
    "repeat my last order",
    "What did I ask?",
    "Which flats did you show me last time",
    "can you say that again",
    "I'd like to talk about last week's campaign",
    "let's talk about the loan",
    "tell me about the project we discussed",
    "what should I ask",
    "did I win?",
    "did I pay already?",
    "when did I order the shoes?",
    "when did we launch the campaign?",
    "what did we spend last month",
    "上次活动效果怎么样",
    "之前的人群去掉VIP",
    "上周点击率是多少",
    "客户昨天问了什么",
    "上次那个活动再来一次",
    "你说什么",
    "我说的是上海",
    "我想问一下停车位",
    "我问你上周的点击率",
    "我们聊聊上次的活动吧",
    "去年我们卖了什么",
    "之前我说的预算改成500万",
    "跟上次一样",
    "能提一下价格吗",
    "我想问问上次的订单",
    "tolong tunjuk jualan bulan lepas",
    "apa harga semalam",
]


@pytest.mark.parametrize("text", ALL)
def test_all_that_was_said_is_asked_for(text: str) -> None:
    found = recollection(normalise(text))

    assert found is not None
    assert (found.topic, found.certain) == ("", True)


@pytest.mark.parametrize(("text", "topic"), TOPICS)
def test_a_topic_is_asked_for(text: str, topic: str) -> None:
    found = recollection(normalise(text))

    assert found is not None
    assert found.topic == topic


@pytest.mark.parametrize("text", OTHERS)
def test_other_questions_and_statements_are_left_to_the_packs(text: str) -> None:
    assert recollection(normalise(text)) is None


@pytest.mark.parametrize("text", LOOKED)
def test_a_pack_that_is_sure_of_the_words_has_them(text: str) -> None:
    recapping = Core(Language(intents={"recap": tuple(LOOKED), "search": ("show me flats",)}), Gazetteer({}))
    other = Core(Language(intents={"search": ("show me flats",), "price": ("how much is it",)}), Gazetteer({}))

    assert recapping.understand([Utterance(text, Dialogue())])[0].intent == "recap"
    assert other.understand([Utterance(text, Dialogue())])[0].intent == "recall"


def test_a_day_that_is_part_of_the_topic_is_left_there() -> None:
    found = recollection(normalise("did I mention last month's click rate?"))

    assert found is not None
    assert found.topic == "last month's click rate"
