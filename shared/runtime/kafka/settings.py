"""How the clients of this package are set up: time-outs and sizes."""

from datetime import timedelta
from typing import Final

MEBIBYTE: Final = 1024 * 1024

PUBLISH_WITHIN: Final = timedelta(seconds=5)
STOP_WITHIN: Final = timedelta(seconds=5)
START_WITHIN: Final = timedelta(seconds=60)
REQUEST_WITHIN: Final = timedelta(seconds=10)

# The broker's default limit for one batch is 1 MiB; a batch that may hold many records must stay below it.
MAX_BATCH_BYTES: Final = 512 * 1024
MAX_RECORD_BYTES: Final = 2 * MEBIBYTE

SESSION: Final = timedelta(seconds=10)
HEARTBEAT: Final = timedelta(seconds=1)
REBALANCE: Final = timedelta(seconds=60)
# A partition that was idle is left out of the running long poll and waits for the next one.
LONG_POLL: Final = timedelta(milliseconds=250)
# Where nobody waits the broker gathers: each fetch names all its partitions, in Python, whatever it brings. It must
# leave time for a read of profiles within 150 ms that includes the turn before.
BATCH_LONG_POLL: Final = timedelta(milliseconds=75)
BATCH_FETCH_BYTES: Final = 512 * 1024
BATCH_RECORDS: Final = 500
# Few enough that the first of them need not wait long for the last to be queued.
LIVE_RECORDS: Final = 32
READ_WAIT: Final = timedelta(seconds=1)
READ_PAUSE: Final = timedelta(seconds=1)


def milliseconds(duration: timedelta) -> int:
    """A duration as Kafka's settings want it."""
    return round(duration.total_seconds() * 1000)
