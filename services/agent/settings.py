"""Settings of the agent."""

from datetime import timedelta

from pydantic import Field

from shared.runtime.settings import DomainSettings, StoreSettings


class AgentSettings(StoreSettings, DomainSettings):
    """What the agent reads from its environment."""

    profiles_url: str = Field(default="http://127.0.0.1:8003", description="Internal address of the profiles service.")
    turn_deadline: timedelta = Field(default=timedelta(seconds=45), description="An attempt that takes longer fails.")
    profile_deadline: timedelta = Field(
        default=timedelta(milliseconds=150), description="How long a turn waits for what is known of its user."
    )
    concurrency: int = Field(default=512, ge=1, description="Turns that run at once in this process.")
