"""The live stream of one attempt at a turn: frames gathered for a moment, written together, numbered without gaps."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

import orjson
import structlog
from pydantic import JsonValue

from shared.errors import Retry, Unavailable
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.live import ClarificationFrame, DataFrame, StepFrame
from shared.events.replies import Clarification, StreamEnd
from shared.runtime.failpoints import failpoint

_GATHER_SECONDS = 0.025
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of the live stream: its name and its JSON."""

    event: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a turn stands in its session, and the gateway that streams it, if any."""

    tenant_id: TenantId
    session_id: SessionId
    turn_id: TurnId
    turn_no: int
    inbox: str | None = None


@dataclass(frozen=True, slots=True)
class Append:
    """Frames to add to a turn's stream; `first` is the number of the first of them within the attempt."""

    place: Place
    attempt: int
    first: int
    frames: tuple[Frame, ...]


class Frames(Protocol):
    """Where frames are written."""

    async def append(self, append: Append) -> int: ...


class Live:
    """Tells whoever watches how the turn goes. Redis may be away: the turn then goes on unseen.

    It is the `Progress` a pack announces its steps to.
    """

    def __init__(self, frames: Frames, place: Place, *, now_ms: int) -> None:
        self._frames = frames
        self._place = place
        self._attempt = now_ms
        self._written = 0
        self._overtaken = False
        self._attempts_unknown = True
        self._gathered: list[Frame] = []
        self._timer: asyncio.TimerHandle | None = None
        self._flush: asyncio.Task[None] | None = None

    async def step(self, label: str) -> None:
        """Say what is being done."""
        self._add("step", StepFrame(label=label).model_dump_json().encode())

    async def delta(self, text: str) -> None:
        """Say the next piece of the answer."""
        # A `DeltaFrame`; there are many of them.
        self._add("delta", orjson.dumps({"text": text}))

    async def clarification(self, clarification: Clarification) -> None:
        """Ask."""
        frame = ClarificationFrame(question=clarification.question, options=clarification.options)
        self._add("clarification", frame.model_dump_json().encode())

    async def data(self, kind: str, value: JsonValue) -> None:
        """Show structured content."""
        self._add("data", DataFrame(kind=kind, value=value).model_dump_json().encode())

    async def reset(self) -> None:
        """Take back what was said: whoever watches forgets it, and the stream begins anew."""
        while self._flush is not None:
            await asyncio.shield(self._flush)
        self.abandon()
        self._gathered = [frame for frame in self._gathered if frame.event == "step"]
        if self._written:
            # Though there may be nothing to write: an attempt that was overtaken must not begin above the later one.
            await asyncio.shield(self._start())
        if self._written and not self._overtaken:
            # As an attempt of its own, which announces itself with `reset` where the earlier one is known.
            self._attempt, self._written, self._attempts_unknown = self._attempt + 1, 0, True
        if self._gathered:
            self._gather()

    async def end(self) -> StreamEnd:
        """Write what is left; from here on only the terminal event follows.

        Raises `Retry` when a later attempt has overtaken this one, or the turn has ended.
        """
        # An attempt that says nothing still writes once, to learn whether an earlier one said something.
        while self._flush is not None or self._gathered or self._attempts_unknown:
            # Shielded: a write that is under way decides the attempt's number, also for a turn cancelled meanwhile.
            await asyncio.shield(self._flush or self._start())
        self.abandon()
        if self._overtaken:
            raise Retry("a later attempt has overtaken this one")
        return StreamEnd(attempt=self._attempt, frames=self._written)

    def abandon(self) -> None:
        """Write nothing more by itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _add(self, event: str, data: bytes) -> None:
        self._gathered.append(Frame(event, data))
        if self._timer is None and self._flush is None:
            self._gather()

    def _gather(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_GATHER_SECONDS, self._start)

    def _start(self) -> "asyncio.Task[None]":
        self.abandon()
        self._flush = asyncio.create_task(self._write())
        return self._flush

    async def _write(self) -> None:
        self._attempts_unknown = False
        frames, self._gathered = tuple(self._gathered), []
        first, self._written = self._written + 1, self._written + len(frames)
        try:
            attempt = await self._frames.append(Append(self._place, self._attempt, first, frames))
        except Unavailable as error:
            _log.warning("frames not written", turn_id=str(self._place.turn_id), reason=str(error))
        else:
            self._overtaken = self._overtaken or attempt == 0
            self._attempt = attempt or self._attempt
            await failpoint("agent.mid_stream")
        finally:
            self._flush = None
            if self._gathered:
                self._gather()
