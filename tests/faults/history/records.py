"""The records of a history. Times are seconds since 1970 on the clock of the one machine that runs it all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field

Kind = Literal["open", "turn", "cancel", "delete", "read"]
Phase = Literal["invoke", "ok", "fail", "info"]

HISTORY_FILE = "history.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The run began. `logs` are the ends of all topics' partitions then, as "topic:partition"; absent means 0."""

    at: float
    seed: int
    deadline_seconds: float
    """A turn must have ended this long after it was accepted, time under faults not counted."""
    logs: Mapping[str, int] = field(default_factory=dict)
    type: Literal["run"] = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One phase of one HTTP request of a client.

    `ok`: a 2xx. `fail`: certainly without effect, such as 404, 422, 429. `info`: nobody knows, such as 503, a time-out
    or a connection cut. Every `invoke` has an `operation` of its own; repeating a request is another one with the same
    `key`. Turns always have a key, so that their id is known even when the answer is lost.
    """

    at: float
    process: str
    """The client, which does one thing at a time."""
    operation: str
    phase: Phase
    kind: Kind
    user: str
    session: str | None = None
    key: str | None = None
    body: str | None = None
    """What was said."""
    turn: str | None = None
    """The turn's id, once an answer told it; of `cancel` and `read`, which turn is meant."""
    status: int | None = None
    detail: str | None = None
    answer: Mapping[str, Any] | None = None
    """The answer's body where it is more than an acknowledgement: a turn waited for, a page of messages."""
    type: Literal["operation"] = "operation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A client opened or resumed its stream of a turn. `stream` is the same over all its connections."""

    at: float
    process: str
    stream: str
    connection: str
    turn: str
    after: str | None = None
    """The `Last-Event-ID` sent."""
    status: int | None = None
    """204: nothing is left. None: no answer."""
    type: Literal["connection"] = "connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEvent:
    """One server-sent event as it arrived."""

    at: float
    process: str
    stream: str
    connection: str
    turn: str
    id: str
    name: str
    data: Mapping[str, Any]
    type: Literal["event"] = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault began or ended; `fault` tells the pairs apart. `poison`: an unreadable record put in topic `target`."""

    at: float
    fault: str
    phase: Literal["begin", "end"]
    name: str
    target: str
    detail: str | None = None
    type: Literal["fault"] = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a consumer group had committed for a partition; read at `at` or a little before."""

    at: float
    group: str
    topic: str
    partition: int
    committed: int
    type: Literal["sample"] = "sample"


AnyRecord = Run | Operation | Connection | StreamEvent | Fault | Sample
Record = Annotated[AnyRecord, Field(discriminator="type")]
