"""What a fault is."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from tests.faults.history import Recorder
from tests.faults.rig.stand import SERVICES, Stand
from tests.support.outages import SERVERS

EVERYTHING: Final = frozenset({*SERVICES, *SERVERS})


class NotInjectedError(Exception):
    """What was to break did not."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a fault happens; `random` is its own, drawn from the run's seed."""

    stand: Stand
    recorder: Recorder
    random: Random


@dataclass(frozen=True, slots=True)
class Fault:
    """Breaks something, keeps it broken for a while, heals it.

    `inject` returns once what it broke has been started again or let go on; recovery counts from there. It raises
    `NotInjectedError` when it could not break what it meant to.
    """

    name: str
    target: str
    inject: Callable[[Scene], Coroutine[Any, Any, None]]
    breaks: frozenset[str]
    """Services and servers that nobody else may break at the same time."""
