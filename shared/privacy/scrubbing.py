"""Takes personal data out of texts and of what is stored beside them, and says what it took, never whose."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue

from shared.events.replies import Contact, Entity
from shared.privacy.detection import NOBODY, Detector, Kind, Known, Span, resolve

_PERSONAL_ENTITIES: Final = {
    "phone": Kind.PHONE,
    "email": Kind.EMAIL,
    "person_name": Kind.NAME,
    "address": Kind.ADDRESS,
}
"""Kinds of entities that the agent found in the words and that are personal whatever they look like."""
_PERSONAL_KEYS: Final = {
    **_PERSONAL_ENTITIES,
    "mobile": Kind.PHONE,
    "customer_name": Kind.NAME,
    "contact_name": Kind.NAME,
    "delivery_address": Kind.ADDRESS,
}
_PLACEHOLDER: Final = re.compile(rf"\[({'|'.join(Kind)})\]")
_FORMAL: Final = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    r"|[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?)?|[0-9.,]{1,6}|[a-z]+:[^\s@]*",
    re.I,
)
"""Ids, moments, small numbers and links, which look like many things."""


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text with `[PHONE]` and the like in place of what was personal."""

    text: str
    spans: tuple[Span, ...] = ()
    """What was taken, by its place in the text as it was."""
    _starts: tuple[int, ...] = field(default=(), repr=False)

    def moved(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from `start` to `end` stand now; of what was taken, the placeholder."""
        return self._place(start, at_end=False), self._place(end, at_end=True)

    def taken(self, start: int, end: int) -> Kind | None:
        """What was taken between these places of the text as it was."""
        return next((each.kind for each in self.spans if each.start < end and start < each.end), None)

    def _place(self, position: int, *, at_end: bool) -> int:
        before = bisect_right([each.start for each in self.spans], position - 1 if at_end else position) - 1
        if before < 0:
            return position
        span, start = self.spans[before], self._starts[before]
        past = start + len(span.kind.placeholder)
        if position >= span.end:
            return past + position - span.end
        return past if at_end else start


class Scrubber:
    """Scrubs what one detector finds. What was scrubbed already stays as it is."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    def scrub(self, text: str, known: Known = NOBODY, entities: Iterable[Entity] = ()) -> Scrubbed:
        """The text without what is found in it, what is known of its writer, and entities that name a person."""
        personal = (_span(each) for each in entities if each.kind in _PERSONAL_ENTITIES and each.end <= len(text))
        kept = [match.span() for match in _PLACEHOLDER.finditer(text)]
        found = resolve([*self._detector.find(text, known), *personal])
        return _replaced(text, [span for span in found if not _touches(span, kept)])

    def entities(self, scrubbed: Scrubbed, entities: Iterable[Entity], known: Known = NOBODY) -> tuple[Entity, ...]:
        """The entities of a text as they stand in it now; those of what was taken hold its placeholder."""
        return tuple(self._entity(scrubbed, each, known) for each in entities)

    def value(self, value: JsonValue, known: Known = NOBODY) -> JsonValue:
        """Structured content without what is found in its strings, and without any phone, email, person_name …"""
        match value:
            case str():
                return value if _FORMAL.fullmatch(value) else self.scrub(value, known).text
            case dict():
                return {key: self._field(key, each, known) for key, each in value.items()}
            case list():
                return [self.value(each, known) for each in value]
            case _:
                return value

    def _field(self, key: str, value: JsonValue, known: Known) -> JsonValue:
        kind = _PERSONAL_KEYS.get(key)
        return kind.placeholder if kind is not None and isinstance(value, str) and value else self.value(value, known)

    def _entity(self, scrubbed: Scrubbed, entity: Entity, known: Known) -> Entity:
        start, end = scrubbed.moved(entity.start, entity.end)
        kind = scrubbed.taken(entity.start, entity.end)
        if kind is None:
            return entity.model_copy(update={"start": start, "end": end, "value": self.value(entity.value, known)})
        # Only the name of what was taken is left: its value may be the number in another form.
        return entity.model_copy(
            update={"start": start, "end": end, "text": kind.placeholder, "value": kind.placeholder}
        )


def known_from(entities: Iterable[Entity], contact: Contact | None = None) -> Known:
    """What is known of a person from what was understood of their words."""
    said: dict[str, set[str]] = {"person_name": set(), "phone": set(), "email": set()}
    for each in entities:
        if each.kind in said and isinstance(each.value, str) and not _PLACEHOLDER.search(each.value):
            said[each.kind].add(each.value)
    if contact is not None:
        for kind, value in (("person_name", contact.name), ("phone", contact.phone), ("email", contact.email)):
            said[kind].update([value] if value else [])
    return Known(*(frozenset(filter(None, said[kind])) for kind in ("person_name", "phone", "email")))


def taken_from(texts: Iterable[str]) -> Mapping[str, int]:
    """How much of each kind was taken from texts that are scrubbed, by their placeholders."""
    return dict(sorted(Counter(match[1] for text in texts for match in _PLACEHOLDER.finditer(text)).items()))


def _span(entity: Entity) -> Span:
    return Span(_PERSONAL_ENTITIES[entity.kind], entity.start, entity.end, 0.9)


def _touches(span: Span, places: Iterable[tuple[int, int]]) -> bool:
    return any(span.start < end and start < span.end for start, end in places)


def _replaced(text: str, spans: list[Span]) -> Scrubbed:
    if not spans:
        return Scrubbed(text)
    pieces: list[str] = []
    starts: list[int] = []
    length = last = 0
    for span in spans:
        pieces += (text[last : span.start], span.kind.placeholder)
        starts.append(length + span.start - last)
        length = starts[-1] + len(span.kind.placeholder)
        last = span.end
    return Scrubbed("".join([*pieces, text[last:]]), tuple(spans), tuple(starts))
