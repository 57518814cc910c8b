"""What every event has: identity, time, cause, and its place on a topic."""

from typing import ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.events.envelope import ID_HEADER, REQUEST_HEADER, TURN_HEADER, TYPE_HEADER, Envelope
from shared.events.ids import EventId, SessionId, TenantId, TurnId, UserId
from shared.events.topics import Topic


class Fact(BaseModel):
    """A value inside an event: frozen, and tolerant of fields that a newer producer adds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Fact):
    """Something that happened. Names are past tense; a breaking change is a new class with a new version."""

    type: ClassVar[str]
    source: ClassVar[str]
    topic: ClassVar[Topic]

    event_id: EventId = Field(description="The same for every publication of this event: consumers deduplicate on it.")
    occurred_at: AwareDatetime = Field(description="When it happened, UTC.")
    tenant_id: TenantId = Field(description="Whose data this is.")
    request_id: str = Field(max_length=128, description="x-request-id of the HTTP request that caused it.")

    @property
    def key(self) -> str:
        """The Kafka key: records of one key stay in order."""
        raise NotImplementedError

    def envelope(self) -> Envelope:
        """This event as a record. The body is the whole truth; headers repeat it for routing and filtering."""
        key = self.key.encode()
        return Envelope(self.topic.name, key, self.model_dump_json().encode(), self._headers(key))

    def _headers(self, key: bytes) -> tuple[tuple[str, bytes], ...]:
        return (
            ("ce_specversion", b"1.0"),
            (ID_HEADER, str(self.event_id).encode()),
            ("ce_source", self.source.encode()),
            (TYPE_HEADER, self.type.encode()),
            ("ce_time", self.occurred_at.isoformat().encode()),
            ("ce_partitionkey", key),
            (REQUEST_HEADER, self.request_id.encode()),
            ("content-type", b"application/json"),
        )


class SessionEvent(Event):
    """An event of one session, in order with the session's other events."""

    session_id: SessionId
    user_id: UserId = Field(description="Who owns the session.")

    @property
    def key(self) -> str:
        return session_key(self.tenant_id, self.session_id)


class TurnEvent(SessionEvent):
    """An event of one turn of a session."""

    turn_id: TurnId

    def _headers(self, key: bytes) -> tuple[tuple[str, bytes], ...]:
        return (*super()._headers(key), (TURN_HEADER, str(self.turn_id).encode()))


class UserEvent(Event):
    """An event about one person, in order with the other events about that person."""

    user_id: UserId

    @property
    def key(self) -> str:
        return f"{self.tenant_id}:{self.user_id}"


def session_key(tenant_id: TenantId, session_id: SessionId) -> str:
    """The Kafka key of everything that concerns one session."""
    return f"{tenant_id}:{session_id}"
