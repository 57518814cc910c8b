"""A process that consumes a topic and writes what it does to a ledger; a record may tell it to kill itself.

`python -m tests.integration.runtime.kafka.worker <kafka> <redis> <topic> <group> <ledger>`; SIGTERM stops it cleanly.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from prometheus_client import CollectorRegistry

from shared.runtime.kafka import Bus, Handler, Options, RedisAttempts, Subscription
from shared.runtime.redis import command_client
from tests.integration.runtime.kafka.events import Counted

POISON = "poison"
HANDLING_SECONDS = 0.02


class Service:
    """Takes a little time for each event."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger.open("a", buffering=1)

    def note(self, what: str, event: Counted | None = None) -> None:
        session, number = (event.session_id.int, event.number) if event is not None else (-1, -1)
        self._ledger.write(f"{what} {os.getpid()} {session} {number} {time.monotonic()}\n")

    async def on_counted(self, event: Counted) -> None:
        self.note("begin", event)
        if event.padding == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.sleep(HANDLING_SECONDS)
        self.note("end", event)

    async def on_exhausted(self, event: Counted, error: Exception) -> None:
        self.note("exhausted", event)


async def main(kafka: str, redis_url: str, topic: str, group: str, ledger: str) -> None:
    """Consume until told to stop."""
    service = Service(Path(ledger))
    redis = command_client(redis_url)
    bus = Bus(kafka, client_id="worker", options=Options(attempts=RedisAttempts(redis), registry=CollectorRegistry()))
    handler = Handler(Counted, service.on_counted, exhausted=service.on_exhausted)
    bus.subscribe(Subscription((topic,), group, (handler,), concurrency=100))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await bus.start()
    service.note("ready")
    await stop.wait()
    await bus.stop()
    await redis.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
