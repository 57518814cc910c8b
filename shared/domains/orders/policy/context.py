"""What every part of the policy works with: the turn, its language, and the tools."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from shared.domains.base import Decision, Effect, Progress, Question, Turn
from shared.domains.orders.catalogue import Numbers, Order, Outlet, Product
from shared.domains.orders.state import Language, OrdersState
from shared.domains.orders.words import say
from shared.events.ids import SessionId
from shared.events.replies import Clarification

OrdersDecision = Decision[OrdersState]

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


@dataclass(frozen=True, slots=True)
class Ask:
    """One turn to decide."""

    turn: Turn[OrdersState]
    text: str
    language: Language
    tools: Tools
    progress: Progress

    @property
    def state(self) -> OrdersState:
        return self.turn.state

    @property
    def today(self) -> date:
        """The day at the wholesaler's."""
        return self.turn.now.astimezone(_HOME).date()

    @property
    def delivery_day(self) -> date:
        """When what is ordered now is delivered: the next day, after 16:00 the one after, and never on a Sunday."""
        now = self.turn.now.astimezone(_HOME)
        day = now.date() + timedelta(days=1 if now.hour < _LAST_HOUR else 2)
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


Handler = Callable[[Ask], Awaitable[OrdersDecision]]

Facts = dict[str, JsonValue]
