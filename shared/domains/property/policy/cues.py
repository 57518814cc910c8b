"""Single words that tell the subject where the understanding was not sure of the whole."""

import re
from collections.abc import Mapping

COMPARES = re.compile(r"\b(compar\w*|vs|versus|better|best|differ\w*|between|side by side|which|or)\b", re.IGNORECASE)

CANCELS = re.compile(r"\b(cancel|call(ed)? off)\b", re.IGNORECASE)

DISLIKES = re.compile(
    r"\b(?:not|never|no longer|isn'?t|don'?t|didn'?t|doesn'?t) (?:\w+ ){0,2}?(?:interested|like|love|want)\b"
    r"|\b(?:hate|dislike)\b",
    re.IGNORECASE,
)

OBJECTS = re.compile(
    r"\b(?:too|far|away|not|no|never|\w+n'?t|hate|dislike|bad|poor|remote|outskirts|traffic|distance|commute|crowded|problem|"
    r"issue|worried|concern\w*|location|area|but)\b",
    re.IGNORECASE,
)
"""Words of an objection to a place; a place without them is one that is wanted instead."""

RUDE = re.compile(r"\b(?:f+u+c+k\w*|f\*+\w*|shit\w*|bullshit|bastards?|idiots?|stupid|wtf|screw you)\b", re.IGNORECASE)

_CUES: Mapping[str, str] = {
    "visit": r"(?:site )?visit\w*|appointment",
    "brochure": r"brochure|floor ?plans?",
    "callback": r"call (?:me|us)( back)?|call ?back",
    "loan": r"emis?|loans?|instal?lments?|down ?payment",
    "objection_price": r"discounts?|expensive|costly|negotia\w+|overpriced|mehe?nga",
    "compare": r"compar\w*|vs|versus",
    "price": r"price[sd]?|how much|cost|rate|kitne",
    "like": r"interested in|i (?:like|love|want)",
    "recap": r"last time|so far",
}
"""Subject -> words that give it away, the clearer ones first."""

_PATTERNS = {subject: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for subject, words in _CUES.items()}
_ABOUT_A_PROJECT = frozenset({"like", "price"})


def subject_by_cue(text: str, *, project: bool) -> str | None:
    """The subject that a word of the text gives away; some only beside a project."""
    subjects = (subject for subject, pattern in _PATTERNS.items() if pattern.search(text))
    return next((subject for subject in subjects if project or subject not in _ABOUT_A_PROJECT), None)
