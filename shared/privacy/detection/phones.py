"""Phone numbers of Singapore, India and China, and of any country when written with its code."""

import re
from collections.abc import Iterator
from typing import Final

from phonenumbers import Leniency, PhoneNumberMatch, PhoneNumberMatcher, PhoneNumberType, number_type

from shared.privacy.detection.cues import is_reference, preceded
from shared.privacy.detection.folding import Folded
from shared.privacy.detection.spans import Kind, Span

_REGIONS: Final = ("SG", "IN", "CN")
_FEWEST_DIGITS: Final = 7
_DIGIT: Final = re.compile(r"[0-9]")
_PLUS: Final = re.compile(r"(?:\+|(?<![0-9])00)\s?\(?[0-9]")
_CUE: Final = re.compile(
    r"(?<![a-z])(?:call|phone|mobile|cell|number is|my number|whats ?app|contact|reach|tel|ring|sms|text|hp|mob|dial)"
    r"|手机|电话|号码|微信|联系|致电|拨打|座机"
)
_MOBILE: Final = frozenset([PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE])
_AMOUNT: Final = re.compile(r"\s?(?:元|块|万|件|个|盒|箱|pcs|pieces|boxes|units|sq|people|usd|sgd|inr|%|/-)", re.I)

_NAMES: Final = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_SPELLED: Final = re.compile(
    rf"(?<![a-z])(?:(?:double|triple) )?{_NAMES}(?:[\s,-]+(?:(?:double|triple) )?{_NAMES}){{6,14}}(?![a-z])", re.I
)
_CHINESE: Final = re.compile(r"[零〇一二三四五六七八九幺](?:[\s-]?[零〇一二三四五六七八九幺]){6,14}")


def find_phones(folded: Folded) -> Iterator[Span]:
    """Numbers that a telephone network would take, unless the words before say that they are something else."""
    text = folded.text
    digits = sum(1 for _ in _DIGIT.finditer(text))
    if digits >= _FEWEST_DIGITS:
        seen: set[tuple[int, int]] = set()
        for region in _REGIONS:
            for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
                if (match.start, match.end) not in seen and (confidence := _confidence(text, match)):
                    seen.add((match.start, match.end))
                    yield Span(Kind.PHONE, match.start, match.end, confidence)
    for expression in (_SPELLED, _CHINESE):
        for spelled in expression.finditer(text):
            yield Span(Kind.PHONE, spelled.start(), spelled.end(), 0.75)


def _confidence(text: str, match: PhoneNumberMatch) -> float:
    if is_reference(text, match.start) or _AMOUNT.match(text, match.end):
        return 0.0
    if _PLUS.match(match.raw_string) or _CUE.search(preceded(text, match.start)):
        return 0.95
    # A bare landline is as often an amount or an order's number.
    return 0.8 if number_type(match.number) in _MOBILE else 0.0
