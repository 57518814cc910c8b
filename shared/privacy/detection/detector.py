"""Finds personal data in a text."""

from collections.abc import Sequence
from typing import Final

from shared.privacy.detection.accounts import find_accounts
from shared.privacy.detection.addresses import find_addresses
from shared.privacy.detection.emails import find_emails
from shared.privacy.detection.folding import Folded, fold
from shared.privacy.detection.identity import find_identity_numbers
from shared.privacy.detection.known import find_known
from shared.privacy.detection.names import find_names
from shared.privacy.detection.phones import find_phones
from shared.privacy.detection.spans import NOBODY, Known, Recogniser, Span, resolve

RECOGNISERS: Final[tuple[Recogniser, ...]] = (
    find_emails,
    find_phones,
    find_accounts,
    find_identity_numbers,
    find_addresses,
    find_names,
)


class Detector:
    """Runs recognisers over texts. Pure; some ten microseconds for a text without digits."""

    def __init__(self, recognisers: Sequence[Recogniser] = RECOGNISERS) -> None:
        self._recognisers = tuple(recognisers)

    def find(self, text: str, known: Known = NOBODY) -> tuple[Span, ...]:
        """Spans of `text` in order, none overlapping another."""
        folded = fold(text)
        found = [span for recognise in self._recognisers for span in recognise(folded)]
        found.extend(find_known(folded, known))
        return resolve(_written(folded, span) for span in found)


def _written(folded: Folded, span: Span) -> Span:
    return Span(span.kind, *folded.original(span.start, span.end), span.confidence)


def create_detector(*, presidio: bool) -> Detector:
    """Our recognisers, with presidio's beside them where they are asked for.

    Raises `ModuleNotFoundError` when they are asked for and the extra `presidio` is not installed.
    """
    if not presidio:
        return Detector()
    from shared.privacy.detection.presidio import presidio_recogniser  # noqa: PLC0415 -- costs seconds and 250 MB

    return Detector([*RECOGNISERS, presidio_recogniser()])
