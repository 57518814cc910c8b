"""What a service that learns from the agent's events does about an erasure.

It erases twice: when it is asked for, so that nothing is shown any more, and when the agent is done, for until then a
turn that was running may still have told something.
"""

from shared.events.privacy import ErasureCompleted, ErasureRequested
from shared.privacy.erasure import Eraser
from shared.privacy.store import Person

SOURCE_OF_TURNS = "agent"


async def on_erasure_requested(event: ErasureRequested, eraser: Eraser) -> None:
    """Remove what is known of the person."""
    await eraser.prepare(Person(event.tenant_id, event.user_id), event.event_id, event.occurred_at)


async def on_erasure_completed(event: ErasureCompleted, eraser: Eraser) -> None:
    """No turn tells anything of the person any more: remove what came meanwhile, and say so."""
    if event.service == SOURCE_OF_TURNS and event.erasure_id is not None and event.erased_at is not None:
        person, until = Person(event.tenant_id, event.user_id), event.erased_at
        await eraser.finish(person, event.erasure_id, lambda: until, event.request_id)
