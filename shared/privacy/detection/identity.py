"""Numbers that states give to people."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from re import Pattern
from typing import Final

from stdnum.cn import ric
from stdnum.in_ import aadhaar, pan

from shared.privacy.detection.cues import is_reference, preceded
from shared.privacy.detection.folding import Folded
from shared.privacy.detection.spans import Kind, Span

_DIGIT: Final = re.compile(r"[0-9]")
_WEIGHTS: Final = (2, 7, 6, 5, 4, 3, 2)
_CHECK_LETTERS: Final = {"ST": "JZIHGFEDCBA", "FG": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
_OFFSETS: Final = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}
_AADHAAR_CUE: Final = re.compile(r"aadha?ar|uidai|uid|आधार")
_PASSPORT: Final = re.compile(
    r"(?:passport(?: (?:no|number|num|is|#))*|护照(?:号码?)?(?:是|为)?)[\s.:#]*"
    r"(?P<number>[a-z]{1,2}[0-9]{6,8}[a-z]?)(?![a-z0-9])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Number:
    kind: Kind
    expression: Pattern[str]
    is_valid: Callable[[str], bool]
    confidence: float


def is_nric(number: str) -> bool:
    """Whether this is a Singaporean NRIC or FIN: the letter at its end is a checksum."""
    written = number.upper()
    total = _OFFSETS[written[0]] + sum(
        int(digit) * weight for digit, weight in zip(written[1:8], _WEIGHTS, strict=True)
    )
    letters = next(each for series, each in _CHECK_LETTERS.items() if written[0] in series)
    return letters[total % 11] == written[8]


_NUMBERS: Final = (
    _Number(Kind.NRIC, re.compile(r"(?<![a-z0-9])[stfgm][0-9]{7}[a-z](?![a-z0-9])", re.I), is_nric, 0.98),
    _Number(Kind.PAN, re.compile(r"(?<![a-z0-9])[a-z]{5}[0-9]{4}[a-z](?![a-z0-9])", re.I), pan.is_valid, 0.95),
    _Number(Kind.RESIDENT_ID, re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9x](?![0-9a-z])", re.I), ric.is_valid, 0.99),
)
_AADHAAR: Final = re.compile(r"(?<![0-9+][ -])(?<![0-9+])[2-9][0-9]{3}([ -]?)[0-9]{4}\1[0-9]{4}(?![0-9]|[ -][0-9]{4})")


def find_identity_numbers(folded: Folded) -> Iterator[Span]:
    """NRIC and FIN, PAN, Aadhaar and Chinese resident numbers that are valid, and passports that are named."""
    if not _DIGIT.search(folded.text):
        return
    for number in _NUMBERS:
        for match in number.expression.finditer(folded.text):
            if number.is_valid(match[0].upper()):
                yield Span(number.kind, match.start(), match.end(), number.confidence)
    yield from _aadhaar(folded.text)
    for match in _PASSPORT.finditer(folded.text):
        yield Span(Kind.PASSPORT, match.start("number"), match.end("number"), 0.9)


def _aadhaar(text: str) -> Iterator[Span]:
    """One number of ten passes the checksum by chance: without a cue it has to be written in groups of four."""
    for match in _AADHAAR.finditer(text):
        named = bool(_AADHAAR_CUE.search(preceded(text, match.start())))
        if not named and (not match[1] or is_reference(text, match.start())):
            continue
        if aadhaar.is_valid(match[0]):
            yield Span(Kind.AADHAAR, match.start(), match.end(), 0.98 if named else 0.85)
