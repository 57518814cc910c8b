"""Named places where a test may kill, stop, delay or fail a process, to prove what holds when that happens there.

They are set by one variable, `PARLEY_FAILPOINTS="agent.after_commit=kill@2,agent.after_load=sleep:0.5"`: a point, what
happens there, and at which passing (the first without a number). `PARLEY_FAILPOINTS_ALLOWED` has to be true beside it.
"""

import asyncio
import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import structlog
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Point = Literal[
    "gateway.before_publish",
    "gateway.after_publish",
    "gateway.before_send",
    "gateway.after_send",
    "agent.after_load",
    "agent.mid_stream",
    "agent.before_commit",
    "agent.after_commit",
    "agent.before_publish",
    "agent.after_publish",
    "memory.before_commit",
    "memory.after_commit",
    "profiles.before_commit",
    "profiles.after_commit",
    "erasure.after_tombstone",
    "erasure.after_beside",
    "erasure.after_batch",
    "erasure.before_completion",
    "erasure.after_completion",
    "consumer.after_fetch",
    "consumer.after_dead_letter",
    "consumer.before_commit",
    "consumer.after_commit",
]
"""Where. Before a commit of Postgres is inside its transaction; the consumer's commits are its offsets."""

Action = Literal["kill", "stop", "sleep", "raise"]
"""SIGKILL to itself; SIGSTOP to itself, until somebody continues it; a pause of this task only; `FailpointError`."""

POINTS: Final[tuple[Point, ...]] = get_args(Point)
_KNOWN: Final[Mapping[str, Point]] = {point: point for point in POINTS}
_ACTIONS: Final[Mapping[str, Action]] = {action: action for action in get_args(Action)}
_ENTRY: Final = re.compile(r"(?P<point>[\w.]+)=(?P<action>\w+)(:(?P<seconds>\d+(\.\d+)?))?(@(?P<nth>[1-9]\d*))?")

_log = structlog.get_logger(__name__)


class FailpointError(Exception):
    """What a failpoint raises when it is told to."""


class FailpointSettings(BaseSettings):
    """What a process reads of its failpoints from its environment."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", frozen=True, extra="ignore")

    failpoints: str = Field(default="", description="Failpoints to set, for tests of failures only.")
    failpoints_allowed: bool = Field(default=False, description="Whether failpoints may be set at all.")


@dataclass(slots=True)
class Failpoint:
    """What happens at a point when it is passed for the `nth` time."""

    action: Action
    seconds: float = 0.0
    nth: int = 1
    passed: int = 0

    async def hit(self, point: Point) -> None:
        """Count this passing, and act if it is the one."""
        self.passed += 1
        if self.passed != self.nth:
            return
        _log.critical("failpoint", point=point, action=self.action, passing=self.nth)
        if self.action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.action == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        elif self.action == "sleep":
            await asyncio.sleep(self.seconds)
        else:
            raise FailpointError(point)


_set: dict[Point, Failpoint] = {}


async def failpoint(point: Point) -> None:
    """Pass a point; nothing happens there unless it was set when the process started."""
    if _set and point in _set:
        await _set[point].hit(point)


def set_failpoints(settings: FailpointSettings) -> None:
    """Set what the settings say; exits the process with a sentence when they are not allowed or make no sense."""
    if not settings.failpoints:
        return
    if not settings.failpoints_allowed:
        raise SystemExit(
            "PARLEY_FAILPOINTS makes a process fail on purpose: PARLEY_FAILPOINTS_ALLOWED must be true too."
        )
    try:
        _set.update(parsed(settings.failpoints))
    except ValueError as error:
        raise SystemExit(f"PARLEY_FAILPOINTS: {error}") from None
    _log.warning("FAILPOINTS ARE SET: this process will fail on purpose", failpoints=settings.failpoints)


def parsed(text: str) -> dict[Point, Failpoint]:
    """The failpoints that a text such as `agent.after_commit=kill@2` sets; raises ValueError with a sentence."""
    failpoints: dict[Point, Failpoint] = {}
    for entry in text.split(","):
        point, failpoint = _parsed_entry(entry.strip())
        if point in failpoints:
            raise ValueError(f"{point} is set twice.")
        failpoints[point] = failpoint
    return failpoints


def _parsed_entry(entry: str) -> tuple[Point, Failpoint]:
    found = _ENTRY.fullmatch(entry)
    action = None if found is None else _ACTIONS.get(found["action"])
    if found is None or action is None or (action == "sleep") != (found["seconds"] is not None):
        raise ValueError(f"{entry!r} is not point=kill, stop, raise or sleep:seconds, with @n for the nth passing.")
    if found["point"] not in _KNOWN:
        raise ValueError(f"there is no failpoint {found['point']!r}, only {', '.join(POINTS)}.")
    return _KNOWN[found["point"]], Failpoint(action, float(found["seconds"] or 0), int(found["nth"] or 1))
