"""A session as the agent loads it, and what a turn leaves behind. Pure values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from shared.domains.base import Dialogue, Effect, Watch
from shared.events.envelope import Envelope
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.replies import Usage


class Remembered(BaseModel):
    """What is stored of a session between turns: the platform's part and the pack's own."""

    model_config = ConfigDict(frozen=True)

    dialogue: Dialogue = Dialogue()
    pack: dict[str, JsonValue] = Field(default_factory=dict)

    def watching(self, watch: Watch) -> "Remembered":
        """The same, with what is known of how the conversation goes."""
        if watch == self.dialogue.watch:
            return self
        return self.model_copy(update={"dialogue": self.dialogue.model_copy(update={"watch": watch})})


@dataclass(frozen=True, slots=True)
class Session:
    """A session's row. `turn_no` is its last ended turn."""

    user_id: str
    domain: str
    session_no: int
    turn_no: int
    remembered: Remembered
    opened_at: datetime
    deleted: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """The ledger's row of a turn that has ended. `envelopes` is None when the session was deleted since."""

    body_hash: str
    envelopes: tuple[Envelope, ...] | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the store knows when a turn arrives."""

    session: Session | None
    ended: Ended | None


@dataclass(frozen=True, slots=True)
class Opening:
    """A session to open, unless it is open already."""

    tenant_id: TenantId
    session_id: SessionId
    user_id: str
    domain: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Trace:
    """A session by what it has left: its turns that ended, and whether its owner deleted it."""

    session_id: SessionId
    deleted: bool
    turns: Sequence[TurnId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a turn ended, with everything to store and to publish. Committed as one transaction."""

    tenant_id: TenantId
    session_id: SessionId
    turn_id: TurnId
    turn_no: int
    outcome: str
    body_hash: str
    ended_at: datetime
    envelopes: tuple[Envelope, ...]
    remembered: Remembered | None = None
    """None leaves what was remembered before."""
    effects: tuple[Effect, ...] = ()
    signals: bool = False
    usage: Usage | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it consists of the session's row and the ledger's alone."""
        return not self.effects and self.usage is None
