"""All SQL of memory."""

from services.memory.store.expiry import MESSAGES, SUMMARIES, Archive, Class, Expiry, Overdue, Part, Stored
from services.memory.store.history import FIRST, NEWEST, History, MessageKey, Session, SessionKey, TurnPlace
from services.memory.store.monitoring import Monitoring
from services.memory.store.names import STATEMENTS
from services.memory.store.passages import Asked, Behind, Found, FoundBy, Passage, Passages, Query, Scope
from services.memory.store.scrubs import SCRUBBED, Said, Unscrubbed
from services.memory.store.transcripts import Transcripts
from services.memory.store.weeks import Weeks

__all__ = [
    "FIRST",
    "MESSAGES",
    "NEWEST",
    "SCRUBBED",
    "STATEMENTS",
    "SUMMARIES",
    "Archive",
    "Asked",
    "Behind",
    "Class",
    "Expiry",
    "Found",
    "FoundBy",
    "History",
    "MessageKey",
    "Monitoring",
    "Overdue",
    "Part",
    "Passage",
    "Passages",
    "Query",
    "Said",
    "Scope",
    "Session",
    "SessionKey",
    "Stored",
    "Transcripts",
    "TurnPlace",
    "Unscrubbed",
    "Weeks",
]
