"""What a message is about: the metrics it names, else its own content words."""

import re
from typing import Final

from shared.domains.insights.figures import METRICS
from shared.domains.insights.words import NAMES, listed
from shared.events.replies import Understood

_WORD: Final = re.compile(r"[a-zA-Z\u00c0-\u024f]{3,}|[\u4e00-\u9fff]{2,}")
_COMMON_WORDS: Final = (
    "the and for was were what how does did that this those these with compare compared about our your have has had "
    "are can you tell show give please last month week year quarter now then than from over all any more much many "
    "market channel its they them why when where which who will would could should not but some into out"
)
_COMMON: Final = frozenset(_COMMON_WORDS.split())
_MOST: Final = 3


def topic_of(text: str, understood: Understood) -> str | None:
    """The topic of a message in a few words; None when it has none."""
    named = {entity.value for entity in understood.entities if entity.kind == "metric"}
    metrics = [NAMES[metric] for metric in METRICS if metric in named]
    if metrics:
        return listed(metrics)
    words = [word for word in _WORD.findall(text.lower()) if word not in _COMMON]
    return " ".join(words[:_MOST]) or None
