"""All SQL and Redis of the agent."""

from services.agent.store.frames import FrameStore
from services.agent.store.ledger import Ledger

__all__ = ["FrameStore", "Ledger"]
