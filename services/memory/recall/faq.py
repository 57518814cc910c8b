"""What the people of a tenant ask most, from messages without personal data: questions that are alike are one."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from services.memory.recall.recall import Recall
from services.memory.store import Asked, Passages, Query
from shared.events.ids import TenantId
from shared.runtime.embedding import Vectors

_MOST: Final = 2000
"""Questions that are grouped: the latest, or the likest to what is searched for."""
_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is usually asked, and how often it is."""

    text: str
    count: int
    people: int
    last_asked: datetime
    examples: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrequentQuestions:
    """The questions of a tenant."""

    passages: Passages
    recall: Recall

    async def find(self, tenant_id: TenantId, text: str | None, *, domain: str | None, limit: int) -> list[Question]:
        """The most frequent questions; with `text` those like it, the likest first. Raises `Unavailable`."""
        query = await self.recall.query(text) if text else Query("", self.recall.embedder)
        asked = await self.passages.asked(tenant_id, query, domain=domain, limit=_MOST)
        questions = await asyncio.to_thread(grouped, asked, self.recall.alike)
        if not text:
            questions.sort(key=lambda each: (each.count, each.last_asked), reverse=True)
        return questions[:limit]


def grouped(asked: Sequence[Asked], alike: float) -> list[Question]:
    """Each to the first group whose first member has at least the cosine `alike`; in the order of first members.

    What has no vector is with those of the same words only.
    """
    width = max((len(each.embedding or ()) for each in asked), default=0)
    vectors = [_vector(each, width) for each in asked]
    groups: list[list[int]] = []
    by_text: dict[str, int] = {}
    matrix = np.zeros((len(asked), width), dtype=np.float32)
    for place, each in enumerate(asked):
        text = each.text.casefold().strip(" ?!.。？！")
        group = by_text.get(text)
        if group is None:
            group = _likest(matrix[: len(groups)], vectors[place], alike)
        if group is None:
            group = len(groups)
            groups.append([])
            matrix[group] = vectors[place]
        by_text[text] = group
        groups[group].append(place)
    return [_question([asked[place] for place in group]) for group in groups]


def _vector(asked: Asked, width: int) -> Vectors:
    """The vector; zeros for what has none, or one of another length, and so is like nothing."""
    known = asked.embedding is not None and len(asked.embedding) == width
    return np.array(asked.embedding if known else np.zeros(width), dtype=np.float32)


def _likest(leaders: Vectors, vector: Vectors, alike: float) -> int | None:
    if not len(leaders):
        return None
    cosines = leaders @ vector
    best = int(cosines.argmax())
    return best if cosines[best] >= alike else None


def _question(members: Sequence[Asked]) -> Question:
    texts = Counter(each.text for each in members).most_common(_EXAMPLES + 1)
    return Question(
        text=texts[0][0],
        count=len(members),
        people=len({each.user_id for each in members}),
        last_asked=max(each.sent_at for each in members),
        examples=tuple(text for text, _ in texts[1:]),
        domains=tuple(sorted({each.domain for each in members if each.domain})),
    )
