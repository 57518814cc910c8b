"""Settings of the memory service."""

from datetime import timedelta

from pydantic import Field

from shared.runtime.embedding import EmbeddingSettings
from shared.runtime.settings import StoreSettings


class MemorySettings(StoreSettings, EmbeddingSettings):
    """What memory reads from its environment."""

    read_wait: timedelta = Field(
        default=timedelta(seconds=2), description="How long a read waits for a turn or session that must be in it."
    )
    recall_embed_within: timedelta = Field(
        default=timedelta(milliseconds=80),
        description="How long a search waits for its question to be embedded; then words alone are searched.",
    )
    weeks_ahead: int = Field(default=4, ge=1, le=8, description="Partitions of messages made before their week.")
    concurrency: int = Field(default=256, ge=1, description="Events handled at once; they share their transactions.")
