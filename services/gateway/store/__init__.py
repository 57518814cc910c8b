"""All that the gateway keeps.

In Redis: what may be lost. In Postgres, where a channel is set up: who writes over it and what is delivered to them.
Each method says `Unavailable` when its server is.
"""

from services.gateway.store.accepts import Acceptance, Accepts, Admission, Place, Verdict
from services.gateway.store.commands import Commands
from services.gateway.store.contacts import Arrival, Arrived, Contacts
from services.gateway.store.deliveries import OPEN, Backlog, Claimed, Deliveries, Found, News, Outgoing, Settled
from services.gateway.store.frames import Frames, InboxEntry, InboxReader
from services.gateway.store.sessions import KnownSession, SessionStore

__all__ = [
    "OPEN",
    "Acceptance",
    "Accepts",
    "Admission",
    "Arrival",
    "Arrived",
    "Backlog",
    "Claimed",
    "Commands",
    "Contacts",
    "Deliveries",
    "Found",
    "Frames",
    "InboxEntry",
    "InboxReader",
    "KnownSession",
    "News",
    "Outgoing",
    "Place",
    "SessionStore",
    "Settled",
    "Verdict",
]
