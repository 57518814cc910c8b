"""Taking personal data out of what the agent keeps, and deleting that in time."""

from services.agent.scrubbing.job import Upkeep

__all__ = ["Upkeep"]
