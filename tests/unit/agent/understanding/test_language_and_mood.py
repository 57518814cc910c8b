import pytest

from shared.domains.base import Dialogue
from tests.unit.agent.understanding.bikes import FIRST_REQUEST, after, understand


@pytest.mark.parametrize(
    ("text", "session", "language"),
    [
        ("rent a bike", "und", "en"),
        ("我想租车", "und", "zh"),
        ("我想租 Falcon Trail", "en", "zh"),
        ("VVIP", "zh", "zh"),
        ("ok thanks", "zh", "zh"),
        ("please show me the bikes", "zh", "en"),
        ("quiero una bici grande", "es", "es"),
        ("自行车はありますか", "en", "ja"),
        ("साइकिल चाहिए", "en", "hi"),
        ("12345", "zh", "zh"),
        ("?!", "und", "und"),
        ("多少钱", "zh-Hant", "zh-Hant"),
    ],
)
def test_the_language_changes_only_on_evidence(text: str, session: str, language: str) -> None:
    assert understand(text, Dialogue(language=session)).language == language


def test_the_clients_wish_decides_the_language() -> None:
    assert understand("rent a bike", Dialogue(language="en"), language="zh").language == "zh"


@pytest.mark.parametrize(
    "text",
    ["I love this bike", "a smooth ride", "很喜欢这辆车", "还不错，挺满意的", "服务非常好", "wonderful, thanks!"],
)
def test_pleasure_is_heard(text: str) -> None:
    assert understand(text).sentiment > 0.2


@pytest.mark.parametrize(
    "text", ["this is terrible", "it feels wobbly", "老是掉链子", "太差了", "不太满意", "一点都不好", "我很失望"]
)
def test_displeasure_is_heard(text: str) -> None:
    assert understand(text).sentiment < -0.2


def test_degree_and_negation_weigh_in_chinese() -> None:
    very, plain, little = (understand(text).sentiment for text in ("非常失望", "失望", "有点失望"))
    assert very < plain < little < 0
    assert understand("不满意").sentiment < 0 < understand("满意").sentiment


@pytest.mark.parametrize(
    "text",
    [
        "I already told you!",
        "are you even listening???",
        "this is a waste of time",
        "let me talk to a human",
        "说了好几遍了",
        "转人工",
    ],
)
def test_frustration_is_heard(text: str) -> None:
    assert understand(text).frustration >= 0.5


def test_saying_the_same_again_is_frustration() -> None:
    assert understand(FIRST_REQUEST).frustration == 0
    assert understand(FIRST_REQUEST, after(FIRST_REQUEST)).frustration > 0.3


@pytest.mark.parametrize("text", ["rent a bike in Oldtown", "hello", "我想租车"])
def test_an_ordinary_request_is_calm(text: str) -> None:
    assert understand(text).frustration == 0
