"""Understand, decide, say: how a pack answers a turn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol

from services.agent.dialogue import remember
from services.agent.endings import Answer
from services.agent.escalation import Heard, after_turn
from services.agent.live import Live
from services.agent.llm.model import Aid, Model
from services.agent.sentences import sentences
from services.agent.session import Session
from services.agent.understanding import RECALL, Utterance
from shared.domains.base import AnyDomain, Decision, Scope, Turn
from shared.domains.person import Profile
from shared.errors import Retry
from shared.events.ids import TenantId
from shared.events.replies import Understood
from shared.events.turns import Text, TurnSubmitted

GUESSED: Final = 0.5
"""Confidence of an intent that a model picked: the core, where it is sure, is surer."""


class Understands(Protocol):
    """The understanding cores of all packs."""

    async def understand(self, domain: str, tenant_id: TenantId, utterance: Utterance) -> Understood: ...


class Recalls(Protocol):
    """What is known of the person who talks."""

    async def recall(self, turn: TurnSubmitted, session: Session) -> Profile | None: ...


class RecallsTalk(Protocol):
    """What was said in earlier sessions."""

    async def decide(self, turn: Turn[Any]) -> Decision[Any] | None: ...


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers turns with the packs that are installed. Callable as `Agent.answer`."""

    domains: Mapping[str, AnyDomain]
    tools: Callable[[AnyDomain, Scope], Any]
    minds: Understands
    people: Recalls
    clock: Callable[[], datetime]
    model: Model | None = None
    """None: everything is said in the packs' own words."""
    talk: RecallsTalk | None = None
    """None: packs answer questions about earlier sessions, as far as they can."""

    async def __call__(self, turn: TurnSubmitted, session: Session, live: Live) -> Answer:
        """Raises `Retry` when the pack is not installed here, and whatever the pack raises."""
        domain = self.domains.get(turn.domain)
        if domain is None:
            raise Retry(f"the pack {turn.domain!r} is not installed here")
        understood = await self._understand(turn, session)
        person = await self.people.recall(turn, session)
        view = self._view(turn, session, understood, person)
        if understood.intent == RECALL and self.talk is not None:
            aside = await self.talk.decide(view)
            if aside is not None:
                return await self._aside(aside, session, view, live)
        tools = self.tools(domain, view.scope)
        aid = self.model.aid(domain, view) if self.model is not None else None
        decision, understood = await _decide(domain, view, tools, live, aid)
        said = await _say(domain, decision, tools, live, aid)
        heard = Heard(turn.input, understood, helped=decision.free and not said.free)
        watch, reason = after_turn(view.dialogue.watch, heard)
        remembered = remember(view.dialogue, view.no, turn.input, understood, said).watching(watch)
        return Answer(said, understood, remembered, aid.usage if aid is not None else None, reason)

    async def _aside(self, decision: Decision[Any], session: Session, view: Turn[Any], live: Live) -> Answer:
        """An answer that leaves the session as it was, but for its language: what was talked of is talked of still."""
        await _tell(decision, live)
        spoken, dialogue = view.understood.language, session.remembered.dialogue
        dialogue = dialogue if spoken == "und" else dialogue.model_copy(update={"language": spoken})
        remembered = session.remembered.model_copy(update={"dialogue": dialogue})
        return Answer(decision, view.understood, remembered)

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


async def _decide(
    domain: AnyDomain, view: Turn[Any], tools: Any, live: Live, aid: Aid | None
) -> tuple[Decision[Any], Understood]:
    """What the pack decides, and the reading of the words that it decided on.

    A model's guess may change what is said and never what is done: a decision that would write anything else than the
    core's own reading does not stand.
    """
    intent = await aid.guess() if aid is not None and _is_open(view) else None
    if intent is not None:
        guessed = view.understood.model_copy(update={"intent": intent, "confidence": GUESSED})
        decision = await domain.decide(replace(view, understood=guessed), tools, live)
        if not (decision.effects or decision.outcomes):
            return decision, decision.understood or guessed
        sure = await domain.decide(view, tools, live)
        if (sure.effects, sure.outcomes) == (decision.effects, decision.outcomes):
            return decision, decision.understood or guessed
        return sure, sure.understood or view.understood
    decision = await domain.decide(view, tools, live)
    return decision, decision.understood or view.understood


def _is_open(view: Turn[Any]) -> bool:
    """Whether nobody can tell what words are about that do not answer a question either."""
    understood = view.understood
    return isinstance(view.input, Text) and understood.intent is None and understood.relation != "answer"


async def _say(domain: AnyDomain, decision: Decision[Any], tools: Any, live: Live, aid: Aid | None) -> Decision[Any]:
    """Tell the decision, in a model's words where they hold; the decision with the words that were told.

    What a model answered by itself is not open any more.
    """
    answered = await aid.answer(decision, tools, live) if aid is not None else None
    decision = decision if answered is None else replace(_in_words(domain, decision, answered), free=False)
    worded = await aid.word(decision, live) if aid is not None and answered is None else None
    await _tell(decision, live, words=worded is None)
    return decision if worded is None else _in_words(domain, decision, worded)


async def _tell(decision: Decision[Any], live: Live, *, words: bool = True) -> None:
    """The decision as frames; `words` is false where they were told already."""
    for sentence in sentences(decision.text) if words else ():
        await live.delta(sentence)
    if decision.question is not None:
        await live.clarification(decision.question.clarification)
    for part in decision.data:
        await live.data(part.kind, part.value)


def _in_words(domain: AnyDomain, decision: Decision[Any], text: str) -> Decision[Any]:
    """The decision, told in other words."""
    state = decision.state if domain.reworded is None else domain.reworded(decision.state, text)
    return replace(decision, text=text, state=state)
