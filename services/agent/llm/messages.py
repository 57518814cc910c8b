"""What is said to a model and by it, in our own words: the model library's stay in `client.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.agent.llm.budget import Budget


class Endpoint(BaseModel):
    """An OpenAI-compatible service and a model it has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field(pattern=r"^https?://", description="Up to and including `/v1`.")
    model: str = Field(min_length=1)
    api_key: SecretStr = SecretStr("")
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high"] | None = None
    """Sent when it is set; a service may think long by default."""


@dataclass(frozen=True, slots=True)
class Words:
    """Said to the model: the data of a job."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call the model makes; `arguments` is JSON, if the model is honest."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Said:
    """Said by the model."""

    text: str
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool call found."""

    call: Call
    content: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool the model may call; `schema` is the JSON Schema of its arguments."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: what the model is, what was said so far, what it may call, how much it may write."""

    instructions: str
    history: tuple[Words | Said | Result, ...]
    tools: tuple[Tool, ...] = ()
    max_tokens: int


class Listener(Protocol):
    """Hears an answer as it is written."""

    async def restart(self) -> None:
        """Another attempt begins: what was heard so far does not count."""

    async def hear(self, text: str) -> None:
        """The next piece. May raise what the asker expects to catch, which ends the request."""


class Deaf:
    """Waits for the whole answer."""

    async def restart(self) -> None:
        return

    async def hear(self, text: str) -> None:
        return


class Asks(Protocol):
    """Something that has models to ask."""

    async def ask(self, request: Request, budget: Budget, listener: Listener) -> Said:
        """The whole answer. Raises `SilentError` when no model has one."""
