"""The language of people who ask for campaign figures: intents, names and patterns."""

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Protocol

import yaml

from shared.domains.base import Gazetteer, Language
from shared.domains.insights.figures import Coverage
from shared.domains.insights.markets import MARKET_NAMES

METRIC_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "click_rate": (
        "click rate",
        "clickrate",
        "click through rate",
        "click-through rate",
        "ctr",
        "clicking rate",
        "tasa de clics",
        "taux de clics",
        "klickrate",
        "点击率",
    ),
    "open_rate": (
        "open rate",
        "openrate",
        "opening rate",
        "rate of opens",
        "tasa de apertura",
        "taux d'ouverture",
        "öffnungsrate",
        "打开率",
    ),
    "conversion_rate": (
        "conversion rate",
        "cvr",
        "conversion ratio",
        "tasa de conversión",
        "taux de conversion",
        "转化率",
    ),
    "click_to_open_rate": ("click to open rate", "click-to-open rate", "ctor", "click to open"),
    "sends": ("sends", "sent", "send volume", "volume", "messages sent", "emails sent", "mails sent", "发送量"),
    "opens": ("opens", "opened", "openings", "打开次数"),
    "clicks": ("clicks", "clicked", "点击次数", "点击量"),
    "conversions": ("conversions", "converted", "converts", "转化数"),
}
CHANNEL_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("email", "emails", "e-mail", "e-mails", "mail", "mails", "newsletter", "newsletters", "mailings"),
    "sms": ("sms", "text message", "text messages", "texts"),
    "push": ("push", "push notification", "push notifications", "pushes"),
}
_OTHER_CHANNELS: Final = (
    "instagram", "facebook", "whatsapp", "tiktok", "youtube", "google ads", "linkedin", "television", "radio", "print",
)  # fmt: skip
"""Channels people ask for that may have no figures: to be told so beats the figures of all others."""

_NO_CODES: Final = "IS|IN|OF|TO|ON|AT|BY|MY|ME|WE|IT|AN|OR|IF|DO|GO|NO|SO|UP|OK|AM|PM|VS|AS|BE|HI|HE"
_NUMBER: Final = r"\d{1,2}|two|three|four|five|ten"
_AFTER_RANK: Final = "|".join(
    rf"(?<=\b{word} )" for word in ("top", "best", "strongest", "leading", "worst", "weakest", "bottom")
)

PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "market_code": re.compile(rf"\b(?P<value>(?!(?:{_NO_CODES})\b)[A-Z]{{2}}|(?<=\bin )IT|(?<=\bfor )IT)\b"),
    "market_word": re.compile(
        r"\b(?:in|for|from|vs\.?|versus|to|with|than|and|against)\s+(?:the\s+)?"
        r"(?P<value>us|uk|de|es|fr|nl|pt)(?=\s+market|\s+(?:and|vs|versus|or|last|this|in)\b|\W*$)"
    ),
    "dimension": re.compile(
        r"\b(?:by|per|each|every|across|which|what)\s+(?:the\s+|our\s+)?(?P<value>market|country|channel|month|week)\b",
        re.IGNORECASE,
    ),
    "ranked": re.compile(rf"(?:{_AFTER_RANK})(?P<value>market|country|channel|month|week)\b", re.IGNORECASE),
    "dimensions": re.compile(r"\b(?P<value>market|countrie|channel)s\b", re.IGNORECASE),
    "rank_size": re.compile(
        rf"(?:(?<=\btop )|(?<=\bbest )|(?<=\bworst )|(?<=\bbottom ))(?P<value>{_NUMBER})\b", re.IGNORECASE
    ),
    "rhythm": re.compile(r"\b(?P<value>monthly|weekly)\b", re.IGNORECASE),
    "best_place": re.compile(r"\b(?P<value>where)\b(?=.*\b(?:most|best|fewest|worst)\b)", re.IGNORECASE),
    "rank": re.compile(
        r"\b(?P<value>top|best|highest|most|strongest|leading|worst|lowest|least|fewest|weakest|bottom)\b",
        re.IGNORECASE,
    ),
    "before": re.compile(
        r"\b(?P<value>(?:the |same )?(?:month|quarter|week|year|period) (?:before|earlier|ago)|"
        r"(?:the )?(?:previous|prior|preceding) (?:month|quarter|week|year|period)|"
        r"year (?:over|on) year|yoy|month (?:over|on) month|mom|same (?:month|quarter|period) last year)\b",
        re.IGNORECASE,
    ),
    "contrast": re.compile(
        r"\b(?P<value>compare[ds]?|comparison|versus|vs|against|difference|differ|than|next to|changed?|by how much)\b",
        re.IGNORECASE,
    ),
    "that": re.compile(
        r"\b(?P<value>(?:that|this|it|they|those|these)(?=[\w ]{0,20}\bcompare)|(?<=compare )(?:that|this|it|those))\b",
        re.IGNORECASE,
    ),
    "course": re.compile(
        r"\b(?P<value>trend\w*|over time|develop\w*|evolv\w+|evolution|month by month|week by week|history|"
        r"going (?:up|down)|rising|falling|growing|since)\b",
        re.IGNORECASE,
    ),
}


class Figures(Protocol):
    """Where the names of markets and channels come from."""

    async def coverage(self) -> Coverage: ...


async def gazetteer(tools: Figures) -> Gazetteer:
    """The metrics, and the markets and channels there are figures of."""
    coverage = await tools.coverage()
    return Gazetteer(
        {
            "metric": METRIC_NAMES,
            # Not the codes: "us" and "in" are words.
            "market": {names[0]: names for names in MARKET_NAMES.values()},
            "channel": {channel: CHANNEL_NAMES.get(channel, ()) for channel in (*coverage.channels, *_OTHER_CHANNELS)},
        }
    )


def language() -> Language:
    """The pack's language, with its intents from `intents.yaml`."""
    spoken = yaml.safe_load(files(__package__).joinpath("intents.yaml").read_text(encoding="utf-8"))
    return Language(
        intents={intent: tuple(utterances) for intent, utterances in spoken.items()},
        patterns=PATTERNS,
        modifications=("instead", "only", "without"),
    )
