"""The gateway as a process."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.integration.gateway.conftest import Town
from tests.support.client import Client
from tests.support.stack import Service, free_port

_PATIENCE_SECONDS = 60


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PARLEY_DOMAINS": '["tests.support.painted:DOMAIN"]', **more}


@asynccontextmanager
async def process(town: Town, directory: Path) -> AsyncIterator[Service]:
    port = free_port()
    given = environment(
        PARLEY_KAFKA=town.servers.kafka, PARLEY_REDIS=town.servers.redis, PARLEY_PORT=str(port), PARLEY_GRACE="PT5S"
    )
    urls = {f"PARLEY_{name.upper()}": url for name, url in town.urls.items()}
    service = Service("gateway", port, given | urls, directory / "gateway.log")
    service.start()
    try:
        await asyncio.to_thread(service.ready)
        yield service
    finally:
        await asyncio.to_thread(service.end)


@pytest.mark.parametrize("host", ["0.0.0.0", "gateway.example"])  # noqa: S104 - must be refused
def test_other_address_than_loopback_is_refused(host: str) -> None:
    command = [sys.executable, "-m", "services.gateway"]
    given = environment(PARLEY_HOST=host)
    ended = subprocess.run(command, env=given, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False)
    assert ended.returncode == 2
    assert host in ended.stderr
    assert "no accounts" in ended.stderr


async def test_stop_ends_open_streams_at_once_and_the_turn_goes_on(client: Client, town: Town, tmp_path: Path) -> None:
    async with process(town, tmp_path) as service, Client(service.url, client.user) as stopped:
        session = await stopped.open("painted")
        async with stopped.stream(session, "hold one") as stream:
            events = [await anext(stream), await anext(stream)]
            service.ask_to_stop()
            async with asyncio.timeout(4):
                assert [event async for event in stream] == []
    turn = events[0].data["turn_id"]
    town.agent.release(turn)
    rest = await client.resume(session, turn, events[-1].id)
    assert [event.name for event in rest] == ["completed"]


async def test_client_that_does_not_read_is_dropped(town: Town, tmp_path: Path) -> None:
    async with process(town, tmp_path) as service, Client(service.url) as client:
        session = await client.open("painted")
        turn = (await client.post(session, "hold nothing")).json()["turn_id"]
        await town.agent.flood(turn, frames=40, characters=500_000)
        with socket.socket() as silent:
            silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            silent.connect(("127.0.0.1", service.port))
            place = f"/v1/sessions/{session}/turns/{turn}/events"
            silent.sendall(f"GET {place} HTTP/1.1\r\nHost: x\r\nX-Parley-User: {client.user}\r\n\r\n".encode())
            await _open_streams(service.url, 1)
            await _open_streams(service.url, 0)
        town.agent.release(turn)


async def _open_streams(url: str, wanted: int) -> None:
    """Wait until the gateway counts so many."""
    async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(30):
        while f"parley_gateway_open_streams {wanted}.0" not in (await http.get(f"{url}/metrics")).text:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
