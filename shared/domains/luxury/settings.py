"""What operators may set of this pack."""

from datetime import timedelta
from functools import cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class LuxurySettings(BaseSettings):
    """Read once, from `PARLEY_LUXURY_*`."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_LUXURY_", frozen=True)

    session_idle: timedelta = Field(
        default=timedelta(hours=24), description="A session that nobody spoke in for so long has expired."
    )


@cache
def settings() -> LuxurySettings:
    """The settings of this process."""
    return LuxurySettings()
