"""Picks the audience: everybody who fits, or so many as were asked for, and says which limits gave way."""

from typing import Final

from shared.domains.luxury.customers import TIERS, Audience, Customer, Selection
from shared.domains.luxury.policy.context import Tools
from shared.domains.luxury.words import listed

_ALL_SCORES: Final = 0


async def pick(selection: Selection, tools: Tools) -> Audience:
    """The audience of a selection.

    When a size is asked for that the tiers and the score do not reach, lower scores of the same tiers come first, then
    the other tiers, each by score; behaviours are never given up, since they are what was asked for.
    """
    fitting = await tools.best(
        selection.tiers,
        min_score=selection.min_score,
        behaviours=selection.behaviours,
        limit=selection.size,
    )
    if selection.size is None or len(fitting) >= selection.size:
        return Audience(customers=fitting)
    return await _extended(fitting, selection, selection.size, tools)


async def _extended(fitting: tuple[Customer, ...], selection: Selection, size: int, tools: Tools) -> Audience:
    everybody = await tools.best(TIERS, min_score=_ALL_SCORES, behaviours=selection.behaviours, limit=None)
    chosen = {customer.id for customer in fitting}
    others = [customer for customer in everybody if customer.id not in chosen]
    others.sort(key=lambda each: (each.tier not in selection.tiers, TIERS.index(each.tier), -each.score, each.id))
    # Of other tiers the best are meant, whatever their tier: a VIP of 60 does not come before a Member of 78.
    same = [each for each in others if each.tier in selection.tiers]
    rest = sorted(
        (each for each in others if each.tier not in selection.tiers), key=lambda each: (-each.score, each.id)
    )
    added = [*same, *rest][: size - len(fitting)]
    audience = sorted((*fitting, *added), key=lambda each: (TIERS.index(each.tier), -each.score, each.id))
    return Audience(customers=tuple(audience), relaxed=_relaxed(selection, added, size - len(fitting)))


def _relaxed(selection: Selection, added: list[Customer], missing: int) -> tuple[str, ...]:
    """Which limits gave way, in words."""
    limits = []
    tiers = [tier for tier in TIERS if tier not in selection.tiers and any(each.tier == tier for each in added)]
    if tiers:
        limits.append(f"等级范围由{listed(selection.tiers)}放宽到{listed(tiers)}")
    lowest = min((each.score for each in added), default=selection.min_score)
    if lowest < selection.min_score:
        limits.append(f"评分下限由{selection.min_score}分降到{lowest}分")
    if len(added) < missing:
        limits.append(f"符合条件的客户不足，少{missing - len(added)}人")
    return tuple(limits)
