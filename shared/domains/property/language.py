"""The language of people who buy homes in India: intents, patterns, and words with feeling."""

import re
from collections.abc import Mapping
from importlib.resources import files

import yaml

from shared.domains.base import Language

_COUNT = r"(?:[1-9]\d?|one|two|three|four|five)(?![a-z]*\d)"

PATTERNS: Mapping[str, re.Pattern[str]] = {
    "bedrooms": re.compile(
        rf"\b(?P<value>{_COUNT}(?:\s*(?:/|,|-|&|or|and|to)\s*(?:{_COUNT}))*)\s*-?\s*"
        r"(?:b\.?\s?h\.?\s?k\.?s?|bkh|bhl|bed\s?rooms?|bed(?:s|der)?|br)\b",
        re.IGNORECASE,
    ),
    "ready": re.compile(
        r"\b(?P<value>ready\s*(?:to|2)\s*(?:move|occupy)(?:\s*in)?|rtm|ready possession|immediate possession|"
        r"ready (?:flats?|homes?|apartments?|projects?|properties|ones?)|move in ready)\b",
        re.IGNORECASE,
    ),
    "direction": re.compile(
        r"\b(?P<value>cheaper|sast[aie]|less expensive|more affordable|affordable|lower (?:price|budget|cost)|"
        r"budget friendly|more economical|costlier|more expensive|pricier|more premium|premium|luxury|luxurious|"
        r"upscale|high[- ]end|bigger|larger|bad[ai]|more spacious|spacious|more options?|others|"
        r"more(?!\s+(?:about|details?|info|on|than)\b)|other (?:options?|ones?|projects?)|"
        r"aur (?:dikhao|batao)|(?:something|anything) else|what else|next (?:ones?|few|page))\b",
        re.IGNORECASE,
    ),
    "everything": re.compile(
        r"\b(?P<value>both(?: of them)?|all (?:of them|three|four|two|these|those)|them|these two|those two|the two)\b",
        re.IGNORECASE,
    ),
    "aspect": re.compile(
        r"\b(?P<value>possession|hand(?:ing)? ?over|completion|when .{0,20}(?:ready|complete|delivered)|move in|"
        r"builder|developer|who (?:is|has)? ?buil\w+|rera|approved|registered|carpet area|"
        r"super built ?up|built[- ]up area|how big|size|sq\.? ?ft|where (?:is|exactly)|located|"
        r"location|address|amenit\w+|facilit\w+)\b",
        re.IGNORECASE,
    ),
}

MODIFICATIONS = (
    "instead",
    "what about",
    "how about",
    "cheaper",
    "costlier",
    "bigger",
    "larger",
    "premium",
    "ready to move",
    "only",
    "same in",
    "same but",
)

SENTIMENT: Mapping[str, float] = {
    "overpriced": -2.0,
    "unaffordable": -1.5,
    "cramped": -1.5,
    "delayed": -1.5,
    "possession delay": -2.0,
    "fraud": -3.0,
    "traffic": -0.5,
    "spacious": 1.5,
    "airy": 1.0,
    "dream home": 2.5,
    "well connected": 1.5,
    "paisa vasool": 2.5,
    "value for money": 2.0,
}


def language() -> Language:
    """The pack's language, with its intents from `intents.yaml`."""
    spoken = yaml.safe_load(files(__package__).joinpath("intents.yaml").read_text(encoding="utf-8"))
    return Language(
        intents={intent: tuple(utterances) for intent, utterances in spoken.items()},
        patterns=PATTERNS,
        modifications=MODIFICATIONS,
        sentiment=SENTIMENT,
        currency="INR",
    )
