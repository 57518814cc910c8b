"""Follow-up analysis: does a query lean on what was said before, on what, and which messages are its context."""

from typing import Any, Final

from pydantic import JsonValue

from shared.domains.base import Turn
from shared.events.replies import DataPart

NO_FOLLOW_UP: Final = DataPart(
    kind="follow_up",
    value={"is_follow_up": False, "previous_topic": None, "context_messages": [], "rewritten_query": None},
)


def analysis(turn: Turn[Any], previous_topic: str | None, window: int) -> DataPart:
    """The analysis of a query that leans on earlier ones; `window` is how many messages may be its context."""
    value: dict[str, JsonValue] = {
        "is_follow_up": True,
        "previous_topic": previous_topic,
        "context_messages": _context(turn, window),
        "rewritten_query": turn.understood.rewritten,
    }
    return DataPart(kind="follow_up", value=value)


def _context(turn: Turn[Any], window: int) -> list[JsonValue]:
    messages: list[JsonValue] = []
    for exchange in turn.dialogue.recent:
        messages.append({"role": "user", "content": exchange.text, "turn_no": exchange.turn_no})
        messages.append({"role": "assistant", "content": exchange.reply, "turn_no": exchange.turn_no})
    return messages[-window:]
