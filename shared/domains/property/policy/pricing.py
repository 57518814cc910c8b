"""What homes cost."""

from dataclasses import replace

from shared.domains.base import Decision
from shared.domains.property.listings import Listing, card
from shared.domains.property.policy import signals
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.policy.items import ask_which, focused, newly_looked_at, on_the_table
from shared.domains.property.state import Offer
from shared.domains.property.words import home_line
from shared.events.replies import DataPart


async def price(ask: Ask) -> PropertyDecision:
    """What the homes of a project cost."""
    found = await on_the_table(ask)
    if not found:
        return ask_which(ask, "price", "The price of which project?")
    await ask.progress.step("Looking up prices")
    text = "\n".join(_prices(ask, listing) for listing in found)
    cards = [dict(card(listing)) for listing in found]
    only = found[0] if len(found) == 1 else None
    decision = Decision(
        text=f"{text}\nRegistration and stamp duty come on top. {'Shall I work out a loan?' if only else ''}".rstrip(),
        state=ask.state,
        facts={"listings": [*cards]},
        data=tuple(DataPart(kind="listing", value=each) for each in cards),
        signals=signals.views(newly_looked_at(ask, found)),
    )
    if only is None:
        return decision
    offer = Offer(step="loan", listing_id=only.id)
    return replace(decision, state=focused(ask.state, only).model_copy(update={"offer": offer}))


def _prices(ask: Ask, listing: Listing) -> str:
    homes = [home for home in listing.homes if home.bedrooms in ask.reading.bedrooms] or listing.homes
    return f"{listing.project}: {'; '.join(map(home_line, homes))}."
