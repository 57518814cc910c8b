"""Understand, decide, say: how a pack answers a turn."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Protocol

from services.agent.dialogue import remember
from services.agent.endings import Answer
from services.agent.live import Live
from services.agent.session import Session
from services.agent.understanding import Utterance
from shared.domains.base import AnyDomain, Decision, Scope, Turn
from shared.domains.person import Profile
from shared.errors import Retry
from shared.events.ids import TenantId
from shared.events.replies import Understood
from shared.events.turns import Text, TurnSubmitted

# A full stop ends a sentence before white space only, and not after a digit: "1.2 Cr" and "1. Runner" stay whole.
# What all ends begin with comes first, alone: the rest is tried in few places.
_SENTENCE_END = re.compile(r"[.!?。！？\n](?:(?<=[。！？\n])|(?<!\d\.)[.!?]*(?=\s))\s*")


class Understands(Protocol):
    """The understanding cores of all packs."""

    async def understand(self, domain: str, tenant_id: TenantId, utterance: Utterance) -> Understood: ...


class Recalls(Protocol):
    """What is known of the person who talks."""

    async def recall(self, turn: TurnSubmitted, session: Session) -> Profile | None: ...


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers turns with the packs that are installed. Callable as `Agent.answer`."""

    domains: Mapping[str, AnyDomain]
    tools: Callable[[AnyDomain, Scope], Any]
    minds: Understands
    people: Recalls
    clock: Callable[[], datetime]

    async def __call__(self, turn: TurnSubmitted, session: Session, live: Live) -> Answer:
        """Raises `Retry` when the pack is not installed here, and whatever the pack raises."""
        domain = self.domains.get(turn.domain)
        if domain is None:
            raise Retry(f"the pack {turn.domain!r} is not installed here")
        understood = await self._understand(turn, session)
        person = await self.people.recall(turn, session)
        view = self._view(turn, session, understood, person)
        decision = await domain.decide(view, self.tools(domain, view.scope), live)
        understood = decision.understood or understood
        await _say(decision, live)
        before = session.remembered.dialogue
        return Answer(decision, understood, remember(before, view.no, turn.input, understood, decision))

    async def _understand(self, turn: TurnSubmitted, session: Session) -> Understood:
        dialogue = session.remembered.dialogue
        if not isinstance(turn.input, Text):
            return Understood(language=dialogue.language)
        utterance = Utterance(turn.input.text, dialogue, turn.language)
        return await self.minds.understand(turn.domain, turn.tenant_id, utterance)

    def _view(self, turn: TurnSubmitted, session: Session, understood: Understood, person: Profile | None) -> Turn[Any]:
        return Turn(
            id=turn.turn_id,
            no=session.turn_no + 1,
            session_id=turn.session_id,
            session_no=session.session_no,
            scope=Scope(turn.tenant_id, turn.user_id),
            domain=turn.domain,
            request_id=turn.request_id,
            now=self.clock(),
            input=turn.input,
            understood=understood,
            dialogue=session.remembered.dialogue,
            state=self.domains[turn.domain].state.model_validate(session.remembered.pack),
            person=person,
        )


async def _say(decision: Decision[Any], live: Live) -> None:
    for sentence in sentences(decision.text):
        await live.delta(sentence)
    if decision.question is not None:
        await live.clarification(decision.question.clarification)
    for part in decision.data:
        await live.data(part.kind, part.value)


def sentences(text: str) -> list[str]:
    """The text in sentences; together they are the text to the letter."""
    ends = [end.end() for end in _SENTENCE_END.finditer(text)]
    return [text[first:last] for first, last in pairwise((0, *ends, len(text))) if first < last]
