"""A real HTTP server for an application, in the test's own event loop."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

_PATIENCE_SECONDS = 30


class _Server(uvicorn.Server):
    """Leaves the signals to the test runner."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve the application on a free port; its URL."""
    config = uvicorn.Config(app, port=0, lifespan="on", log_config=None, timeout_graceful_shutdown=1)
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not server.started and not task.done():
                await asyncio.sleep(0.01)
        if task.done():
            raise RuntimeError("the application did not start")
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
