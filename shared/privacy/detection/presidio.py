"""Presidio's pattern recognisers beside our own, where the extra `presidio` is installed."""

from collections.abc import Iterable, Iterator
from typing import Final

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    IbanRecognizer,
    InAadhaarRecognizer,
    InPanRecognizer,
    InPassportRecognizer,
    PhoneRecognizer,
    SgFinRecognizer,
)
from spacy.tokens import Doc
from spacy.vocab import Vocab

from shared.privacy.detection.folding import Folded
from shared.privacy.detection.spans import Kind, Recogniser, Span

_KINDS: Final = {
    "PHONE_NUMBER": Kind.PHONE,
    "CREDIT_CARD": Kind.CARD,
    "IBAN_CODE": Kind.IBAN,
    "SG_NRIC_FIN": Kind.NRIC,
    "IN_AADHAAR": Kind.AADHAAR,
    "IN_PAN": Kind.PAN,
    "IN_PASSPORT": Kind.PASSPORT,
}
_LEAST_SCORE: Final = 0.4
"""What it gives a phone number without a word that says so."""


class _NoModel(NlpEngine):
    """Presidio asks for a language model; its patterns need none."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        del text
        return NlpArtifacts([], Doc(Vocab()), [], [], self, language)

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **_: object
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        del batch_size, n_process
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        del word, language
        return False

    def is_punct(self, word: str, language: str) -> bool:
        del word, language
        return False

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return ["en"]


def presidio_recogniser() -> Recogniser:
    """Presidio's patterns as one recogniser; the first call costs seconds and some 250 MB.

    Without its recogniser of e-mail addresses, which fetches a list of domains when it starts.
    """
    patterns = (
        CreditCardRecognizer(),
        IbanRecognizer(),
        PhoneRecognizer(supported_regions=("SG", "IN", "CN")),
        SgFinRecognizer(),
        InAadhaarRecognizer(),
        InPanRecognizer(),
        InPassportRecognizer(),
    )
    registry = RecognizerRegistry(recognizers=list(patterns), supported_languages=["en"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=_NoModel(), supported_languages=["en"])

    def recognise(folded: Folded) -> Iterator[Span]:
        for found in analyzer.analyze(folded.text, language="en", score_threshold=_LEAST_SCORE):
            yield Span(_KINDS[found.entity_type], found.start, found.end, float(found.score))

    return recognise
