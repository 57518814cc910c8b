"""Settings of the agent."""

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from services.agent.llm.budget import Limits
from services.agent.llm.messages import Endpoint
from shared.privacy.settings import PrivacySettings
from shared.runtime.settings import DomainSettings, StoreSettings


class AgentSettings(StoreSettings, DomainSettings, PrivacySettings):
    """What the agent reads from its environment."""

    profiles_url: str = Field(default="http://127.0.0.1:8003", description="Internal address of the profiles service.")
    memory_url: str = Field(default="http://127.0.0.1:8002", description="Internal address of the memory service.")
    turn_deadline: timedelta = Field(default=timedelta(seconds=45), description="An attempt that takes longer fails.")
    profile_deadline: timedelta = Field(
        default=timedelta(milliseconds=150), description="How long a turn waits for what is known of its user."
    )
    recall_deadline: timedelta = Field(
        default=timedelta(milliseconds=150),
        description="How long a turn waits for what was said in earlier sessions, when it asks for that.",
    )
    llm: tuple[Endpoint, ...] = Field(
        default=(),
        description="Models to ask, in order: base_url, model, api_key, reasoning_effort. Empty: none.",
    )
    llm_first_token: timedelta = Field(default=timedelta(seconds=5), description="How long a model may think.")
    llm_idle: timedelta = Field(default=timedelta(seconds=5), description="How long it may pause while it writes.")
    llm_total: timedelta = Field(default=timedelta(seconds=20), description="A turn's time with models, in all.")
    llm_guess: timedelta = Field(
        default=timedelta(seconds=2), description="How long a turn waits to learn what unclear words mean."
    )
    llm_patience: timedelta = Field(
        default=timedelta(seconds=2), description="The longest Retry-After that is waited for within a turn."
    )
    llm_tool_calls: int = Field(default=4, ge=0, description="Tool calls of one turn.")
    llm_tokens: int = Field(default=12_000, ge=0, description="Tokens of one turn, read and written.")
    llm_at_once: int = Field(default=20, ge=1, description="Requests of one process; turns beyond do without a model.")
    concurrency: int = Field(default=512, ge=1, description="Turns that run at once in this process.")

    @property
    def llm_limits(self) -> Limits:
        """What models may cost a turn."""
        return Limits(
            first_token=self.llm_first_token.total_seconds(),
            idle=self.llm_idle.total_seconds(),
            total=self.llm_total.total_seconds(),
            guess=self.llm_guess.total_seconds(),
            patience=self.llm_patience.total_seconds(),
            tool_calls=self.llm_tool_calls,
            tokens=self.llm_tokens,
        )

    @model_validator(mode="after")
    def _leaves_time(self) -> Self:
        if self.llm and self.llm_total >= self.turn_deadline:
            raise ValueError("llm_total must be less than turn_deadline: a turn needs time for the pack's own words")
        return self
