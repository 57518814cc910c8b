"""What the profiles service does about events. Every handler may see its events again."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from services.profiles.facts import CONTACT_FIELDS, ContactField, Facts, Told
from services.profiles.folding import tell
from shared.events.envelope import Envelope
from shared.events.ids import TenantId
from shared.events.replies import TurnCompleted
from shared.events.signals import SignalsObserved

Publish = Callable[[tuple[Envelope, ...]], Awaitable[None]]


class Profiles(Protocol):
    """Where everybody's standing is kept."""

    async def observe(self, events: Sequence[SignalsObserved]) -> tuple[Envelope, ...]: ...

    async def revise(
        self, tenant_id: TenantId, user_id: str, domain: str, change: Callable[[Facts], Facts], *, at: datetime
    ) -> None: ...


async def on_signals_observed(events: Sequence[SignalsObserved], profiles: Profiles, publish: Publish) -> None:
    """People's profiles and scores follow; what came of it is published after it is stored, at every delivery."""
    await publish(await profiles.observe(events))


async def on_turns_completed(events: Sequence[TurnCompleted], profiles: Profiles) -> None:
    """Remember how to reach people, where their turns told it."""
    for event in events:
        told = _told(event)
        if told:
            change, at = partial(tell, told=told), event.occurred_at
            await profiles.revise(event.tenant_id, event.user_id, event.domain, change, at=at)


def _told(event: TurnCompleted) -> dict[ContactField, Told]:
    if event.contact is None:
        return {}
    given = {field: getattr(event.contact, field) for field in CONTACT_FIELDS}
    return {field: Told(value=value, at=event.occurred_at) for field, value in given.items() if value}
