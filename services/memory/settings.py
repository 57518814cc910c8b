"""Settings of the memory service."""

from datetime import timedelta

from pydantic import Field, SecretStr, field_validator

from services.memory.retention.signature import Credentials
from shared.privacy.settings import PrivacySettings
from shared.runtime.embedding import EmbeddingSettings
from shared.runtime.settings import StoreSettings


class MemorySettings(StoreSettings, EmbeddingSettings, PrivacySettings):
    """What memory reads from its environment."""

    read_wait: timedelta = Field(
        default=timedelta(seconds=2), description="How long a read waits for a turn or session that must be in it."
    )
    recall_embed_within: timedelta = Field(
        default=timedelta(milliseconds=80),
        description="How long a search waits for its question to be embedded; then words alone are searched.",
    )
    weeks_ahead: int = Field(default=4, ge=1, le=8, description="Partitions of messages made before their week.")
    retain_summaries: timedelta = Field(
        default=timedelta(days=730),
        gt=timedelta(0),
        description="How long a summary is kept after its user was last heard of.",
    )
    cold_storage: str | None = Field(
        default=None,
        description="Where records are copied before they are deleted: a folder, or https://host/bucket/prefix.",
    )
    cold_storage_region: str = Field(default="us-east-1", description="The region that the bucket is in.")
    cold_storage_key_id: str | None = Field(default=None, description="The access key of the bucket.")
    cold_storage_secret: SecretStr | None = Field(default=None, description="Its secret.")
    concurrency: int = Field(default=256, ge=1, description="Events handled at once; they share their transactions.")

    @field_validator("cold_storage")
    @classmethod
    def _a_place_that_can_be_written(cls, place: str | None) -> str | None:
        if place is not None and "://" in place and not place.startswith(("https://", "http://")):
            raise ValueError("must be a folder, or https://host/bucket/prefix of a bucket")
        return place

    @property
    def cold_storage_credentials(self) -> Credentials | None:
        """What opens the bucket, if it is there."""
        if self.cold_storage_key_id is None or self.cold_storage_secret is None:
            return None
        return Credentials(
            self.cold_storage_key_id, self.cold_storage_secret.get_secret_value(), self.cold_storage_region
        )
