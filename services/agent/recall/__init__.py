"""What a person asks about earlier sessions: found by memory, told in their language."""

from services.agent.recall.asking import Recall

__all__ = ["Recall"]
