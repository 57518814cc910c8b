"""Puts together, turn by turn, what clients, topics, tables and streams say of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid5

from pydantic import ValidationError

from shared.events.base import Event
from shared.events.envelope import TYPE_HEADER
from shared.events.ids import OPEN_TENANT
from shared.events.replies import TurnCancelled, TurnCompleted, TurnEnded, TurnFailed
from shared.events.signals import SignalsObserved
from shared.events.topics import TURNS
from shared.events.turns import SessionDeleted, SessionOpened, Text, TurnSubmitted
from tests.faults.checker.findings import Finding, Verdict
from tests.faults.checker.state import EndState, Frames, Logged
from tests.faults.history import Connection, History, Operation, StreamEvent

EventT_co = TypeVar("EventT_co", bound=Event, covariant=True)

_READ: Mapping[str, type[Event]] = {
    kind.type: kind
    for kind in (
        SessionOpened,
        SessionDeleted,
        TurnSubmitted,
        TurnCompleted,
        TurnFailed,
        TurnCancelled,
        SignalsObserved,
    )
}
OUTCOMES: Mapping[str, str] = {
    TurnCompleted.type: "completed",
    TurnFailed.type: "failed",
    TurnCancelled.type: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Published(Generic[EventT_co]):
    """An event and the record it was read from."""

    event: EventT_co
    record: Logged


@dataclass(slots=True)
class ClientStream:
    """What one client saw of a turn, over all its connections, in the order it saw it."""

    connections: list[Connection] = field(default_factory=list)
    events: list[StreamEvent] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Case:
    """Everything about one turn."""

    turn: str
    session: str | None = None
    asked: list[Operation] = field(default_factory=list)
    """Requests for it, as they were settled; `invoke` where they never were."""
    invoked: float | None = None
    """When it was asked for first."""
    submissions: list[Published[TurnSubmitted]] = field(default_factory=list)
    endings: list[Published[TurnEnded]] = field(default_factory=list)
    signals: list[Published[SignalsObserved]] = field(default_factory=list)
    ledger: list[Mapping[str, Any]] = field(default_factory=list)
    messages: list[Mapping[str, Any]] = field(default_factory=list)
    observations: list[Mapping[str, Any]] = field(default_factory=list)
    """Rows of the signals that profiles holds."""
    streams: dict[str, ClientStream] = field(default_factory=lambda: defaultdict(ClientStream))
    frames: Frames | None = None

    @property
    def body(self) -> str | None:
        """What was said, as far as anybody noted it."""
        said = [each.body for each in self.asked if each.body is not None]
        said += [each.event.input.text for each in self.submissions if isinstance(each.event.input, Text)]
        return said[0] if said else None

    @property
    def acknowledged(self) -> Sequence[Operation]:
        """The requests that a gateway answered with success."""
        return [each for each in self.asked if each.phase == "ok"]

    @property
    def accepted(self) -> bool:
        """Whether it must end: some client was told so, or Kafka has it."""
        return bool(self.acknowledged or self.submissions)

    def finding(self, verdict: Verdict, invariant: str, why: str) -> Finding:
        """Something that is wrong with it."""
        return Finding(verdict, invariant, why, turn=self.turn, session=self.session)

    @property
    def ending(self) -> TurnEnded | None:
        """How it ended, as first told."""
        return self.endings[0].event if self.endings else None

    @property
    def answered(self) -> bool:
        """Whether it was completed, as the ledger says, or the topic where there is no ledger."""
        return self.ledger[0]["outcome"] == "completed" if self.ledger else self.completed is not None

    @property
    def completed(self) -> TurnCompleted | None:
        """Its answer, if it has one."""
        ending = self.ending
        return ending if isinstance(ending, TurnCompleted) else None


class Evidence:
    """A history and an end state, sorted for judging. Only sessions and users of the history are looked at."""

    def __init__(self, history: History, state: EndState) -> None:
        self.history = history
        self.state = state
        self.cases: dict[str, Case] = {}
        self.keys: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        """(user, session, key) -> the turns it became, as clients were told."""
        self.deleted: set[str] = {str(each.event.session_id) for each in self._all(SessionDeleted)}
        self._requests()
        self._events()
        self._rows()
        self._streams()

    def case(self, turn: str, session: str | None = None) -> Case:
        """What is known of a turn."""
        case = self.cases.setdefault(turn, Case(turn=turn))
        case.session = case.session or session
        return case

    @cached_property
    def users(self) -> set[str]:
        """Whom the run's clients stand for."""
        return {each.user for each in self.history.operations}

    @cached_property
    def sessions(self) -> Mapping[str, list[Case]]:
        """The turns of each session, as they were numbered; those without a number last."""
        cases: dict[str, list[Case]] = defaultdict(list)
        for case in self.cases.values():
            if case.session is not None:
                cases[case.session].append(case)
        return {session: sorted(turns, key=_place) for session, turns in cases.items()}

    @cached_property
    def opened(self) -> set[str]:
        """Sessions that Kafka knows."""
        return {str(each.event.session_id) for each in self._all(SessionOpened)}

    @cached_property
    def committed(self) -> Mapping[tuple[str, str, int], int]:
        """(group, topic, partition) -> the offset it goes on from."""
        return {(each.group, each.topic, each.partition): each.committed for each in self.state.progress}

    def passed(self, group: str, records: Iterable[Logged]) -> bool | None:
        """Whether the group will never read any of these records again; None when its commits are not known."""
        if not self.state.knows("kafka"):
            return None
        return all(self.committed.get((group, each.topic, each.partition), 0) > each.offset for each in records)

    @cached_property
    def logs(self) -> list[Logged]:
        """What was written to any topic since the run began."""
        began = self.history.run.logs
        return [each for each in self.state.logs if each.offset >= began.get(f"{each.topic}:{each.partition}", 0)]

    def _all(self, kind: type[EventT_co]) -> list[Published[EventT_co]]:
        return [each for each in self._published if isinstance(each.event, kind)]

    @cached_property
    def _published(self) -> list[Published[Any]]:
        return [Published(event, record) for record in self.logs if (event := _parsed(record)) is not None]

    def _requests(self) -> None:
        tenants = {each.event.user_id: each.event.tenant_id for each in self._all(TurnSubmitted)}
        for invoke in (each for each in self.history.operations if each.phase == "invoke" and each.kind == "turn"):
            settled = self.history.settled.get(invoke.operation, invoke)
            turn = settled.turn or _turn_of(invoke, tenants.get(invoke.user, OPEN_TENANT))
            if settled.turn is not None and invoke.session is not None and invoke.key is not None:
                self.keys[invoke.user, invoke.session, invoke.key].add(settled.turn)
            if turn is not None:
                case = self.case(turn, invoke.session)
                case.asked.append(settled)
                case.invoked = min(invoke.at, case.invoked or invoke.at)

    def _events(self) -> None:
        sessions = {each.session for each in self.history.operations} | {each.session for each in self.cases.values()}
        for each in self._published:
            event, session = each.event, str(getattr(each.event, "session_id", ""))
            if session not in sessions or event.user_id not in self.users:
                continue
            if isinstance(event, TurnSubmitted):
                self.case(str(event.turn_id), session).submissions.append(each)
            elif isinstance(event, TurnEnded):
                self.case(str(event.turn_id), session).endings.append(each)
            elif isinstance(event, SignalsObserved):
                self.case(str(event.turn_id), session).signals.append(each)

    def _rows(self) -> None:
        sessions = {case.session for case in self.cases.values()}
        for table, field_name in (
            ("agent.ledger", "ledger"),
            ("memory.messages", "messages"),
            ("profiles.signals", "observations"),
        ):
            for row in self.state.table(table):
                if row["session_id"] in sessions:
                    getattr(self.case(row["turn_id"], row["session_id"]), field_name).append(row)

    def _streams(self) -> None:
        for connection in self.history.connections:
            self.case(connection.turn).streams[connection.stream].connections.append(connection)
        for event in self.history.events:
            self.case(event.turn).streams[event.stream].events.append(event)
        for frames in self.state.frames:
            if frames.turn in self.cases:
                self.cases[frames.turn].frames = frames


def _turn_of(invoke: Operation, tenant: UUID) -> str | None:
    """The id that the gateway gives the turn of a key: it is known even when the answer is not."""
    if invoke.key is None or invoke.session is None:
        return None
    return str(uuid5(tenant, "\n".join((invoke.user, "turns", invoke.session, invoke.key))))


def _parsed(record: Logged) -> Event | None:
    kind = _READ.get(record.header(TYPE_HEADER) or "")
    if kind is None or record.topic != kind.topic.name:
        return None
    try:
        return kind.model_validate_json(record.value)
    except ValidationError:
        return None


def _place(case: Case) -> float:
    numbers = [row["turn_no"] for row in case.ledger] or [each.event.turn_no for each in case.endings]
    return min(numbers, default=float("inf"))


def first_offsets(cases: Iterable[Case]) -> list[Case]:
    """The accepted cases of one session in the order in which Kafka took them."""
    taken = [case for case in cases if case.submissions]
    return sorted(taken, key=lambda case: min(each.record.offset for each in case.submissions))


TURNS_TOPIC = TURNS.name
