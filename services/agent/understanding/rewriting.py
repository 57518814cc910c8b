"""Fills in what an utterance leaves out: names for references, and the last request around an ellipsis."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.agent.understanding.cues import ELLIPTIC
from services.agent.understanding.normalisation import Normalised
from services.agent.understanding.references import Reference
from services.agent.understanding.relation import is_bare
from shared.domains.base import Exchange
from shared.events.replies import Entity

_PREPOSITION: Final = re.compile(r"(?:\b(?:in|at|near|around|for|with|from|on|by) (?:the )?)$", re.IGNORECASE)
_NO_TOPIC: Final = frozenset({"referent", "ordinal", "person_name", "phone", "email"})


@dataclass(frozen=True, slots=True)
class Request:
    """A request and what it names."""

    text: str
    entities: tuple[Entity, ...]


def last_request(recent: Sequence[Exchange]) -> Request | None:
    """The last whole request, changed by the ellipses that followed it."""
    request: Request | None = None
    for exchange in recent:
        own = Request(exchange.text, _values(exchange.entities))
        request = merged(request, own) if request and _elliptic(own) else own
    return request


def merged(request: Request, change: Request) -> Request:
    """`request` with what `change` names in the place of what it named of the same kind, or behind it."""
    text, place = "", 0
    kept: list[Entity] = []
    new = {kind: _together(change, kind) for kind in {entity.kind for entity in change.entities}}
    replaced: set[str] = set()
    for entity in sorted(request.entities, key=lambda each: each.start):
        if entity.start < place or entity.kind in replaced:
            continue
        by = new.get(entity.kind, entity)
        replaced.update({entity.kind} & new.keys())
        text += request.text[place : entity.start]
        kept.append(_at(by, len(text)))
        text, place = text + by.text, entity.end
    text += request.text[place:]
    for entity in change.entities:
        if entity.kind not in replaced:
            text = text.rstrip(" ?!.。？！") + " " + _preposition(change.text, entity)
            kept.append(_at(entity, len(text)))
            text += entity.text
    return Request(text, tuple(kept))


def named(words: Normalised, references: Sequence[Reference], talk: str) -> str:
    """The words with names in the place of references, and with `talk` where no item is meant."""
    text, place = "", 0
    for reference in references:
        name = " and ".join(item.name for item in reference.items) or talk
        entity = words.entity("referent", None, reference.start, reference.end)
        if name and entity.start >= place:
            text += words.original[place : entity.start] + name
            place = entity.end
    return text + words.original[place:]


def topic(request: Request | None, entities: Sequence[Entity]) -> str:
    """What the last request named, but for the kinds that are named anew."""
    kinds = {entity.kind for entity in entities}
    return " ".join(entity.text for entity in request.entities if entity.kind not in kinds) if request else ""


def _together(change: Request, kind: str) -> Entity:
    """All that `change` names of a kind, as if it were one name: "DE and ES"."""
    named = [entity for entity in change.entities if entity.kind == kind]
    return named[0].model_copy(update={"text": change.text[named[0].start : named[-1].end]})


def _values(entities: Sequence[Entity]) -> tuple[Entity, ...]:
    return tuple(entity for entity in entities if entity.kind not in _NO_TOPIC)


def _elliptic(request: Request) -> bool:
    text = request.text.lower()
    return bool(request.entities) and (bool(ELLIPTIC.pattern.search(text)) or is_bare(text, request.entities))


def _preposition(text: str, entity: Entity) -> str:
    match = _PREPOSITION.search(text[: entity.start])
    return match[0] if match else ""


def _at(entity: Entity, start: int) -> Entity:
    return entity.model_copy(update={"start": start, "end": start + len(entity.text)})
