import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from services.agent.understanding.english_sentiment import EnglishSentiment

OWN = {"wobbly": -2.5, "value_for_money": 2.0}
ours = EnglishSentiment(OWN)
vader = SentimentIntensityAnalyzer()
vader.lexicon.update(OWN)
WORDS = (
    "I LOVE love hate not never so but kind of good BAD very least at no nor or without doubt wobbly value_for_money "
    "the shit bad ass kinda sort great, great! :) :( ??? !!! 😁 n't isn't only just enough terrible 好 café"
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join))
def test_scores_are_vaders_own(text: str) -> None:
    assert ours.score(text) == vader.polarity_scores(text)["compound"]


@pytest.mark.parametrize("text", ["", " ", "...", "show me flats", "ﬁne", "a\tb\ngood"])
def test_odd_texts_score_as_in_vader(text: str) -> None:
    assert ours.score(text) == vader.polarity_scores(text)["compound"]
