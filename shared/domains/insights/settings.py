"""What operators may set of this pack."""

from functools import cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class InsightsSettings(BaseSettings):
    """Read once, from `PARLEY_INSIGHTS_*`."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_INSIGHTS_", frozen=True)

    context_messages: int = Field(default=5, ge=1, le=10, description="Earlier messages that are context of a query.")


@cache
def settings() -> InsightsSettings:
    """The settings of this process."""
    return InsightsSettings()
