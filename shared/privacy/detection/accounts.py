"""Payment cards and bank accounts: numbers that prove themselves by a checksum."""

import re
from collections.abc import Iterator
from typing import Final

from stdnum import iban, luhn

from shared.privacy.detection.cues import is_reference, preceded
from shared.privacy.detection.folding import Folded
from shared.privacy.detection.spans import Kind, Span

_CARD: Final = re.compile(r"(?<![0-9.,])[0-9](?:[ -]?[0-9]){12,18}(?![0-9]|[.,][0-9])")
_ISSUED: Final = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"  # Visa
    r"|(?:5[1-5]|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]*(?<=^[0-9]{16})"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|(?:6011|64[4-9]|65)[0-9]*(?<=^[0-9]{16})"  # Discover, RuPay
    r"|(?:60|81|82|508)[0-9]*(?<=^[0-9]{16})"  # RuPay
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"  # JCB
    r"|62[0-9]{14,17}"  # UnionPay
)
_DINERS: Final = re.compile(r"3(?:0[0-5]|[68][0-9])[0-9]{11}")
_CARD_CUE: Final = re.compile(r"card|visa|mastercard|amex|diners|debit|credit|银行卡|信用卡|储蓄卡|卡号|银联")
_IBAN: Final = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}(?![A-Z0-9])", re.I)


def find_accounts(folded: Folded) -> Iterator[Span]:
    """Card numbers of known issuers that pass Luhn's test, and valid IBANs."""
    for match in _CARD.finditer(folded.text):
        if confidence := _card(folded.text, match):
            yield Span(Kind.CARD, match.start(), match.end(), confidence)
    for match in _IBAN.finditer(folded.text):
        if end := _iban_end(match):
            yield Span(Kind.IBAN, match.start(), end, 0.99)


def _card(text: str, match: re.Match[str]) -> float:
    digits = re.sub("[^0-9]", "", match[0])
    if is_reference(text, match.start()):
        return 0.0
    named = bool(_CARD_CUE.search(preceded(text, match.start())))
    # Fourteen digits pass by chance in invoices, and some UnionPay cards pass no test at all.
    if not _ISSUED.fullmatch(digits) and not (named and _DINERS.fullmatch(digits)):
        return 0.0
    if luhn.is_valid(digits):
        return 0.98 if named else 0.9
    return 0.7 if named and digits.startswith("62") else 0.0


def _iban_end(match: re.Match[str]) -> int | None:
    """Where the longest valid IBAN at the start of the match ends; words may follow it."""
    written = match[0]
    while len(written) >= 15:
        if iban.is_valid(written):
            return match.start() + len(written)
        written = written[:-1].rstrip()
    return None
