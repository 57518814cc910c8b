"""Every fault once, in the order in which `make faults` injects them."""

from typing import Final

from shared.runtime.failpoints import Point
from tests.faults.proxy import Direction
from tests.faults.rig.fault import Fault
from tests.faults.rig.links import cut, dribbling, stalled
from tests.faults.rig.outages import flushed, server_killed, server_paused, server_restarted
from tests.faults.rig.processes import PAST_SESSION_SECONDS, dying_at, killed, paused, rolled, stopped
from tests.faults.rig.stand import LINKS
from tests.faults.rig.traffic import asked, rebalancing, republished, unreadable

_BOTH = Direction.BOTH

FAILPOINTS: Final[tuple[dict[str, Point], ...]] = (
    {
        "agent": "agent.after_load",
        "agent-2": "agent.mid_stream",
        "gateway": "gateway.before_publish",
        "memory": "memory.before_commit",
    },
    {
        "agent": "agent.before_commit",
        "agent-2": "agent.after_commit",
        "gateway-2": "gateway.after_publish",
        "profiles": "profiles.before_commit",
    },
    {
        "agent": "agent.before_publish",
        "agent-2": "agent.after_publish",
        "memory": "memory.after_commit",
        "profiles": "profiles.after_commit",
    },
    {"agent": "consumer.after_fetch", "memory": "consumer.before_commit", "profiles": "consumer.after_commit"},
)
"""Which service dies where, a few at a time."""

_PROCESSES: Final[dict[str, Fault]] = {
    "agent-killed": killed("agent"),
    "agent-paused": paused("agent", PAST_SESSION_SECONDS),
    "agent-stopped": stopped("agent-2"),
    "gateway-killed": killed("gateway"),
    "gateway-paused": paused("gateway-2", 5),
    "gateway-stopped": stopped("gateway"),
    "memory-and-profiles-killed": killed("memory", "profiles"),
    "memory-paused": paused("memory", PAST_SESSION_SECONDS),
    "rolling-restart": rolled(),
    "everything-killed": killed("gateway", "gateway-2", "agent", "agent-2", "memory", "profiles"),
}

_SERVERS: Final[dict[str, Fault]] = {
    "kafka-killed": server_killed("kafka", 3),
    "kafka-paused": server_paused("kafka", 8),
    "kafka-restarted": server_restarted("kafka"),
    "postgres-killed": server_killed("postgres", 3),
    "postgres-paused": server_paused("postgres", 8),
    "postgres-restarted": server_restarted("postgres"),
    "redis-killed": server_killed("redis", 3),
    "redis-paused": server_paused("redis", 5),
    "redis-flushed": flushed(),
}

_LINKS: Final[dict[str, Fault]] = {
    "agent-without-kafka": stalled(("agent-2", "kafka"), direction=_BOTH, seconds=PAST_SESSION_SECONDS),
    "agent-kafka-answers-stalled": stalled(("agent-2", "kafka"), direction=Direction.TO_CLIENT, seconds=6),
    "agent-postgres-cut": cut(("agent-2", "postgres"), seconds=4),
    "agent-postgres-answers-stalled": stalled(("agent-2", "postgres"), direction=Direction.TO_CLIENT, seconds=6),
    "agent-redis-requests-stalled": stalled(("agent-2", "redis"), direction=Direction.TO_SERVER, seconds=5),
    "gateway-kafka-answers-stalled": stalled(("gateway-2", "kafka"), direction=Direction.TO_CLIENT, seconds=6),
    "gateway-kafka-cut": cut(("gateway-2", "kafka"), seconds=4),
    "gateway-redis-cut": cut(("gateway-2", "redis"), seconds=4),
    "memory-postgres-requests-stalled": stalled(("memory", "postgres"), direction=Direction.TO_SERVER, seconds=6),
    "all-links-dribbling": dribbling(*LINKS, seconds=6),
}

_TRAFFIC: Final[dict[str, Fault]] = {
    "rebalance-storm": rebalancing(12),
    "republished": republished(),
    "unreadable": unreadable(),
    "always-failing": asked("fail"),
    "process-killing": asked("die"),
}

CATALOGUE: Final[dict[str, Fault]] = {
    **_PROCESSES,
    **{f"failpoints-{number}": dying_at(points) for number, points in enumerate(FAILPOINTS, 1)},
    "failpoints-dead-letter": dying_at({"memory": "consumer.after_dead_letter"}, nth=1, provoked_by=unreadable()),
    **_SERVERS,
    **_LINKS,
    **_TRAFFIC,
}
