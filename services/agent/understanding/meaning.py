"""Weighs the classifier's guess against the dialogue, and says what an utterance means."""

from functools import cached_property
from typing import Final

from services.agent.understanding import cues
from services.agent.understanding.classifier import Guess
from services.agent.understanding.entities.readings import Reading
from services.agent.understanding.language import detect
from services.agent.understanding.normalisation import Normalised
from services.agent.understanding.pack import Pack
from services.agent.understanding.recollection import RECALL, recollection
from services.agent.understanding.references import find_references
from services.agent.understanding.relation import Relation, Said, relate
from services.agent.understanding.rewriting import Request, last_request, merged, named, topic
from shared.domains.base import Dialogue
from shared.events.replies import Entity, Understood

_KEEP_INTENT: Final = frozenset({Relation.MODIFICATION, Relation.CORRECTION, Relation.ANSWER})
_REWRITTEN: Final = frozenset({Relation.FOLLOW_UP, Relation.CORRECTION})


class Meaning:
    """The meaning of one utterance, as it becomes clear."""

    def __init__(
        self, pack: Pack, words: Normalised, readings: list[Reading], dialogue: Dialogue, guess: Guess
    ) -> None:
        self._pack = pack
        self._words = words
        self._dialogue = dialogue
        self._guess = guess
        heard = cues.GATE.passing(words)
        self._references = find_references(words, readings, dialogue, heard)
        self._said = Said(words, tuple(readings), self._references, dialogue, guess, heard)
        self._entities = tuple(words.entity(each.kind, each.value, each.start, each.end) for each in readings)
        self.relation = relate(self._said, pack.modifying)

    @property
    def open(self) -> bool:
        """Whether its words alone leave the intent open, and with those of its context there is more to go by."""
        return self.rewritten is not None and not self._clear

    @cached_property
    def rewritten(self) -> str | None:
        """The words with what they leave out."""
        if self.relation not in _REWRITTEN:
            return None
        request = last_request(self._dialogue.recent)
        change = Request(self._words.original, tuple(e for e in self._entities if e.kind in self._said.value_kinds))
        if request and change.entities and (self._said.elliptic or self.relation is Relation.CORRECTION):
            return merged(request, change).text
        talk = "" if self._dialogue.shown else topic(request, self._entities)
        text = named(self._words, self._references, talk)
        return text if text != self._words.original else None

    def understood(self, in_context: Guess, language: str | None) -> Understood:
        """All of it; `in_context` is the guess for the rewritten words."""
        intent, confidence = self._intent(in_context)
        earlier = [exchange.text for exchange in self._dialogue.recent]
        mood = self._pack.sentiment.read(self._words, earlier)
        return Understood(
            intent=intent,
            confidence=round(confidence, 4),
            entities=self._entities + self._referents(),
            language=detect(self._words.text, self._dialogue.language, language),
            sentiment=mood.sentiment,
            frustration=mood.frustration,
            relation=self.relation.value,
            rewritten=self.rewritten,
        )

    @property
    def _recalls(self) -> bool:
        """Whether it asks for what was said in earlier sessions; words that a pack is sure of are the pack's."""
        asked = recollection(self._words)
        return asked is not None and (asked.certain or not self._guess.sure)

    @property
    def _clear(self) -> bool:
        """Whether the words alone say what is wanted; names and short answers do not, once something stands."""
        if self.relation is Relation.ANSWER:
            return self._guess.sure and self._said.speaks_for_itself
        if self.relation is Relation.MODIFICATION and self._said.adjusts:
            return False
        return self._guess.sure and (self.relation is Relation.FRESH or not self._said.bare)

    def _intent(self, in_context: Guess) -> tuple[str | None, float]:
        """The intent and its confidence; one that only the dialogue speaks for has the least that is acted on."""
        if self._recalls:
            return RECALL, 1.0
        if self._clear:
            return self._guess.intent, self._guess.confidence
        if in_context.sure:
            return in_context.intent, in_context.confidence
        elliptic = self.relation is Relation.FOLLOW_UP and self._said.elliptic
        if self._dialogue.last_intent and (elliptic or self.relation in _KEEP_INTENT):
            return self._dialogue.last_intent, self._pack.classifier.threshold
        if self._guess.sure:
            return self._guess.intent, self._guess.confidence
        return None, self._guess.confidence

    def _referents(self) -> tuple[Entity, ...]:
        return tuple(
            self._words.entity("referent", item.id, reference.start, reference.end)
            for reference in self._references
            for item in reference.items
        )
