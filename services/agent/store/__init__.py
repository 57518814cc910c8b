"""All SQL and Redis of the agent."""

from services.agent.store.frames import FrameStore
from services.agent.store.ledger import Ledger
from services.agent.store.scrubs import DELETED, SCRUBBED, Kept, OldEndings, Told
from services.agent.store.traces import Traces
from services.agent.store.usage import UsageBook

__all__ = ["DELETED", "SCRUBBED", "FrameStore", "Kept", "Ledger", "OldEndings", "Told", "Traces", "UsageBook"]
