"""What the channel does about events: it notes what is to be delivered."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from services.gateway.store import Outgoing
from services.gateway.whatsapp.outgoing import delivery_id, messages
from services.gateway.whatsapp.pseudonyms import is_pseudonym
from shared.events.ids import TenantId
from shared.events.replies import TurnEnded


class Deliveries(Protocol):
    """Where deliveries are noted."""

    async def add(self, tenant_id: TenantId, outgoing: Sequence[Outgoing], now: datetime) -> int: ...


async def on_turn_ended(
    ended: TurnEnded, deliveries: Deliveries, clock: Callable[[], datetime], wake: Callable[[], None]
) -> None:
    """Note what the ending of a turn that came over WhatsApp says, once; most turns came another way."""
    if not is_pseudonym(ended.user_id):
        return
    outgoing = [
        Outgoing(ended.tenant_id, delivery_id(ended.turn_id, number), ended.turn_id, message)
        for number, message in enumerate(messages(ended))
    ]
    if await deliveries.add(ended.tenant_id, outgoing, clock()):
        wake()
