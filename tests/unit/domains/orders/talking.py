"""What tests of conversations at the order desk share."""

from typing import Any

from shared.domains.base import Decision
from tests.support.orders import talk
from tests.support.talk import Talk

ORDER = "400 pizza boxes 10 inch"
TWO_LINES = "400 pizza boxes 10 inch and 200 paper cups 12 oz"


async def hold(*words: str, user: str = "luigi") -> tuple[Talk, Decision[Any]]:
    """Say all of it in one session; the session and its last decision."""
    session = talk(user)
    for each in words:
        decision = await session.say(each)
    return session, decision


def lines(session: Talk) -> list[tuple[str, int]]:
    """The lines of the order that was made or changed last, if it stands."""
    kept = list(session.tools.kept.values())
    return [(line.sku, line.quantity) for line in kept[-1].lines] if kept and kept[-1].status == "placed" else []


def effects(decision: Decision[Any]) -> list[str]:
    return [effect.statement for effect in decision.effects]
