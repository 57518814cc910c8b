"""A conversation with any pack: understood by the real core, decided by the pack, remembered as usual."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from services.agent.dialogue import remember
from services.agent.understanding import Core, Utterance
from shared.domains.base import AnyDomain, Decision, Dialogue, Gazetteer, Scope, State, Turn
from shared.domains.person import Profile
from shared.events.ids import OPEN_TENANT, SessionId, TurnId
from shared.events.replies import Understood
from shared.events.turns import Command, Text

SESSION = SessionId(UUID("00000000-0000-7000-8000-0000000000aa"))
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""A Wednesday."""

_cores: dict[str, Core] = {}


class Steps:
    """Collects the progress a user would see."""

    def __init__(self) -> None:
        self.labels: list[str] = []

    async def step(self, label: str) -> None:
        self.labels.append(label)


@dataclass(slots=True)
class Talk:
    """One session. `last` is the understanding that the last turn ended with."""

    domain: AnyDomain
    tools: Any
    now: datetime = NOON
    user_id: str = "asha"
    session_no: int = 1
    person: Profile | None = None
    turn_no: int = 0
    dialogue: Dialogue = field(default_factory=Dialogue)
    state: Any = None
    steps: Steps = field(default_factory=Steps)
    last: Understood = field(default_factory=Understood)

    async def say(self, text: str) -> Decision[Any]:
        """Say something; returns what the pack decides."""
        core = await self._core()
        understood = core.understand([Utterance(text, self.dialogue)])[0]
        return await self._turn(Text(text=text), understood)

    async def command(self, name: str, **arguments: Any) -> Decision[Any]:
        """Give a command."""
        return await self._turn(Command(name=name, arguments=arguments), Understood(language=self.dialogue.language))

    async def _turn(self, given: Text | Command, understood: Understood) -> Decision[Any]:
        self.turn_no += 1
        state: State = self.state if self.state is not None else self.domain.state()
        turn = Turn(
            id=TurnId(uuid5(SESSION, f"{self.session_no}:{self.turn_no}")),
            no=self.turn_no,
            session_id=SESSION,
            session_no=self.session_no,
            scope=Scope(OPEN_TENANT, self.user_id),
            domain=self.domain.name,
            request_id="request",
            now=self.now,
            input=given,
            understood=understood,
            dialogue=self.dialogue,
            state=state,
            person=self.person,
        )
        decision = await self.domain.decide(turn, self.tools, self.steps)
        self.last = decision.understood or understood
        after = remember(self.dialogue, self.turn_no, given, self.last, decision)
        self.dialogue = after.dialogue
        self.state = self.domain.state.model_validate(after.pack)
        return decision

    async def _core(self) -> Core:
        """The core of this pack with the names its tools know; trained once a test run."""
        names = await self.domain.gazetteer(self.tools) if self.domain.gazetteer else Gazetteer({})
        name = self.domain.name
        if name not in _cores:
            _cores[name] = Core(self.domain.language, names)
        return _cores[name].with_names(names)
