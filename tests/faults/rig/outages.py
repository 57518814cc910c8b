"""Faults of the servers we stand on."""

import asyncio

from redis.asyncio import Redis

from tests.faults.rig.fault import Fault, Scene


def server_killed(name: str, seconds: float) -> Fault:
    """SIGKILL, and after a while started again on its data."""

    async def inject(scene: Scene) -> None:
        servers = scene.stand.servers
        servers.kill(name)
        try:
            await asyncio.sleep(seconds)
        finally:
            servers.launch(name)

    return Fault(f"killed for {seconds:g} s", name, inject, frozenset({name}))


def server_paused(name: str, seconds: float) -> Fault:
    """SIGSTOP with all its children for a while, then SIGCONT: connections stay open and nobody answers."""

    async def inject(scene: Scene) -> None:
        servers = scene.stand.servers
        servers.pause(name)
        try:
            await asyncio.sleep(seconds)
        finally:
            servers.resume(name)

    return Fault(f"paused for {seconds:g} s", name, inject, frozenset({name}))


def server_restarted(name: str) -> Fault:
    """Stopped as an operator would, and started again."""

    async def inject(scene: Scene) -> None:
        servers = scene.stand.servers
        try:
            await asyncio.to_thread(servers.stop, name)
        finally:
            servers.launch(name)

    return Fault("restarted", name, inject, frozenset({name}))


def flushed() -> Fault:
    """Redis forgets everything."""

    async def inject(scene: Scene) -> None:
        async with Redis.from_url(scene.stand.addresses.redis) as redis:
            await redis.flushall()

    return Fault("flushed", "redis", inject, frozenset({"redis"}))
