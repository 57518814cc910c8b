"""How a turn can end, as the events it gives rise to. Pure: the same turn, session and decision give the same bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.agent.escalation import after_rating
from services.agent.session import Ending, Remembered, Session
from shared.domains.base import Decision
from shared.events.base import Event
from shared.events.envelope import Envelope
from shared.events.ids import event_of
from shared.events.outcomes import ConversationEscalated, EscalationReason
from shared.events.replies import (
    FailureReason,
    Feedback,
    Reply,
    StreamEnd,
    TurnCancelled,
    TurnCompleted,
    TurnFailed,
    Understood,
    Usage,
)
from shared.events.signals import Signal, SignalsObserved
from shared.events.turns import Command, TurnSubmitted

LARGEST_EVENT = 900_000
"""Bytes; below the broker's limit for one record, with room for headers."""

_FORGOTTEN = Command(name="forgotten")
"""In place of what was said to a session that is deleted, or is not there: its words go no further."""
_NOBODYS: tuple[FailureReason, ...] = ("session_deleted", "unknown_session")

_MESSAGES: dict[FailureReason, str] = {
    "expired": "This message waited too long to be answered. Please send it again.",
    "session_deleted": "This conversation was deleted.",
    "unknown_session": "There is no such conversation.",
    "exhausted": "Something went wrong while answering. Please send it again.",
    "too_large": "The answer was too large to send.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a pack decided, and what the session remembers of it."""

    decision: Decision[Any]
    understood: Understood
    remembered: Remembered
    usage: Usage | None = None
    escalation: EscalationReason | None = None
    """Why a person should take over from here on, where that is new."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A turn at its end: what it answers to, where its live stream stopped, and when."""

    turn: TurnSubmitted
    session: Session
    stream: StreamEnd
    now: datetime

    def completed(self, answer: Answer) -> Ending:
        """The pack answered."""
        decision, understood = answer.decision, answer.understood
        reply = Reply(
            text=decision.text,
            language=decision.language or understood.language,
            clarification=decision.question.clarification if decision.question else None,
            data=decision.data,
        )
        told = {"understood": understood, "reply": reply, "contact": decision.contact, "usage": answer.usage}
        terminal = TurnCompleted(**self._terminal(), **told, escalation=answer.escalation)
        signals = self._signals(*_general(understood), *decision.signals)
        kept = {"remembered": answer.remembered, "effects": decision.effects, "signals": True, "usage": answer.usage}
        language = answer.remembered.dialogue.language
        escalated = self._escalated(answer.escalation, language, frustration=understood.frustration)
        ending = self._ending("completed", terminal, signals, *decision.outcomes, *escalated, **kept)
        return ending if len(ending.envelopes[0].value) <= LARGEST_EVENT else self.failed("too_large")

    def rated(self, feedback: Feedback) -> Ending:
        """The user rated an earlier turn: nothing is said, memory keeps the rating, profiles learn of it."""
        dialogue = self.session.remembered.dialogue
        watch, reason = after_rating(dialogue.watch, feedback)
        told = {"understood": Understood(), "reply": Reply(text=""), "feedback": feedback, "escalation": reason}
        signals = self._signals(Signal(kind="rating", name="turn", value=feedback.rating))
        escalated = self._escalated(reason, dialogue.language, rating=feedback.rating)
        kept = {"remembered": self.session.remembered.watching(watch)} if reason is not None else {}
        terminal = TurnCompleted(**self._terminal(), **told)
        return self._ending("completed", terminal, signals, *escalated, signals=True, **kept)

    def failed(self, reason: FailureReason) -> Ending:
        """The turn could not be answered."""
        terminal = TurnFailed(**self._terminal(), reason=reason, message=_MESSAGES[reason])
        if reason in _NOBODYS:
            terminal = terminal.model_copy(update={"input": _FORGOTTEN})
        return self._ending("failed", terminal)

    def cancelled(self) -> Ending:
        """The turn was stopped on request."""
        return self._ending("cancelled", TurnCancelled(**self._terminal()))

    def _ending(self, outcome: str, *events: Event, **kept: Any) -> Ending:
        return Ending(
            tenant_id=self.turn.tenant_id,
            session_id=self.turn.session_id,
            turn_id=self.turn.turn_id,
            turn_no=self.session.turn_no + 1,
            outcome=outcome,
            body_hash=self.turn.body_hash,
            ended_at=self.now,
            envelopes=tuple(event.envelope() for event in events),
            **kept,
        )

    def _identity(self, role: str) -> dict[str, Any]:
        return {
            "event_id": event_of(self.turn.turn_id, role),
            "occurred_at": self.now,
            "tenant_id": self.turn.tenant_id,
            "request_id": self.turn.request_id,
            "session_id": self.turn.session_id,
            "user_id": self.turn.user_id,
            "turn_id": self.turn.turn_id,
            "domain": self.turn.domain,
            "session_no": self.session.session_no,
            "turn_no": self.session.turn_no + 1,
        }

    def _terminal(self) -> dict[str, Any]:
        asked = {"submitted_at": self.turn.occurred_at, "input": self.turn.input, "stream": self.stream}
        return self._identity("ending") | asked

    def _escalated(
        self, reason: EscalationReason | None, language: str, *, frustration: float = 0.0, rating: int | None = None
    ) -> Iterable[ConversationEscalated]:
        if reason is not None:
            told = {"reason": reason, "language": language, "frustration": round(frustration, 3), "rating": rating}
            yield ConversationEscalated(**self._identity("escalated"), **told)

    def _signals(self, *signals: Signal) -> SignalsObserved:
        return SignalsObserved(**self._identity("signals"), signals=signals)


def without_session(turn: TurnSubmitted) -> Envelope:
    """There is no session to end the turn in, hence no ledger: everything comes from the turn itself."""
    at = turn.occurred_at
    nowhere = Session(turn.user_id, turn.domain, 0, -1, Remembered(), at, deleted=False)
    stream = StreamEnd(attempt=int(at.timestamp() * 1000), frames=0)
    return Closing(turn, nowhere, stream, at).failed("unknown_session").envelopes[0]


def _general(understood: Understood) -> Iterable[Signal]:
    """What any turn tells, whatever the pack."""
    if understood.intent is not None:
        yield Signal(kind="intent", name=understood.intent, value=round(understood.confidence, 3))
    feeling = {"sentiment": round(understood.sentiment, 3), "frustration": round(understood.frustration, 3)}
    yield Signal(kind="sentiment", name="turn", value=feeling)
