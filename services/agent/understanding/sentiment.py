"""How the person feels: English by VADER, Chinese by a lexicon of its own, and frustration with the conversation."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.agent.understanding.chinese_sentiment import ChineseSentiment
from services.agent.understanding.english_sentiment import EnglishSentiment
from services.agent.understanding.gates import Cue, Gate, Literals
from services.agent.understanding.normalisation import Normalised

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LETTER: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class _Sign:
    """An expression of frustration, and how likely it is meant."""

    weight: float
    pattern: re.Pattern[str]


_SIGNS: Final = Gate(
    _Sign(weight, re.compile(expression))
    for weight, expression in (
        (
            0.6,
            r"useless|waste of (?:my )?time|ridiculous|pathetic|worst|terrible service|fed up|sick of|wtf|"
            r"stupid",
        ),
        (
            0.6,
            r"(?:already|just) (?:told|said|asked|gave|answered|mentioned)|how many times|(?:third|fourth|"
            r"nth) time",
        ),
        (
            0.5,
            r"not listening|(?:don't|do not|dont) (?:listen|understand)|are you even|that's not what i|"
            r"stop asking",
        ),
        (
            0.5,
            r"(?:real|actual) (?:person|human)|(?:talk|speak|connect)(?: me)? (?:to|with) (?:a |an )?(?:human|"
            r"person|manager|agent)",
        ),
        (
            0.4,
            r"still (?:not|no|waiting|wrong|doesn't|don't)|again\?|come on|seriously\?|keeps? (?:asking|"
            r"saying|showing)",
        ),
        (0.3, r"[!?]{3,}|annoy|frustrat|irritat|angry|upset|disappoint|forget it|never ?mind"),
        (
            0.6,
            r"说了(?:多少|好几|几)[遍次]|(?:都|已经)说(?:过|了)|听不懂|没用|废物|垃圾|浪费(?:我的?)?时间|烦死|气死|受够",
        ),
        (0.5, r"转?人工|找(?:个)?真人|投诉|太差|什么破|无语|到底|怎么(?:还|又)|能不能好好|答非所问"),
    )
)
_CAPITALS: Final = re.compile(r"[A-Z]{3}")
_SHOUTING: Final = re.compile(r"(?:\b[A-Z]{3,}\b[ ,!?']*){3,}")


@dataclass(frozen=True, slots=True)
class Mood:
    """Sentiment from -1 to 1, frustration from 0 to 1."""

    sentiment: float
    frustration: float


class Sentiment:
    """Reads moods with the core's lexicons and the pack's own words."""

    def __init__(self, lexicon: Mapping[str, float], literals: Literals) -> None:
        chinese = {word: value for word, value in lexicon.items() if _HAN.search(word)}
        phrases = {word.lower(): value for word, value in lexicon.items() if word not in chinese and " " in word}
        words = {word.lower(): value for word, value in lexicon.items() if word not in chinese}
        self._english = EnglishSentiment(words | {phrase.replace(" ", "_"): value for phrase, value in phrases.items()})
        self._chinese = ChineseSentiment(chinese)
        longest_first = sorted(phrases, key=len, reverse=True)
        phrase_cues = (Cue(re.compile(re.escape(phrase), re.IGNORECASE)) for phrase in longest_first)
        self._phrases = Gate(phrase_cues, literals)

    def read(self, words: Normalised, earlier: Sequence[str]) -> Mood:
        """The mood of `words`; `earlier` are the person's last texts, for somebody who has to repeat theirs."""
        scores = []
        if _HAN.search(words.text):
            scores.append(self._chinese.score(words.lower))
        if _LETTER.search(words.text) or not scores:
            scores.append(self._english.score(self._joined(words)))
        sentiment = min(scores, key=lambda score: -abs(score))
        return Mood(round(sentiment, 4), round(_frustration(words, sentiment, earlier), 4))

    def _joined(self, words: Normalised) -> str:
        """The pack's phrases as single words, which is what the lexicon knows."""
        text = words.text
        for phrase in self._phrases.passing(words):
            text = phrase.pattern.sub(lambda match: match[0].replace(" ", "_"), text)
        return text


def _frustration(words: Normalised, sentiment: float, earlier: Sequence[str]) -> float:
    """How likely any of the signs is meant: 1 minus the product of each being meant otherwise."""
    signs = _SIGNS.passing(words)
    calm = math.prod(1 - sign.weight for sign in signs if sign.pattern.search(words.lower))
    if _CAPITALS.search(words.text) and _SHOUTING.search(words.text):
        calm *= 0.6
    if len(words.lower) > 5 and any(words.lower.strip() == before.lower().strip() for before in earlier):
        calm *= 0.6
    return 1 - calm * (1 - 0.4 * max(0.0, -sentiment))
