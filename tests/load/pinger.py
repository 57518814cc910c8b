"""Measures the echo: records sent to it, and the time until each comes back. A process of its own."""

import asyncio
import time
from contextlib import AsyncExitStack
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from tests.load.echo import MOST_RECORDS, PING, PONG, RECORD_BYTES, consuming, producing
from tests.load.probe import Go, Measured, Order, Tally, Window, carry_out, finish_all, microseconds

Awaited = dict[bytes, "asyncio.Future[bytes]"]

PADDING = b"x" * RECORD_BYTES


async def listen(consumer: AIOKafkaConsumer, awaited: Awaited) -> None:
    """Hands what comes back to whoever sent it."""
    while True:
        for records in (await consumer.getmany(timeout_ms=1000, max_records=MOST_RECORDS)).values():
            for record in records:
                if record.key in awaited:
                    awaited.pop(record.key).set_result(record.value)


async def ping(producer: AIOKafkaProducer, awaited: Awaited, tally: Tally) -> None:
    """One record after the other, each under a key of its own as turns of many sessions would be."""
    name, number = uuid4().hex, 0
    while tally.window.is_open():
        number += 1
        key = f"{name}:{number}".encode()
        back = awaited[key] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        sent = await producer.send(PING, key=key, value=key + PADDING)
        if await back != key + PADDING:
            tally.violations.append("another value came back")
        ended = time.perf_counter()
        await sent
        if tally.covers(ended):
            tally.whole.append(microseconds(ended - began))


async def measure(order: Order, go: Go) -> Measured:
    """Keeps `order.at_once` records going at the Kafka of `order.target`."""
    async with AsyncExitStack() as stack:
        producer = await producing(order.target, stack)
        consumer = await consuming(order.target, PONG, stack)
        awaited: Awaited = {}
        listener = asyncio.create_task(listen(consumer, awaited))
        stack.callback(listener.cancel)
        await go()
        tally = Tally(Window.of(order))
        pings = [asyncio.create_task(ping(producer, awaited, tally)) for _ in range(order.at_once)]
        await finish_all(pings, tally)
    return tally.measured()


if __name__ == "__main__":
    carry_out(Order, measure)
