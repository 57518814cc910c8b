"""What every part of the policy works with: the turn, its language, and the tools."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from shared.domains.base import Decision, Effect, Progress, Question, Turn
from shared.domains.orders.catalogue import Numbers, Order, Outlet, Product
from shared.domains.orders.policy.places import split_place, wanted_day, without_days
from shared.domains.orders.state import Language, OrdersState
from shared.domains.orders.words import language_of, say
from shared.events.ids import SessionId
from shared.events.replies import Clarification
from shared.events.turns import Text

OrdersDecision = Decision[OrdersState]

DOCUMENT: Final = re.compile(r"\b(?P<kind>SO|DO|INV)(?:-| ?(?=\d{6}\b))(?P<digits>\d{1,9})\b", re.IGNORECASE)
"""The number of an order or of one of its documents."""
_HOME: Final = ZoneInfo("Asia/Singapore")
_LAST_HOUR: Final = 16
_SUNDAY: Final = 6


class Tools(Protocol):
    """What the policy reads and writes. Writes are only described here; they happen in the turn's transaction."""

    async def products(self) -> tuple[Product, ...]: ...
    async def outlets(self) -> tuple[Outlet, ...]: ...
    async def outlet(self) -> Outlet | None: ...
    async def numbers(self) -> Numbers: ...
    async def orders(self, limit: int = 20) -> tuple[Order, ...]: ...
    async def order(self, number: str) -> Order | None: ...
    def place(self, order: Order, session_id: SessionId) -> tuple[Effect, ...]: ...
    def amend(self, before: Order, after: Order) -> tuple[Effect, ...]: ...
    def cancel(self, order: Order) -> tuple[Effect, ...]: ...
    def deliver_to(self, order: Order, outlet: Outlet | None, address: str) -> tuple[Effect, ...]: ...
    def move(self, order: Order, deliver_on: date) -> tuple[Effect, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One turn to decide."""

    turn: Turn[OrdersState]
    text: str
    goods: str
    """The words without what they say of day and place."""
    day: date | None
    """The day that was asked for."""
    place: str | None
    """The place that was asked for."""
    language: Language
    tools: Tools
    progress: Progress

    @property
    def state(self) -> OrdersState:
        return self.turn.state

    @property
    def pointed(self) -> tuple[str, ...]:
        """SKUs of the products that "the second one" or "those" mean, or of all that were shown."""
        shown = [each.id for each in self.turn.dialogue.shown if each.kind == "product"]
        meant = {str(each.value) for each in self.turn.understood.entities if each.kind == "referent"}
        return tuple(sku for sku in shown if sku in meant) or tuple(shown)

    @property
    def today(self) -> date:
        """The day at the wholesaler's."""
        return _today(self.turn)

    @property
    def delivery_day(self) -> date:
        """When what is ordered now is delivered: the day that was asked for, or the first that is possible.

        That is the next day, after 16:00 the one after, and never a Sunday.
        """
        ahead = 1 if self.turn.now.astimezone(_HOME).hour < _LAST_HOUR else 2
        day = max(self.today + timedelta(days=ahead), self.day or self.today)
        return day + timedelta(days=1) if day.weekday() == _SUNDAY else day

    def say(self, phrase: str, **values: object) -> str:
        """A phrase in the language of the turn."""
        return say(self.language, phrase, **values)

    def told(self, text: str, **state: object) -> OrdersDecision:
        """Say something; `state` are the fields that change."""
        return Decision(text=text, state=self.state.model_copy(update=state))

    def question(self, about: str, text: str, options: Sequence[str] = (), **state: object) -> OrdersDecision:
        """Ask something; `options` are possible answers."""
        asked = Clarification(question=text, options=tuple(options))
        return Decision(
            text=text,
            state=self.state.model_copy(update=state),
            question=Question(about=about, clarification=asked, asked_in=self.turn.no),
        )


def ask_of(turn: Turn[OrdersState], tools: Tools, progress: Progress) -> Ask:
    """A turn, with what its words say of day and place set apart."""
    text = turn.input.text if isinstance(turn.input, Text) else ""
    goods, place = split_place(without_days(turn, text))
    return Ask(
        turn=turn,
        text=text,
        goods=DOCUMENT.sub(" ", goods),
        day=wanted_day(turn, text, _today(turn)),
        place=place,
        language=language_of(text, turn.state.language),
        tools=tools,
        progress=progress,
    )


def _today(turn: Turn[OrdersState]) -> date:
    return turn.now.astimezone(_HOME).date()


Handler = Callable[[Ask], Awaitable[OrdersDecision]]

Facts = dict[str, JsonValue]
