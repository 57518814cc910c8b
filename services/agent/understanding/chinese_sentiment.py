"""Sentiment of Chinese words by a small lexicon with negation and degree; needs no segmenter."""

import math
from collections.abc import Mapping
from typing import Final

_LEXICON: Final[Mapping[float, str]] = {
    3.0: "完美 太棒 棒极了 惊艳 超赞 爱死 非常满意",
    2.0: "满意 喜欢 开心 高兴 很好 优秀 漂亮 精彩 感谢 谢谢 不错 给力 厉害 赞 棒 期待 放心 惊喜 舒服 值得 推荐 爱",
    1.0: "好 可以 方便 合适 便宜 实惠 有意思 感兴趣 有兴趣 清楚 快 顺利 靠谱 没问题",
    -1.0: "贵 慢 担心 麻烦 复杂 难 奇怪 犹豫 不便 一般 可惜 模糊 吵 远 小贵 不清楚",
    -2.0: "差 失望 讨厌 不满 生气 郁闷 后悔 难看 糟糕 烦 坑 骗 差劲 过分 没用 无语 投诉 错误 难用 离谱 不行 不好 退款",
    -3.0: "垃圾 恶心 愤怒 气死 骗子 滚 废物 糟透 受够 烦死 太差 忍无可忍 极差",
}
_NEGATIONS: Final = ("没有", "并不", "不太", "不是", "不怎么", "不够", "不", "没", "别", "非", "无")
_DEGREES: Final[Mapping[str, float]] = {
    **dict.fromkeys(("非常", "特别", "极其", "超级", "十分", "太", "超", "最", "真的", "实在"), 1.5),
    **dict.fromkeys(("很", "挺", "好", "真", "相当", "更"), 1.25),
    **dict.fromkeys(("有点", "有些", "稍微", "略", "比较", "还算"), 0.6),
}
_NEGATED: Final = -0.74
_ALPHA: Final = 15
"""As in VADER, so that both languages share one scale."""


class ChineseSentiment:
    """The core's lexicon with a pack's own words."""

    def __init__(self, own: Mapping[str, float]) -> None:
        self._words = {word: value for value, words in _LEXICON.items() for word in words.split()} | dict(own)
        self._longest = max(len(word) for word in self._words)

    def score(self, text: str) -> float:
        """From -1 to 1."""
        total = 0.0
        place = 0
        while place < len(text):
            word = self._word_at(text, place)
            if word:
                total += self._words[word] * _modifier(text[max(0, place - 4) : place])
            place += len(word) or 1
        return total / math.sqrt(total * total + _ALPHA)

    def _word_at(self, text: str, place: int) -> str:
        """The longest word that begins here, or none; a degree before a stronger word is no word of its own."""
        for length in range(min(self._longest, len(text) - place), 0, -1):
            word = text[place : place + length]
            if word in self._words and not (word in _DEGREES and self._begins(text, place + length)):
                return word
        return ""

    def _begins(self, text: str, place: int) -> bool:
        return any(text[place : place + length] in self._words for length in range(1, self._longest + 1))


def _modifier(before: str) -> float:
    """What negation and degree just before a word make of it: 不太好 is a weak no, 太不好 a strong one."""
    factor = 1.0
    for _ in range(2):
        degree = next((each for each in _DEGREES if before.endswith(each)), None)
        negation = next((each for each in _NEGATIONS if before.endswith(each)), None)
        if negation:
            factor, before = factor * _NEGATED, before.removesuffix(negation)
        elif degree:
            factor, before = factor * _DEGREES[degree], before.removesuffix(degree)
    return factor
