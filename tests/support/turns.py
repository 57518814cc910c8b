"""Events of one made-up conversation, as the gateway and the agent publish them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.events.ids import SessionId, TenantId, TurnId, event_of
from shared.events.replies import (
    Feedback,
    Reply,
    StreamEnd,
    TurnCancelled,
    TurnCompleted,
    TurnFailed,
    Understood,
)
from shared.events.turns import Command, SessionDeleted, SessionOpened, Text, TurnSubmitted

PATIENCE = timedelta(seconds=30)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Makes the events of one session; the same turn number gives the same ids and times."""

    tenant_id: TenantId
    session_id: SessionId = field(default_factory=lambda: SessionId(uuid4()))
    user_id: str = "ada"
    domain: str = "property"
    began: datetime = field(default_factory=now)

    def turn_id(self, turn_no: int) -> TurnId:
        return TurnId(event_of(self.session_id, f"turn {turn_no}"))

    def asked_at(self, turn_no: int) -> datetime:
        return self.began + timedelta(seconds=10 * turn_no)

    def ended_at(self, turn_no: int) -> datetime:
        return self.asked_at(turn_no) + timedelta(seconds=1)

    def opened(self) -> SessionOpened:
        return SessionOpened(**self._session("opened", self.began), domain=self.domain)

    def deleted(self) -> SessionDeleted:
        return SessionDeleted(**self._session("deleted", now()))

    def submitted(self, turn_no: int, words: str = "Show me flats", **more: Any) -> TurnSubmitted:
        return TurnSubmitted(
            **self._turn(turn_no, "submitted", self.asked_at(turn_no)),
            **{
                "input": Text(text=words),
                "body_hash": "0" * 64,
                "expires_at": now() + PATIENCE,
                "domain": self.domain,
                **more,
            },
        )

    def completed(
        self, turn_no: int, words: str = "Show me flats", answer: str = "Here are three.", **more: Any
    ) -> TurnCompleted:
        given = {"understood": Understood(intent="search", confidence=0.9), "reply": Reply(text=answer), **more}
        return TurnCompleted(**self._ended(turn_no, Text(text=words)) | given)

    def rated(self, turn_no: int, rated: int, rating: int) -> TurnCompleted:
        feedback = Feedback(turn_id=self.turn_id(rated), rating=rating, comment="thanks")
        return self.completed(turn_no, answer="", input=Command(name="feedback"), feedback=feedback)

    def failed(self, turn_no: int, words: str = "Show me flats", **more: Any) -> TurnFailed:
        given = {"reason": "exhausted", "message": "Something went wrong.", **more}
        return TurnFailed(**self._ended(turn_no, Text(text=words)) | given)

    def cancelled(self, turn_no: int, words: str = "Show me flats") -> TurnCancelled:
        return TurnCancelled(**self._ended(turn_no, Text(text=words)))

    def _session(self, role: str, at: datetime) -> dict[str, Any]:
        return {
            "event_id": event_of(self.session_id, role),
            "occurred_at": at,
            "tenant_id": self.tenant_id,
            "request_id": "test",
            "session_id": self.session_id,
            "user_id": self.user_id,
        }

    def _turn(self, turn_no: int, role: str, at: datetime) -> dict[str, Any]:
        turn_id: UUID = self.turn_id(turn_no)
        return self._session(role, at) | {"event_id": event_of(turn_id, role), "turn_id": turn_id}

    def _ended(self, turn_no: int, given: Text | Command) -> dict[str, Any]:
        return self._turn(turn_no, "ending", self.ended_at(turn_no)) | {
            "domain": self.domain,
            "session_no": 1,
            "turn_no": turn_no,
            "submitted_at": self.asked_at(turn_no),
            "input": given,
            "stream": StreamEnd(attempt=1, frames=1),
        }
