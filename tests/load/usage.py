"""CPU time and memory of the processes under test, as the kernel counts them."""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import psutil
from pydantic import BaseModel

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """What has been used up to one moment: CPU seconds of each process and its children, and of the whole machine."""

    processes: dict[str, float]
    machine: float

    @classmethod
    def now(cls, processes: Mapping[str, int]) -> Self:
        """Of the processes with these names and ids."""
        return cls({name: _cpu_seconds(pid) for name, pid in processes.items()}, _machine_seconds())

    def since(self, earlier: Self) -> Self:
        """What was used between two moments."""
        spent = {name: seconds - earlier.processes[name] for name, seconds in self.processes.items()}
        return type(self)(spent, self.machine - earlier.machine)


class Spent(BaseModel):
    """What some processes used over some time."""

    seconds: float
    cpu_seconds: dict[str, float]
    others_cores: float
    """Cores that processes of others kept busy meanwhile: noise."""


class Meter:
    """Runs from when it is made."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = processes
        self._before = Usage.now(processes)
        self._began = time.monotonic()

    def read(self) -> Spent:
        """What these processes have used since."""
        used, lasted = Usage.now(self._processes).since(self._before), time.monotonic() - self._began
        others = (used.machine - sum(used.processes.values())) / lasted
        return Spent(seconds=lasted, cpu_seconds=used.processes, others_cores=others)


def memory_mebibytes(pid: int) -> float:
    """Memory of a process and its children; what they share is counted once where the system can tell."""
    return sum(_bytes(process) for process in family(pid)) / MEBIBYTE


def family(pid: int) -> Iterator[psutil.Process]:
    """A process and all its descendants."""
    parent = psutil.Process(pid)
    yield parent
    yield from parent.children(recursive=True)


def _cpu_seconds(pid: int) -> float:
    total = 0.0
    for process in family(pid):
        times = process.cpu_times()
        # Children that have ended are counted with their parent, those that run by themselves.
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _machine_seconds() -> float:
    times = psutil.cpu_times()
    waiting = times.idle + getattr(times, "iowait", 0.0)
    # Linux counts the time of guests twice.
    return float(sum(times) - waiting - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0))


def _bytes(process: psutil.Process) -> int:
    memory = process.memory_full_info()
    return int(getattr(memory, "pss", memory.rss))


def cores() -> int:
    """How many cores we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
