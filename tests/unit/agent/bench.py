"""An agent on fakes, with a pack that answers as told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from services.agent.cancellation import Cancellations
from services.agent.endings import Answer
from services.agent.live import Live
from services.agent.session import Session
from services.agent.turn import Agent
from shared.events.replies import TurnCancelled, TurnCompleted, TurnEnded, TurnFailed
from shared.events.topics import REPLIES
from shared.events.turns import TurnSubmitted
from tests.unit.agent.builders import NOW, SESSION, answer, session
from tests.unit.agent.fakes import LedgerInMemory, MarksInMemory, Published

_ENDINGS = {model.type: model for model in (TurnCompleted, TurnFailed, TurnCancelled)}


@dataclass
class Bench:
    """The agent, its stores, and `script`: what happens while the pack thinks."""

    ledger: LedgerInMemory = field(default_factory=LedgerInMemory)
    marks: MarksInMemory = field(default_factory=MarksInMemory)
    published: Published = field(default_factory=Published)
    cancellations: Cancellations = field(default_factory=Cancellations)
    answered: int = 0
    script: Callable[[], Awaitable[None]] | None = None
    deadline: timedelta = timedelta(seconds=45)

    def __post_init__(self) -> None:
        self.ledger.sessions[SESSION] = session()

    @property
    def agent(self) -> Agent:
        return Agent(
            ledger=self.ledger,
            marks=self.marks,
            answer=self._answer,
            publish=self.published,
            cancellations=self.cancellations,
            clock=lambda: NOW,
            deadline=self.deadline,
        )

    async def _answer(self, turn: TurnSubmitted, known: Session, live: Live) -> Answer:
        self.answered += 1
        await live.delta("We have two.")
        if self.script is not None:
            await self.script()
            await live.delta(" And a third.")
        return answer()

    @property
    def endings(self) -> list[TurnEnded]:
        replies = [each for each in self.published.envelopes if each.topic == REPLIES.name]
        return [_ENDINGS[each.header("ce_type") or ""].model_validate_json(each.value) for each in replies]

    @property
    def failure(self) -> str:
        [ending] = self.endings
        assert isinstance(ending, TurnFailed)
        return ending.reason

    def wait_for_ever(self) -> asyncio.Event:
        """The pack never finishes thinking; the event tells when it has begun."""
        started = asyncio.Event()

        async def wait() -> None:
            started.set()
            await asyncio.Event().wait()

        self.script = wait
        return started
