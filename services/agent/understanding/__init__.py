"""The agent's first step: what the words of a turn mean. Pure, offline and deterministic, for every pack alike."""

from services.agent.understanding.core import Core, Utterance

__all__ = ["Core", "Utterance"]
