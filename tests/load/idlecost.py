"""What idle streams cost, and whether they last while others talk."""

import time

from pydantic import BaseModel

from tests.load.idle import Held, IdleOrder
from tests.load.phases import Phase, Target, closed
from tests.load.usage import Meter, Spent, memory_mebibytes
from tests.load.worker import prepared

OPENING_SECONDS = 30.0
"""What a thousand streams may take to open; their turns take so much longer."""
HEARTBEAT_SECONDS = 15.0

Memory = dict[str, float]
"""MiB by process."""


class IdleCost(BaseModel):
    """Idle streams, before, while and after they were held."""

    held: Held
    before: Memory
    resting: Memory
    beside_users: Memory
    after: Memory
    spent: Spent
    """While nobody spoke, over one heartbeat of every stream."""

    def kibibytes_a_stream(self, name: str) -> float:
        """What one stream took of a process's memory."""
        return 1024 * (self.resting[name] - self.before[name]) / self.held.streams

    @property
    def broken(self) -> int:
        """Streams that did not last or did not end well."""
        return max(self.held.violations, self.held.ended_early, self.held.streams - self.held.answered)


def beside_idle_streams(target: Target, streams: int, users: int, seconds: float) -> tuple[Phase, IdleCost]:
    """Holds the streams, alone for one heartbeat and then beside users in a closed loop, and lets them end."""
    lasting = OPENING_SECONDS + HEARTBEAT_SECONDS + seconds
    before = _memory(target)
    with prepared("tests.load.idle", IdleOrder(target=target.address, streams=streams, seconds=lasting)) as holder:
        meter = Meter({**target.pids, "holder": holder.pid})
        time.sleep(HEARTBEAT_SECONDS)
        spent = meter.read()
        resting = _memory(target)
        phase = closed(target, users, seconds, warm_up=0, catches_up=False)
        beside = _memory(target)
        holder.go()
        held = holder.answer(Held)
    after = _memory(target)
    cost = IdleCost(held=held, before=before, resting=resting, beside_users=beside, after=after, spent=spent)
    return phase.model_copy(update={"name": f"{users} users beside {streams:,} idle streams"}), cost


def _memory(target: Target) -> Memory:
    return {name: memory_mebibytes(pid) for name, pid in target.pids.items()}
