"""How the person feels: English by VADER, Chinese by a lexicon of its own, and frustration with the conversation."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from services.agent.understanding.chinese_sentiment import ChineseSentiment

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LETTER: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SIGNS: Final = (
    (
        0.6,
        re.compile(
            r"useless|waste of (?:my )?time|ridiculous|pathetic|worst|terrible service|fed up|sick of|wtf|stupid"
        ),
    ),
    (
        0.6,
        re.compile(
            r"(?:already|just) (?:told|said|asked|gave|answered|mentioned)|how many times|(?:third|fourth|nth) time"
        ),
    ),
    (
        0.5,
        re.compile(
            r"not listening|(?:don't|do not|dont) (?:listen|understand)|are you even|that's not what i|stop asking"
        ),
    ),
    (
        0.5,
        re.compile(
            r"(?:real|actual) (?:person|human)|(?:talk|speak|connect)(?: me)? (?:to|with) (?:a |an )?(?:human|"
            r"person|manager|agent)"
        ),
    ),
    (
        0.4,
        re.compile(
            r"still (?:not|no|waiting|wrong|doesn't|don't)|again\?|come on|seriously\?|keeps? (?:asking|saying|"
            r"showing)"
        ),
    ),
    (0.3, re.compile(r"[!?]{3,}|annoy|frustrat|irritat|angry|upset|disappoint|forget it|never ?mind")),
    (
        0.6,
        re.compile(
            r"说了(?:多少|好几|几)[遍次]|(?:都|已经)说(?:过|了)|听不懂|没用|废物|垃圾|浪费(?:我的?)?时间|烦死|气死|受够"
        ),
    ),
    (0.5, re.compile(r"转?人工|找(?:个)?真人|投诉|太差|什么破|无语|到底|怎么(?:还|又)|能不能好好|答非所问")),
)
_SHOUTING: Final = re.compile(r"(?:\b[A-Z]{3,}\b[ ,!?']*){3,}")


@dataclass(frozen=True, slots=True)
class Mood:
    """Sentiment from -1 to 1, frustration from 0 to 1."""

    sentiment: float
    frustration: float


class Sentiment:
    """Reads moods with the core's lexicons and the pack's own words."""

    def __init__(self, lexicon: Mapping[str, float]) -> None:
        chinese = {word: value for word, value in lexicon.items() if _HAN.search(word)}
        phrases = {word.lower(): value for word, value in lexicon.items() if word not in chinese and " " in word}
        self._english = SentimentIntensityAnalyzer()
        self._english.lexicon.update({w.lower(): v for w, v in lexicon.items() if w not in chinese})
        self._english.lexicon.update({phrase.replace(" ", "_"): value for phrase, value in phrases.items()})
        self._chinese = ChineseSentiment(chinese)
        self._phrases = re.compile("|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True)))

    def read(self, text: str, lower: str, earlier: Sequence[str]) -> Mood:
        """The mood of `text`; `earlier` are the person's last texts, for somebody who has to repeat theirs."""
        scores = []
        if _HAN.search(text):
            scores.append(self._chinese.score(lower))
        if _LETTER.search(text) or not scores:
            scores.append(float(self._english.polarity_scores(self._joined(text))["compound"]))
        sentiment = min(scores, key=lambda score: -abs(score))
        return Mood(round(sentiment, 4), round(_frustration(text, lower, sentiment, earlier), 4))

    def _joined(self, text: str) -> str:
        """The pack's phrases as single words, which is what the lexicon knows."""
        if not self._phrases.pattern:
            return text
        return re.sub(self._phrases.pattern, lambda match: match[0].replace(" ", "_"), text, flags=re.IGNORECASE)


def _frustration(text: str, lower: str, sentiment: float, earlier: Sequence[str]) -> float:
    """How likely any of the signs is meant: 1 minus the product of each being meant otherwise."""
    calm = math.prod(1 - weight for weight, pattern in _SIGNS if pattern.search(lower))
    if _SHOUTING.search(text):
        calm *= 0.6
    if len(lower) > 5 and any(lower.strip() == before.lower().strip() for before in earlier):
        calm *= 0.6
    return 1 - calm * (1 - 0.4 * max(0.0, -sentiment))
