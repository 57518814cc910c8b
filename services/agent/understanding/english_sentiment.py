"""Sentiment of English words by VADER: its numbers to the digit, without a look at words that it has no feeling for."""

import string
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from vaderSentiment.vaderSentiment import BOOSTER_DICT, SentimentIntensityAnalyzer, SentiText

_REMEMBERED: Final = 4096
_LONG: Final = 500
"""Words of texts longer than this are not remembered, so that nobody fills the memory with them."""


class EnglishSentiment:
    """VADER's lexicon with a pack's own words, in lower case."""

    def __init__(self, own: Mapping[str, float]) -> None:
        self._vader = SentimentIntensityAnalyzer()
        self._vader.lexicon.update(own)
        self._remembered = lru_cache(_REMEMBERED)(self._felt)
        self._lexicon: Final[Mapping[str, float]] = self._vader.lexicon

    def score(self, text: str) -> float:
        """From -1 to 1: VADER's compound score."""
        if not text.isascii() and not self._vader.emojis.keys().isdisjoint(text):
            return float(self._vader.polarity_scores(text)["compound"])
        if not self._feels(text):
            return 0.0
        words = SentiText(text)
        valences: list[float] = []
        for place, word in enumerate(words.words_and_emoticons):
            if self._weighs(words.words_and_emoticons, place):
                valences = self._vader.sentiment_valence(0, words, word, place, valences)
            else:
                valences.append(0.0)
        valences = self._vader._but_check(words.words_and_emoticons, valences)  # noqa: SLF001 - VADER has no finer door
        return float(self._vader.score_valence(valences, text)["compound"])

    def _feels(self, text: str) -> bool:
        return any(map(self._remembered if len(text) <= _LONG else self._felt, text.lower().split()))

    def _felt(self, word: str) -> bool:
        return word in self._lexicon or word.strip(string.punctuation) in self._lexicon

    def _weighs(self, words: list[str], place: int) -> bool:
        """Whether a word counts by itself: neither without feeling nor there to weigh the next ("kind of")."""
        word = words[place].lower()
        kind_of = word == "kind" and words[place + 1 : place + 2] and words[place + 1].lower() == "of"
        return word in self._lexicon and word not in BOOSTER_DICT and not kind_of
