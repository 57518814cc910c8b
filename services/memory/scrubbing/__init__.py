"""Taking personal data out of what is remembered."""

from services.memory.scrubbing.early import ScrubbedTranscripts
from services.memory.scrubbing.job import Scrubbing

__all__ = ["ScrubbedTranscripts", "Scrubbing"]
