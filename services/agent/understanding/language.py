"""The language of an utterance by its script. A session's language changes only on evidence."""

import re
from typing import Final

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD: Final = re.compile(r"[a-z\u00c0-\u024f][a-z\u00c0-\u024f'-]*", re.IGNORECASE)
_SCRIPTS: Final = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("te", re.compile(r"[\u0c00-\u0c7f]")),
    ("kn", re.compile(r"[\u0c80-\u0cff]")),
    ("ml", re.compile(r"[\u0d00-\u0d7f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_OTHER: Final = re.compile(r"[\u0400-\u0dff\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\uac00-\ud7af]")
_NOT_LATIN: Final = frozenset({"zh", *(language for language, _ in _SCRIPTS)})
_ENOUGH_WORDS: Final = 3


def detect(text: str, session: str, asked: str | None) -> str:
    """The language to answer in: what the client asked for, else what the words are evidence of, else as before."""
    if asked:
        return asked
    latin = len(_LATIN_WORD.findall(text))
    if _OTHER.search(text):
        counts = {language: len(pattern.findall(text)) for language, pattern in _SCRIPTS}
        likeliest = max(counts, key=lambda language: counts[language])
        if counts[likeliest] > latin:
            return likeliest
    han = len(_HAN.findall(text))
    if han >= 2 and han > latin:
        return session if _primary(session) == "zh" else "zh"
    return _by_latin(latin, han, session)


def _by_latin(words: int, han: int, session: str) -> str:
    """A few Latin words are names or abbreviations in any language; a sentence of them is evidence."""
    if session == "und":
        return "en" if words else "zh" if han else "und"
    foreign = _primary(session) in _NOT_LATIN
    return "en" if foreign and words >= _ENOUGH_WORDS and words > han else session


def _primary(language: str) -> str:
    return language.lower().split("-")[0]
