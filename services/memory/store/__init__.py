"""All SQL of memory."""

from services.memory.store.history import FIRST, NEWEST, History, MessageKey, Session, SessionKey
from services.memory.store.passages import Behind, Found, FoundBy, Passage, Passages, Query, Scope
from services.memory.store.transcripts import Transcripts
from services.memory.store.weeks import Weeks

__all__ = [
    "FIRST",
    "NEWEST",
    "Behind",
    "Found",
    "FoundBy",
    "History",
    "MessageKey",
    "Passage",
    "Passages",
    "Query",
    "Scope",
    "Session",
    "SessionKey",
    "Transcripts",
    "Weeks",
]
