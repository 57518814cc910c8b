"""What is left of messages without personal data. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.memory.store import Said
from services.memory.transcript import Rating, title_of
from shared.events.ids import SessionId
from shared.events.replies import Clarification, DataPart, Entity
from shared.privacy.detection import NOBODY, Known
from shared.privacy.scrubbing import Scrubber, known_from, taken_from


def scrub_messages(messages: Sequence[Said], scrubber: Scrubber) -> list[tuple[Said, dict[str, int]]]:
    """The messages without what is personal, and how much of which kind each said.

    A name or a number that one message of a session introduces is known in all of them.
    """
    known = _known(messages)
    scrubbed = [_message(each, scrubber, known[each.session_id]) for each in messages]
    titles = _titles(messages, scrubbed, scrubber, known)
    return [(replace(each, title=titles.get(each.session_id)), _taken(each)) for each in scrubbed]


def scrub_words(
    text: str, entities: Iterable[Entity], scrubber: Scrubber, known: Known = NOBODY
) -> tuple[str, tuple[Entity, ...]]:
    """A text and its entities without what is personal."""
    entities = tuple(entities)
    scrubbed = scrubber.scrub(text, known | known_from(entities), entities)
    return scrubbed.text, scrubber.entities(scrubbed, entities, known)


def scrub_data(data: Iterable[DataPart], scrubber: Scrubber, known: Known = NOBODY) -> tuple[DataPart, ...]:
    """Structured content without what is personal."""
    return tuple(part.model_copy(update={"value": scrubber.value(part.value, known)}) for part in data)


def scrub_question(asked: Clarification | None, scrubber: Scrubber, known: Known = NOBODY) -> Clarification | None:
    """A clarifying question without what is personal."""
    if asked is None:
        return None
    options = tuple(scrubber.scrub(each, known).text for each in asked.options)
    return Clarification(question=scrubber.scrub(asked.question, known).text, options=options)


def _known(messages: Iterable[Said]) -> dict[SessionId, Known]:
    known: dict[SessionId, Known] = defaultdict(Known)
    for each in messages:
        known[each.session_id] |= known_from(each.entities)
    return known


def _message(message: Said, scrubber: Scrubber, known: Known) -> Said:
    text, entities = scrub_words(message.text, message.entities, scrubber, known)
    rating = message.feedback
    if rating is not None and rating.comment:
        rating = Rating(rating.rating, scrubber.scrub(rating.comment, known).text)
    return replace(
        message,
        text=text,
        entities=entities,
        data=scrub_data(message.data, scrubber, known),
        clarification=scrub_question(message.clarification, scrubber, known),
        feedback=rating,
    )


def _titles(
    before: Iterable[Said], after: Iterable[Said], scrubber: Scrubber, known: dict[SessionId, Known]
) -> dict[SessionId, str]:
    """New titles by session. A title is cut from a message, so that its end may hold half a number."""
    titles: dict[SessionId, str] = {}
    for raw, left in zip(before, after, strict=True):
        if raw.title is None or raw.session_id in titles:
            continue
        if raw.role == "user" and raw.title == title_of(raw.text):
            titles[raw.session_id] = title_of(left.text)
    for raw in before:
        if raw.title is not None and raw.session_id not in titles:
            titles[raw.session_id] = scrubber.scrub(raw.title, known[raw.session_id]).text
    return titles


def _taken(message: Said) -> dict[str, int]:
    return dict(taken_from([message.text]))
