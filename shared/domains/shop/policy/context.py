"""What every part of the policy works with: the turn, what the words said, and the tools."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.domains.base import Decision, Effect, Progress, Question, Turn
from shared.domains.shop.catalogue import Order, Product, Stock, Wanted
from shared.domains.shop.policy.reading import Reading
from shared.domains.shop.state import ShopState, Step
from shared.domains.shop.words import listed
from shared.events.ids import SessionId
from shared.events.replies import Clarification

ShopDecision = Decision[ShopState]


class Tools(Protocol):
    """What the policy reads and writes. Writes are only described here; they happen in the turn's transaction."""

    async def search(self, wanted: Wanted, *, limit: int, without: Sequence[str] = ()) -> tuple[Product, ...]: ...
    async def named(self, skus: Sequence[str]) -> tuple[Product, ...]: ...
    async def stock(self, sku: str) -> tuple[Stock, ...]: ...
    async def orders(self) -> tuple[Order, ...]: ...
    async def order(self, order_id: str) -> Order | None: ...
    def cancel(self, order: Order) -> Effect: ...
    def send_back(self, return_id: UUID, order: Order, now: datetime) -> Effect: ...
    def close(self, session_id: SessionId, now: datetime) -> Effect: ...
    def reopen(self, session_id: SessionId) -> Effect: ...


@dataclass(frozen=True, slots=True)
class Ask:
    """One turn to decide."""

    turn: Turn[ShopState]
    reading: Reading
    tools: Tools
    progress: Progress

    @property
    def state(self) -> ShopState:
        return self.turn.state

    def shown(self, kind: str) -> tuple[str, ...]:
        """What is on the table of a kind: SKUs of products, numbers of orders."""
        return tuple(referent.id for referent in self.turn.dialogue.shown if referent.kind == kind)

    def question(self, step: Step, about: str, words: str, options: tuple[str, ...]) -> ShopDecision:
        """Ask `words`; the answer goes on with `step`. What was just asked is not asked again."""
        before = self.turn.dialogue.question
        if before is not None and (self.state.pending, before.about) == (step, about):
            return self.not_answered(before)
        asked = Question(
            about=about, clarification=Clarification(question=words, options=options), asked_in=self.turn.no
        )
        return Decision(text=words, state=self.state.model_copy(update={"pending": step}), question=asked)

    def not_answered(self, asked: Question) -> ShopDecision:
        """The words did not answer a question: say what would, and leave the choice."""
        options = asked.clarification.options
        again = asked.clarification.question
        words = f"You can say {listed(options, 'or')}, or ask for something else." if options else again
        return Decision(text=f"I did not get that. {words}", state=self.state, question=asked)


Handler = Callable[[Ask], Awaitable[ShopDecision]]
