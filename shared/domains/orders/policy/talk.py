"""What is said when neither goods nor orders are meant."""

from typing import Final

from shared.domains.orders.policy.context import Ask, Handler, OrdersDecision
from shared.domains.orders.words import say

GREETING: Final = say("en", "greeting")
SUBJECTS: Final = ("greeting", "thanks", "goodbye", "help", "terms", "human", "out_of_scope", "unsure")


def talk(phrase: str) -> Handler:
    """A handler that says this phrase."""

    async def handler(ask: Ask) -> OrdersDecision:
        return ask.told(ask.say(phrase))

    return handler
