"""What sessions gained adds to the summaries of their users, without a database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from shared.events.ids import SessionId


class Growth(NamedTuple):
    """A session after messages were added to it, and what was known of it before: `old_intents` is None if nothing."""

    session_id: SessionId
    user_id: str
    outlet_id: str | None
    language: str | None
    intents: list[str]
    message_count: int
    began_at: datetime
    last_active_at: datetime
    messages: int
    """How many were added."""
    old_language: str | None
    old_intents: list[str] | None

    @property
    def is_new(self) -> bool:
        """Whether these are its first messages: from now on it is a conversation."""
        return 0 < self.messages == self.message_count

    @property
    def was_overtaken(self) -> bool:
        """Whether another attempt wrote to the session when it was not yet known here."""
        return self.old_intents is None and self.messages < self.message_count


@dataclass(slots=True)
class Gain:
    """What is added to one user's summary. Numbers of a language may be negative: a conversation went on in another."""

    user_id: str
    first_interaction: datetime
    last_interaction: datetime
    outlet_id: str | None = None
    conversations: int = 0
    messages: int = 0
    intents: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)


def gains(growths: Iterable[Growth]) -> list[Gain]:
    """What these sessions add, by user and in the order of their names."""
    found: dict[str, Gain] = {}
    for growth in sorted(growths, key=lambda each: each.last_active_at):
        if growth.message_count:
            gain = found.setdefault(growth.user_id, Gain(growth.user_id, growth.began_at, growth.last_active_at))
            _add(gain, growth)
    return [found[user_id] for user_id in sorted(found)]


def _add(gain: Gain, growth: Growth) -> None:
    gain.first_interaction = min(gain.first_interaction, growth.began_at)
    gain.last_interaction = growth.last_active_at
    gain.outlet_id = growth.outlet_id or gain.outlet_id
    gain.conversations += growth.is_new
    gain.messages += growth.messages
    known = () if growth.is_new else growth.old_intents or ()
    for intent in growth.intents:
        if intent not in known:
            _count(gain.intents, intent, 1)
    before = None if growth.is_new else growth.old_language
    if growth.language != before:
        _count(gain.languages, growth.language, 1)
        _count(gain.languages, before, -1)


def _count(tally: dict[str, int], name: str | None, number: int) -> None:
    if name is not None:
        tally[name] = tally.get(name, 0) + number
