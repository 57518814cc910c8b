"""What is said when neither a product nor an order is asked for."""

import re
from collections.abc import Mapping
from typing import Final

from shared.domains.base import Decision
from shared.domains.shop.catalogue import RETURN_DAYS
from shared.domains.shop.policy.context import Ask, ShopDecision
from shared.domains.shop.words import listed

GREETING: Final = "Hello! I can find products, check stock, and look after your orders. What are you looking for?"
_CAN_DO: Final = "I can find products, check stock, track and cancel orders, and start returns"
_TERMS: Final[Mapping[str, str]] = {
    r"deliver|ship|postage|运费|配送|快递": (
        "Standard delivery takes 3 to 6 working days and is free from $50, else $4.90."
    ),
    r"return|refund|money back|exchange|send back|退": (
        f"You may return anything within {RETURN_DAYS} days of delivery, and get your money back once it arrives."
    ),
    r"\bpay|card|paypal|付款|支付": "We take cards and PayPal.",
    r"warrant|guarantee|保修": "Everything has a two-year warranty.",
}
"""What is said of what: by the words that ask for it."""


async def greeting(ask: Ask) -> ShopDecision:
    return _same(ask, GREETING if ask.turn.no == 1 else "Hello again! What can I do?")


async def thanks(ask: Ask) -> ShopDecision:
    return _same(ask, "You are welcome. Is there anything else?")


async def goodbye(ask: Ask) -> ShopDecision:
    return _same(ask, "Goodbye, and thank you for shopping with us.")


async def assistance(ask: Ask) -> ShopDecision:
    return _same(ask, f"{_CAN_DO}. Just tell me what you need.")


async def terms(ask: Ask) -> ShopDecision:
    """The terms that are asked about, or all of them."""
    return _same(ask, " ".join(terms_asked(ask.reading.text) or _TERMS.values()))


def terms_asked(text: str) -> list[str]:
    """The terms that words ask about."""
    return [words for about, words in _TERMS.items() if re.search(about, text, re.IGNORECASE)]


async def human(ask: Ask) -> ShopDecision:
    text = "I am sorry for the trouble. I have asked a colleague to write to you; you can also go on here meanwhile."
    return _same(ask, text)


async def agreement(ask: Ask) -> ShopDecision:
    return _same(ask, "Good. What shall I do?")


async def refusal(ask: Ask) -> ShopDecision:
    state = ask.state.model_copy(update={"pending": None, "confirming": None})
    return Decision(text="All right, I leave it as it is. Is there anything else?", state=state)


async def out_of_scope(ask: Ask) -> ShopDecision:
    return Decision(text=f"That is outside what I know. {_CAN_DO}.", state=ask.state, free=True)


async def unsure(ask: Ask) -> ShopDecision:
    asked = ask.turn.dialogue.question
    if asked is not None:
        return ask.not_answered(asked)
    names = [referent.name for referent in ask.turn.dialogue.shown]
    about = f" Is it about {listed(names, 'or')}, or something else?" if names else f" {_CAN_DO}."
    return Decision(text=f"I am not sure what you mean.{about}", state=ask.state, free=True)


def _same(ask: Ask, text: str) -> ShopDecision:
    return Decision(text=text, state=ask.state)
