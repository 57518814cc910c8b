"""What a model may cost a turn, and what it has cost."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from shared.events.replies import Usage

_MOST: Final = 10**9
"""Tokens that one request can have used; more is a server's nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times in seconds. `tool_calls` and `tokens`, read and written, are those of one turn."""

    first_token: float = 5.0
    idle: float = 5.0
    total: float = 20.0
    guess: float = 2.0
    patience: float = 2.0
    """The longest pause that is waited for when no endpoint is ready."""
    tool_calls: int = 4
    tokens: int = 12_000


class SilentError(Exception):
    """No model says anything, in time and within the budget: the turn goes on in the pack's own words."""


@dataclass(slots=True)
class Budget:
    """One turn's. Its time runs from the first request."""

    limits: Limits
    model: str | None = None
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    tool_calls: int = 0
    _deadline: float | None = field(default=None)

    @property
    def deadline(self) -> float:
        """When the turn's time with models is over, on the event loop's clock."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + self.limits.total
        return self._deadline

    @property
    def tokens_left(self) -> int:
        return self.limits.tokens - self.input_tokens - self.output_tokens

    def request(self, model: str) -> None:
        """Count a request, before it is made."""
        self.model = model
        self.requests += 1

    def spend(self, input_tokens: int, output_tokens: int) -> None:
        """Count the tokens of a request."""
        self.input_tokens += min(max(input_tokens, 0), _MOST)
        self.output_tokens += min(max(output_tokens, 0), _MOST)

    def call(self) -> None:
        """Count a tool call; raises `SilentError` when it is one too many."""
        self.tool_calls += 1
        if self.tool_calls > self.limits.tool_calls:
            raise SilentError("too many tool calls")

    @property
    def usage(self) -> Usage | None:
        """What was used; None when no model was asked."""
        if self.model is None:
            return None
        return Usage(
            model=self.model,
            requests=self.requests,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            tool_calls=self.tool_calls,
        )
