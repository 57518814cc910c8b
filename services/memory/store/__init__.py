"""All SQL of memory."""

from services.memory.store.history import FIRST, NEWEST, History, MessageKey, Session, SessionKey
from services.memory.store.transcripts import Transcripts
from services.memory.store.weeks import Weeks

__all__ = ["FIRST", "NEWEST", "History", "MessageKey", "Session", "SessionKey", "Transcripts", "Weeks"]
