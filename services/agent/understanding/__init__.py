"""The agent's first step: what the words of a turn mean. Pure, offline and deterministic, for every pack alike."""

from services.agent.understanding.core import Core, Utterance
from services.agent.understanding.recollection import RECALL, Recollection, recollected

__all__ = ["RECALL", "Core", "Recollection", "Utterance", "recollected"]
