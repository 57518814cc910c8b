import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.agent.understanding import cues
from services.agent.understanding.entities.calendar import Rule
from services.agent.understanding.entities.chinese_dates import RULES as CHINESE_DATES
from services.agent.understanding.entities.english_dates import RULES as ENGLISH_DATES
from services.agent.understanding.gates import Cue, Gate, Literals, needs, units
from services.agent.understanding.normalisation import normalise
from shared.domains.property.language import PATTERNS

DATES: tuple[Rule, ...] = ENGLISH_DATES + CHINESE_DATES
CUES = tuple(each for each in vars(cues).values() if isinstance(each, Cue))
EXPRESSIONS = [*(rule.pattern for rule in DATES), *(cue.pattern for cue in CUES), *PATTERNS.values()]
CHARACTERS = st.characters(codec="gb2312")


def passes(pattern: re.Pattern[str], text: str) -> bool:
    return Gate([Cue(pattern)], Literals()).passing(normalise(text)) != ()


@pytest.mark.parametrize("pattern", EXPRESSIONS, ids=lambda pattern: pattern.pattern[:40])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_what_an_expression_finds_passes_its_gate(pattern: re.Pattern[str], data: st.DataObject) -> None:
    found = data.draw(st.from_regex(pattern, alphabet=CHARACTERS)).lower()
    text = normalise(found).lower
    if pattern.search(text):
        assert passes(pattern, text)


@pytest.mark.parametrize(
    ("expression", "literals"),
    [
        (r"\bnext (?P<unit>week|month)s?\b", {"next"}),
        (r"(?:today|tonight)", {"day", "night"}),
        (r"\d+ ?kg", {"kg"}),
        (r"[1-9]\d?", {"0"}),
        (r"(?<=on )the? end", {"end"}),
        (r"上个?月", {"上"}),
        (r"(?:very )?", None),
        (r"[a-z]+", None),
        (r"a|[^b]", None),
    ],
)
def test_the_literals_of_an_expression_are_read_off_it(expression: str, literals: set[str] | None) -> None:
    assert needs(re.compile(expression)) == literals


def test_expressions_without_their_literals_are_kept_out() -> None:
    assert not passes(re.compile(r"\b(?:this|next) weekend\b"), "show me flats next week")
    assert passes(re.compile(r"\b(?:this|next) weekend\b"), "show me flats next WEEKENDS")


def test_a_text_is_looked_up_by_words_and_han_characters() -> None:
    assert units("2bhk in pune") == ("2bhk", "in", "pune")
    assert units("租一辆bike ok") == ("租一辆b", "一辆bi", "辆bik", "bike", "ok")
