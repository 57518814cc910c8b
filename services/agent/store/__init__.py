"""All SQL and Redis of the agent."""

from services.agent.store.frames import FrameStore
from services.agent.store.ledger import Ledger
from services.agent.store.traces import Traces
from services.agent.store.usage import UsageBook

__all__ = ["FrameStore", "Ledger", "Traces", "UsageBook"]
