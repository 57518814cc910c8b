"""An eraser that dies at any step is started again and finishes; nobody else's data is touched."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.runtime.polling import read_until
from tests.support.canaries import hits
from tests.support.caughtup import caught_up
from tests.support.client import Client
from tests.support.stack import Service, Stack

WITHIN = timedelta(seconds=60)

KILLS = {
    "agent": ("erasure.after_tombstone", "erasure.after_batch", "erasure.after_completion"),
    "memory": ("erasure.after_batch",),
    "profiles": ("erasure.after_batch",),
}
"""Fewer than a record may kill its process. What is left out here is in the tests of each service."""


async def _ended(service: Service) -> bool:
    return not service.running


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", KILLS)
async def test_an_eraser_that_is_killed_again_and_again_finishes(
    client: Client, fragile_stack: Stack, name: str
) -> None:
    session = await client.open("scripted")
    for number in range(3):
        await client.ask(session, f"recall zanzibar{number}")
    async with Client(fragile_stack.gateway.url) as neighbour:
        await neighbour.ask(await neighbour.open("scripted"), "recall here")
    await caught_up(fragile_stack.servers)
    service = fragile_stack.services[name]
    service.kill()
    started = [{"PARLEY_FAILPOINTS": f"{step}=kill", "PARLEY_FAILPOINTS_ALLOWED": "true"} for step in KILLS[name]]
    service.start(**started[0])
    asked = await client.http.delete(f"/v1/users/{client.user}/data")
    assert asked.status_code == 202
    for environment in (*started[1:], {}):
        assert await read_until(lambda: _ended(service), bool, within=WITHIN), "nobody died"
        service.start(**environment)
    await asyncio.to_thread(service.ready)

    receipt = await read_until(
        lambda: _receipt(client, asked.headers["location"]), lambda told: bool(told.get("complete")), within=WITHIN
    )
    removed = {each["service"]: each["removed"] for each in receipt["services"]}
    assert removed["agent"] == {"agent.ledger": 3, "agent.sessions": 1}
    assert removed["memory"]["memory.messages"] == 6
    assert removed["profiles"]["profiles.signals"] == 3
    found = await read_until(lambda: hits(fragile_stack.servers, client.user), lambda left: not left, within=WITHIN)
    assert found == {}
    assert await hits(fragile_stack.servers, neighbour.user)


async def _receipt(client: Client, location: str) -> dict[str, Any]:
    """The receipt; nothing while the service that was killed cannot be asked."""
    response = await client.http.get(location)
    body: dict[str, Any] = response.json() if response.is_success else {}
    return body
