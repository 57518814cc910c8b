"""Settings of the profiles service."""

from datetime import timedelta

from pydantic import Field

from shared.runtime.settings import DomainSettings, StoreSettings


class ProfilesSettings(StoreSettings, DomainSettings):
    """What profiles reads from its environment."""

    longest_wait: timedelta = Field(
        default=timedelta(seconds=2), description="The longest that a read may ask to wait for signals."
    )
    retain_signals: timedelta = Field(
        default=timedelta(days=730), gt=timedelta(0), description="How long signals and the history of scores are kept."
    )
    score_half_life: timedelta | None = Field(
        default=None, ge=timedelta(hours=1), description="Scores halve in this time without an interaction."
    )
    concurrency: int = Field(default=256, ge=1, description="Events handled at once; they share their transactions.")
