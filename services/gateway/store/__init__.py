"""All that the gateway keeps in Redis. Whatever is here may be lost; each method says `Unavailable` when it is."""

from services.gateway.store.accepts import Acceptance, Accepts, Admission, Place, Verdict
from services.gateway.store.commands import Commands
from services.gateway.store.frames import Frames, InboxEntry, InboxReader
from services.gateway.store.sessions import KnownSession, SessionStore

__all__ = [
    "Acceptance",
    "Accepts",
    "Admission",
    "Commands",
    "Frames",
    "InboxEntry",
    "InboxReader",
    "KnownSession",
    "Place",
    "SessionStore",
    "Verdict",
]
