"""Identifiers: #1234, SKU-88, order 1234, 订单号 A1234. The value is in capitals, without the hash."""

import re
from collections.abc import Iterator
from typing import Final

from services.agent.understanding.entities.readings import Reading, Situation
from services.agent.understanding.gates import Cue, Gate
from services.agent.understanding.normalisation import Normalised

_FLAGS: Final = re.IGNORECASE | re.ASCII
_PATTERNS: Final = Gate(
    Cue(pattern)
    for pattern in (
        re.compile(r"(?<![a-z0-9])#(?P<value>[a-z]{0,5}-?\d{1,18})(?![a-z0-9])", _FLAGS),
        re.compile(r"(?<![A-Za-z0-9_-])(?P<value>[A-Z]{2,6}-\d{1,12}(?:-[A-Z0-9]{1,8})?)(?![A-Za-z0-9_])", re.ASCII),
        re.compile(
            r"(?<![a-z0-9_-])(?P<value>(?:sku|ord|order|inv|po|prd|prod|item|ref|tkt)[-_]?\d{1,12})(?![a-z0-9_])",
            _FLAGS,
        ),
        re.compile(r"(?<![a-z0-9_])(?P<value>[a-z]{2,8}_[0-9a-f]{8,32})(?![a-z0-9_])", _FLAGS),
        re.compile(
            r"(?<![a-z])(?:order|invoice|ticket|booking|reference|ref|tracking|sku)(?: ?(?:number|no\.?|id|#))*"
            r"[ :#]{1,3}"
            r"(?:is )?(?P<value>(?=[a-z-]{0,8}\d{3})[a-z]{0,4}-?\d{3,18})(?![a-z0-9])",
            _FLAGS,
        ),
        re.compile(
            r"(?:订单|单号|编号|发票|货号|快递)(?:号码?|编号)?[是为:： #]{0,3}"
            r"(?P<value>[a-z]{0,6}-?\d{2,18})(?![a-z0-9])",
            _FLAGS,
        ),
    )
)


def read(words: Normalised, _: Situation) -> Iterator[Reading]:
    """The identifiers in `words`."""
    for each in _PATTERNS.passing(words):
        for match in each.pattern.finditer(words.text):
            start = match.start() if words.text[match.start()] == "#" else match.start("value")
            yield Reading("id", match["value"].upper(), start, match.end())
