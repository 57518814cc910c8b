"""Settings of every process that keeps what people wrote."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class PrivacySettings(BaseSettings):
    """When personal data is taken out of what is stored, and when that is deleted."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", frozen=True, extra="ignore", hide_input_in_errors=True)

    scrub_after: timedelta = Field(
        default=timedelta(hours=24),
        ge=timedelta(0),
        description="How long personal data stays in what people wrote; 0: memory stores nothing unscrubbed.",
    )
    scrub_presidio: bool = Field(
        default=False, description="Whether presidio's recognisers look as well; needs the extra `presidio`."
    )
    retain_messages: timedelta = Field(
        default=timedelta(days=90), gt=timedelta(0), description="How long what was said is kept."
    )
