"""A run in which everything went well, as its history and end state show it; tests spoil it in one place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from pydantic import TypeAdapter

from services.profiles.facts import Facts
from services.profiles.folding import fold_all
from shared.events.base import Event
from shared.events.envelope import freeze
from shared.events.ids import OPEN_TENANT, SessionId, TurnId, event_of
from shared.events.replies import Reply, StreamEnd, TurnCompleted, TurnFailed, Understood
from shared.events.signals import Signal, SignalsObserved
from shared.events.topics import REPLIES, SIGNALS, TURNS
from shared.events.turns import SessionOpened, Text, TurnSubmitted
from tests.faults.checker.state import (
    AnyState,
    Dumped,
    EndState,
    Frames,
    Logged,
    Mark,
    Progress,
    Row,
    Shown,
    Slots,
    end_state,
)
from tests.faults.history import Connection, Fault, History, Operation, Run, Sample, StreamEvent
from tests.support.scripted import Recalled, recollection

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC).timestamp()
DEADLINE_SECONDS = 30.0
_NAMES = UUID(int=7)
_JSON: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass
class World:
    """Lists to spoil; `history` and `state` are made from them when asked for."""

    operations: list[Operation] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    events: list[StreamEvent] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    records: list[AnyState] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    now: float = BEGAN

    @property
    def history(self) -> History:
        return History(
            run=Run(at=BEGAN, seed=1, deadline_seconds=DEADLINE_SECONDS),
            operations=tuple(self.operations),
            connections=tuple(self.connections),
            events=tuple(self.events),
            faults=tuple(self.faults),
            samples=tuple(self.samples),
        )

    @property
    def state(self) -> EndState:
        return end_state(self.records)

    def only(self, kind: type[Any], **where: Any) -> list[Any]:
        """The records of the end state of this kind, with these values."""
        return [
            each
            for each in self.records
            if isinstance(each, kind) and all(getattr(each, name) == value for name, value in where.items())
        ]

    def rows(self, table: str, turn: str | None = None) -> list[Row]:
        """Rows of a table, of one turn if named."""
        found: list[Row] = self.only(Row, table=table)
        return [row for row in found if turn is None or row.values["turn_id"] == turn]

    def replace(self, old: AnyState, *new: AnyState) -> None:
        """Put other records in place of one."""
        place = self.records.index(old)
        self.records[place : place + 1] = new


def good_world(sessions: int = 2, turns: int = 3) -> World:
    """Each session asks `turns` times to recall; the last turn is told to fail."""
    world = World()
    for number in range(sessions):
        _converse(world, number, turns)
    _settle(world)
    return world


def _converse(world: World, number: int, turns: int) -> None:
    session, user = str(uuid5(_NAMES, f"session {number}")), f"user-{number}"
    world.sessions.append(session)
    _log(world, _opened(session, user), number)
    told: tuple[str, ...] = ()
    observed: list[SignalsObserved] = []
    for turn_no in range(1, turns + 1):
        fails = turn_no == turns
        tag = f"t{number}x{turn_no}"
        submitted = _submitted(session, user, turn_no, "fail" if fails else f"recall {tag}")
        facts = _end(submitted, turn_no, _failed if fails else _completed, recollection(tag, told))
        _play(world, number, submitted, facts)
        turn = str(submitted.turn_id)
        shown = Shown(at=world.now, process=1, turn=turn, session=session, turn_no=turn_no, recalled=told)
        world.records.append(shown)
        told = told if fails else (*told, tag)
        observed += [fact for fact in facts if isinstance(fact, SignalsObserved)]
    world.records += [
        _row("agent.sessions", session_id=session, turn_no=turns),
        Mark(session=session, turn_no=turns),
        Slots(session=session, turns=()),
        _row(
            "profiles.profiles",
            user_id=user,
            domain="scripted",
            facts=fold_all(Facts(), observed).model_dump(mode="json", exclude_defaults=True),
        ),
    ]


def _play(world: World, partition: int, submitted: TurnSubmitted, facts: list[Event]) -> None:
    """A client asks and streams; the agent answers; memory and profiles follow."""
    turn, session, ending = str(submitted.turn_id), str(submitted.session_id), facts[0]
    assert isinstance(ending, (TurnCompleted, TurnFailed))
    assert isinstance(submitted.input, Text)
    world.turns.append(turn)
    asked = Operation(
        at=_tick(world),
        process=submitted.user_id,
        operation=f"ask {turn}",
        phase="invoke",
        kind="turn",
        user=submitted.user_id,
        session=session,
        key=f"key-{ending.turn_no}",
        body=submitted.input.text,
    )
    world.operations += [asked]
    record = _log(world, submitted, partition)
    told = {**_JSON.dump_python(asked), "at": _tick(world), "phase": "ok", "status": 202, "turn": turn}
    world.operations.append(Operation(**told))
    _stream(world, asked, turn, ending)
    for fact in facts:
        _log(world, fact, partition)
    world.records += [
        _row(
            "agent.ledger",
            session_id=session,
            turn_id=turn,
            turn_no=ending.turn_no,
            outcome="completed" if isinstance(ending, TurnCompleted) else "failed",
            envelopes=freeze(tuple(fact.envelope() for fact in facts)).decode(),
        ),
        _row("memory.turns", session_id=session, turn_id=turn, status="completed"),
        *_messages(ending),
        *(
            _row("profiles.signals", session_id=session, turn_id=turn, event_id=str(fact.event_id))
            for fact in facts
            if isinstance(fact, SignalsObserved)
        ),
    ]
    at = _tick(world)
    world.samples.append(
        Sample(at=at, group="agent", topic=TURNS.name, partition=partition, committed=record.offset + 1)
    )


def _stream(world: World, asked: Operation, turn: str, ending: TurnCompleted | TurnFailed) -> None:
    attempt, client = ending.stream.attempt, asked.process
    connection = Connection(at=_tick(world), process=client, stream=turn, connection=f"c {turn}", turn=turn, status=200)
    world.connections.append(connection)
    events: list[tuple[str, str, dict[str, Any]]] = [("0-1", "accepted", {})]
    if isinstance(ending, TurnCompleted):
        first, second = ending.reply.text.split(" ", maxsplit=1)
        deltas = [(f"{attempt}-1", "delta", {"text": f"{first} "}), (f"{attempt}-2", "delta", {"text": second})]
        frames = tuple((place, name, _JSON.dump_json(data).decode()) for place, name, data in deltas)
        world.records.append(Frames(turn=turn, frames=frames))
        events += [*deltas, (ending.stream.terminal_id, "completed", {"text": ending.reply.text})]
    else:
        world.records.append(Frames(turn=turn, frames=()))
        events += [(ending.stream.terminal_id, "failed", {"reason": ending.reason})]
    world.events += [
        StreamEvent(
            at=_tick(world),
            process=client,
            stream=turn,
            connection=connection.connection,
            turn=turn,
            id=place,
            name=name,
            data=data,
        )
        for place, name, data in events
    ]


def _messages(ending: TurnCompleted | TurnFailed) -> Iterator[Row]:
    texts = [("user", ending.input.text if isinstance(ending.input, Text) else "")]
    if isinstance(ending, TurnCompleted):
        texts.append(("assistant", ending.reply.text))
    for role, text in texts:
        yield _row(
            "memory.messages",
            session_id=str(ending.session_id),
            turn_id=str(ending.turn_id),
            turn_no=ending.turn_no,
            role=role,
            text=text,
        )


def _settle(world: World) -> None:
    """Everybody has read everything, and some time goes by."""
    ends: dict[tuple[str, int], int] = {}
    for record in world.only(Logged):
        ends[record.topic, record.partition] = record.offset + 1
    groups = {"agent": (TURNS,), "memory": (TURNS, REPLIES), "profiles": (SIGNALS, REPLIES)}
    for group, topics in groups.items():
        for (topic, partition), end in ends.items():
            if topic in {each.name for each in topics}:
                world.records.append(Progress(group=group, topic=topic, partition=partition, committed=end, end=end))
    world.records.append(Dumped(at=world.now + 10 * DEADLINE_SECONDS, parts=("kafka", "postgres", "redis")))


def _log(world: World, event: Event, partition: int) -> Logged:
    envelope = event.envelope()
    here = [each for each in world.only(Logged, topic=envelope.topic) if each.partition == partition]
    record = Logged(
        topic=envelope.topic,
        partition=partition,
        offset=len(here),
        at=_tick(world),
        key=envelope.key.decode(),
        value=envelope.value.decode(),
        headers=tuple((name, value.decode()) for name, value in envelope.headers),
    )
    world.records.append(record)
    return record


def _tick(world: World) -> float:
    world.now += 0.01
    return world.now


def _row(table: str, **values: Any) -> Row:
    return Row(table=table, values=values)


def _base(session: str, user: str) -> dict[str, Any]:
    return {
        "occurred_at": datetime.fromtimestamp(BEGAN, UTC),
        "tenant_id": OPEN_TENANT,
        "request_id": "test",
        "session_id": SessionId(UUID(session)),
        "user_id": user,
    }


def _opened(session: str, user: str) -> SessionOpened:
    return SessionOpened(**_base(session, user), event_id=event_of(UUID(session), "opened"), domain="scripted")


def _submitted(session: str, user: str, turn_no: int, words: str) -> TurnSubmitted:
    turn_id = TurnId(uuid5(OPEN_TENANT, "\n".join((user, "turns", session, f"key-{turn_no}"))))
    return TurnSubmitted(
        **_base(session, user),
        event_id=event_of(turn_id, "submitted"),
        turn_id=turn_id,
        domain="scripted",
        input=Text(text=words),
        body_hash="0" * 64,
        expires_at=datetime.fromtimestamp(BEGAN, UTC) + timedelta(hours=1),
    )


def _end(submitted: TurnSubmitted, turn_no: int, end: Any, text: str) -> list[Event]:
    of_turn = submitted.model_dump(include={"occurred_at", "tenant_id", "request_id", "session_id", "user_id"})
    of_turn |= {"turn_id": submitted.turn_id, "domain": "scripted", "session_no": 1, "turn_no": turn_no}
    events: list[Event] = end(submitted, of_turn, text)
    return events


def _terminal(submitted: TurnSubmitted, of_turn: dict[str, Any], frames: int) -> dict[str, Any]:
    return of_turn | {
        "event_id": event_of(submitted.turn_id, "ending"),
        "submitted_at": submitted.occurred_at,
        "input": submitted.input,
        "stream": StreamEnd(attempt=1000 + of_turn["turn_no"], frames=frames),
    }


def _completed(submitted: TurnSubmitted, of_turn: dict[str, Any], text: str) -> list[Event]:
    number = of_turn["turn_no"]
    signals = (Signal(kind="view", name=f"item-{number}"),)
    session_facts = {name: value for name, value in of_turn.items() if name not in {"session_no", "turn_no"}}
    return [
        TurnCompleted(**_terminal(submitted, of_turn, 2), understood=Understood(), reply=Reply(text=text)),
        SignalsObserved(**of_turn, event_id=event_of(submitted.turn_id, "signals"), signals=signals),
        Recalled(**session_facts, event_id=event_of(submitted.turn_id, Recalled.type), number=number),
    ]


def _failed(submitted: TurnSubmitted, of_turn: dict[str, Any], _: str) -> list[Event]:
    return [TurnFailed(**_terminal(submitted, of_turn, 0), reason="exhausted", message="Sorry.")]
