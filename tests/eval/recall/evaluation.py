"""How well each embedder finds what was said by what is asked later, and how well such questions are heard.

`facts.csv` holds things people said and what they ask for later, in shared words or in others; each is searched among
all that was said in its language, `distractors.csv` included. `questions.csv` was written after the forms of asking
that the core knows.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.agent.understanding.normalisation import normalise
from services.agent.understanding.recollection import recollection
from shared.runtime.embedding import Embedder

_HERE = Path(__file__).parent
LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "Chinese"}
WORDS = ("shared", "other")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was said, and what is asked for later."""

    language: str
    words: str
    """Whether the question has words of what was said: shared, or other."""
    said: str
    asked: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Where each fact came among all that was said, from 1."""

    places: tuple[int, ...]

    def recall_at(self, place: int) -> float:
        """The share of facts that came so far up."""
        return sum(each <= place for each in self.places) / len(self.places)

    @property
    def mean_reciprocal_rank(self) -> float:
        return sum(1 / each for each in self.places) / len(self.places)


@dataclass(frozen=True, slots=True)
class Heard:
    """Utterances that ask for the past, and others that were taken for such."""

    asked: int
    heard: int
    others: int
    mistaken: tuple[str, ...]
    missed: tuple[str, ...]


def facts(language: str) -> list[Fact]:
    """The facts of a language."""
    return [Fact(**row) for row in _rows("facts.csv") if row["language"] == language]


def corpus(language: str) -> list[str]:
    """All that was said in a language, each once."""
    others = [row["said"] for row in _rows("distractors.csv") if row["language"] == language]
    return list(dict.fromkeys([*(fact.said for fact in facts(language)), *others]))


async def find(embedder: Embedder, language: str, words: str) -> Finding:
    """Search what was said by the vectors of questions in shared or other words."""
    said, sought = corpus(language), [fact for fact in facts(language) if fact.words == words]
    cosines = await embedder.embed([fact.asked for fact in sought]) @ (await embedder.embed(said)).T
    # What is as near as the fact comes before it: an embedder that tells nothing finds nothing.
    wanted = [(row, row[said.index(fact.said)]) for row, fact in zip(cosines, sought, strict=True)]
    return Finding(tuple(int((row >= cosine).sum()) for row, cosine in wanted))


def hear() -> Heard:
    """Whether the core hears questions about what was said before, and no others."""
    asked, others = (
        [row["text"] for row in _rows("questions.csv") if row["kind"] == kind] for kind in ("recall", "other")
    )
    missed = tuple(text for text in asked if recollection(normalise(text)) is None)
    mistaken = tuple(text for text in others if recollection(normalise(text)) is not None)
    return Heard(len(asked), len(asked) - len(missed), len(others), mistaken, missed)


def _rows(name: str) -> Sequence[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
