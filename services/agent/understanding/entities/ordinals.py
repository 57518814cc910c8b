"""Places in a list that was shown: "the second one", "2nd", "option 3", "last one", 第二个. -1 is the last."""

import re
from collections.abc import Iterator
from typing import Final

from services.agent.understanding.entities.numerals import number
from services.agent.understanding.entities.readings import Reading, Situation
from services.agent.understanding.gates import Cue, Gate
from services.agent.understanding.normalisation import Normalised

_ORDINALS: Final = {
    word: place
    for place, words in enumerate(
        ("first|1st", "second|2nd|secnd", "third|3rd", "fourth|4th|forth", "fifth|5th", "sixth|6th", "seventh|7th"),
        start=1,
    )
    for word in words.split("|")
} | {"eighth": 8, "8th": 8, "ninth": 9, "9th": 9, "tenth": 10, "10th": 10, "last": -1, "latter": -1, "former": 1}
_ITEM: Final = (
    r"ones?|1|options?|choices?|listings?|results?|items?|products?|projects?|propert(?:y|ies)|flats?|apartments?|"
    r"homes?|houses?|villas?|units?|orders?|campaigns?|names?|links?|entry|entries|suggestions?|place|model"
)
_WORD: Final = "|".join(_ORDINALS)
_FLAGS: Final = re.IGNORECASE | re.ASCII
_CLEAR: Final = Cue(re.compile(rf"(?<![a-z0-9])(?:the )?(?P<word>{_WORD}) (?:{_ITEM})(?![a-z])", _FLAGS))
_BARE: Final = Cue(
    re.compile(
        rf"(?<![a-z0-9])(?:(?:the |(?<=and )|(?<=or )|(?<=vs )|(?<=with )|(?<=compare ))(?P<word>{_WORD})"
        r"(?= ?(?:$|[,.!?;]|and|or|is|has|have|had|does|come|comes|cost|costs|offer|offers|please|sounds|looks|"
        r"with|vs|in|from|instead))"
        rf"|^(?P<alone>{_WORD})\W*$)",
        _FLAGS,
    )
)
_NUMBERED: Final = Cue(
    re.compile(r"(?<![a-z])(?:number|no\.?|option|choice|item|listing|#) ?(?P<digits>\d{1,2})(?![\w%.,-])", _FLAGS)
)
_CHINESE: Final = Cue(
    re.compile(
        r"第(?P<number>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:个|套|款|项|条|件|位|家|处|名|种|间|单|(?=$|[,，。?？!！吧呢和跟]))"
    )
)
_CHINESE_LAST: Final = Cue(re.compile(r"最后(?:那|这)?一?(?:个|套|款|项|条|件|位|家|处|名|种|间|单)"))
_IN_LISTS: Final = (_BARE, _NUMBERED)
_GATE: Final = Gate((_CLEAR, _BARE, _NUMBERED, _CHINESE, _CHINESE_LAST))


def read(words: Normalised, situation: Situation) -> Iterator[Reading]:
    """The ordinals in `words`; those without a noun only where a list was shown."""
    for cue in _GATE.passing(words):
        if situation.shown or cue not in _IN_LISTS:
            for match in cue.pattern.finditer(words.text):
                place = _place(match)
                if cue is not _NUMBERED or 0 < place <= situation.shown:
                    yield Reading("ordinal", place, match.start(), match.end())


def _place(match: re.Match[str]) -> int:
    """The place that the words or digits of `match` say."""
    text = next((text for text in match.groups() if text), "last").lower()
    return _ORDINALS.get(text) or int(number(text) or 1)
