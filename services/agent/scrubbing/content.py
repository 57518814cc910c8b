"""What is left of endings and of what sessions remember without personal data. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError

from services.agent.store import Kept
from shared.domains.base import AnyDomain, Dialogue, Exchange, Question
from shared.events.envelope import TYPE_HEADER, Envelope
from shared.events.replies import (
    Clarification,
    Feedback,
    Reply,
    TurnCancelled,
    TurnCompleted,
    TurnEnded,
    TurnFailed,
    Understood,
)
from shared.events.turns import Command, Text, TurnInput
from shared.privacy.detection import NOBODY, Known
from shared.privacy.scrubbing import Scrubber, known_from

_ENDINGS: Final[Mapping[str | None, type[TurnEnded]]] = {
    each.type: each for each in (TurnCompleted, TurnFailed, TurnCancelled)
}
"""Signals and outcomes carry nobody's words."""


def scrub_session(kept: Kept, scrubber: Scrubber, domains: Mapping[str, AnyDomain]) -> Kept:
    """What is kept of a session without what is personal.

    Turns that are not among the endings are too young; so is what the pack remembers while there are any.
    """
    events = [_event(envelope) for ending in kept.endings for envelope in ending.envelopes]
    known = NOBODY
    for event in events:
        if isinstance(event, TurnCompleted):
            known |= known_from(event.understood.entities, event.contact)
    content = _Content(scrubber, known)
    endings = tuple(replace(each, envelopes=tuple(map(content.envelope, each.envelopes))) for each in kept.endings)
    last = max(each.turn_no for each in kept.endings)
    remembered = kept.remembered
    if remembered is not None:
        dialogue = content.dialogue(remembered.dialogue, last)
        remembered = remembered.model_copy(update={"dialogue": dialogue})
        if last >= kept.turn_no:
            pack = _valid(content.value(remembered.pack), domains.get(kept.domain))
            remembered = remembered.model_copy(update={"pack": pack})
    return replace(kept, endings=endings, remembered=remembered)


def _event(envelope: Envelope) -> TurnEnded | None:
    model = _ENDINGS.get(envelope.header(TYPE_HEADER))
    return None if model is None else model.model_validate_json(envelope.value)


def _valid(pack: dict[str, Any], domain: AnyDomain | None) -> dict[str, Any]:
    """What a pack remembers, or nothing where it could not read what is left of it."""
    try:
        if domain is not None:
            domain.state.model_validate(pack)
    except ValidationError:
        return {}
    return pack


class _Content:
    """Scrubs the parts of one session."""

    def __init__(self, scrubber: Scrubber, known: Known) -> None:
        self._scrubber = scrubber
        self._known = known

    def envelope(self, envelope: Envelope) -> Envelope:
        """The same event, with the same id, key and headers, without what is personal."""
        event = _event(envelope)
        if event is None:
            return envelope
        changed: dict[str, Any] = {"input": self._input(event.input)}
        if isinstance(event, TurnCompleted):
            understood, reply = event.understood, event.reply
            changed |= {
                "input": self._input(event.input, understood),
                "understood": self._understood(event.input, understood),
                "reply": self._reply(reply),
                "contact": None,
                "feedback": self._feedback(event.feedback),
            }
        return replace(envelope, value=event.model_copy(update=changed).model_dump_json().encode())

    def dialogue(self, dialogue: Dialogue, last: int) -> Dialogue:
        """The session's memory, where turns up to `last` are due."""
        recent = tuple(self._exchange(each) if each.turn_no <= last else each for each in dialogue.recent)
        question = dialogue.question
        if question is not None and question.asked_in <= last:
            question = Question(
                about=question.about,
                clarification=self._clarification(question.clarification),
                asked_in=question.asked_in,
            )
        return dialogue.model_copy(update={"recent": recent, "question": question})

    def value(self, value: dict[str, Any]) -> dict[str, Any]:
        """Structured content."""
        return {key: self._scrubber.value(each, self._known) for key, each in value.items()}

    def _text(self, text: str) -> str:
        return self._scrubber.scrub(text, self._known).text

    def _input(self, given: TurnInput, understood: Understood | None = None) -> TurnInput:
        if isinstance(given, Command):
            return given.model_copy(update={"arguments": self.value(given.arguments)})
        entities = () if understood is None else understood.entities
        return Text(text=self._scrubber.scrub(given.text, self._known, entities).text)

    def _understood(self, given: TurnInput, understood: Understood) -> Understood:
        text = given.text if isinstance(given, Text) else ""
        scrubbed = self._scrubber.scrub(text, self._known, understood.entities)
        entities = self._scrubber.entities(scrubbed, understood.entities, self._known)
        rewritten = understood.rewritten and self._text(understood.rewritten)
        return understood.model_copy(update={"entities": entities, "rewritten": rewritten})

    def _exchange(self, exchange: Exchange) -> Exchange:
        scrubbed = self._scrubber.scrub(exchange.text, self._known | known_from(exchange.entities), exchange.entities)
        entities = self._scrubber.entities(scrubbed, exchange.entities, self._known)
        return exchange.model_copy(
            update={"text": scrubbed.text, "entities": entities, "reply": self._text(exchange.reply)}
        )

    def _reply(self, reply: Reply) -> Reply:
        data = tuple(
            part.model_copy(update={"value": self._scrubber.value(part.value, self._known)}) for part in reply.data
        )
        asked = reply.clarification and self._clarification(reply.clarification)
        return reply.model_copy(update={"text": self._text(reply.text), "data": data, "clarification": asked})

    def _clarification(self, asked: Clarification) -> Clarification:
        return Clarification(question=self._text(asked.question), options=tuple(map(self._text, asked.options)))

    def _feedback(self, feedback: Feedback | None) -> Feedback | None:
        if feedback is None or feedback.comment is None:
            return feedback
        return feedback.model_copy(update={"comment": self._text(feedback.comment)})
