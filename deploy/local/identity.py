"""Who a process is: its pid and when it started, for a pid alone may have gone to somebody else."""

import os
from datetime import UTC, datetime
from signal import Signals
from typing import Self

import psutil
from pydantic import BaseModel, ConfigDict

# The clock may be set between two readings; nobody reuses a pid as quickly as this.
START_TIME_TOLERANCE_SECONDS = 2


class ProcessIdentity(BaseModel):
    """One process of this machine, now or in the past."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started_at: datetime

    @classmethod
    def of(cls, pid: int) -> Self:
        """The identity of a process that runs now."""
        return cls(pid=pid, started_at=_started_at(psutil.Process(pid)))

    @classmethod
    def of_this_process(cls) -> Self:
        """Our own identity."""
        return cls.of(os.getpid())

    def runs(self) -> bool:
        """Whether it still runs."""
        return self._process() is not None

    def signal(self, number: Signals) -> bool:
        """Sends it a signal, and nobody else: False if it is gone."""
        process = self._process()
        if process is None:
            return False
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            return False
        return True

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(self.pid)
            difference = abs(_started_at(process) - self.started_at)
            ended = process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return None if ended or difference.total_seconds() > START_TIME_TOLERANCE_SECONDS else process


def _started_at(process: psutil.Process) -> datetime:
    return datetime.fromtimestamp(process.create_time(), UTC)
