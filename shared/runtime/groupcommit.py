"""Group commit: what arrives while a flush runs joins the next one. No timer, so no latency when idle."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class GroupCommit(Generic[Item, Result]):
    """Coalesces concurrent calls into few flushes.

    `flush` gets a batch and returns a result or an exception for each item, in order, so that one bad item fails
    alone. When `flush` itself raises, every item of its batch fails with that error.
    """

    def __init__(
        self,
        flush: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]],
        *,
        largest: int = 256,
        at_once: int = 2,
    ) -> None:
        self._flush = flush
        self._largest = largest
        self._free = at_once
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._flushes: set[asyncio.Task[None]] = set()

    async def submit(self, item: Item) -> Result:
        """Have `item` flushed with whatever else waits. Raises what its flush raised."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._free:
            self._free -= 1
            task = asyncio.create_task(self._run())
            self._flushes.add(task)
            task.add_done_callback(self._flushes.discard)
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._largest], self._waiting[self._largest :]
                await self._settle(batch)
        finally:
            self._free += 1

    async def _settle(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results: Sequence[Result | Exception] = await self._flush([item for item, _ in batch])
            settled = list(zip(batch, results, strict=True))
        except Exception as error:
            settled = [(each, error) for each in batch]
        for (_, future), result in settled:
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
