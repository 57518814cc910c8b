"""Every installed pack's own example, as `make demo` plays it."""

from typing import Any

import pytest

from tests.journeys.conftest import INSTALLED
from tests.support.client import Client
from tests.support.stack import Stack


@pytest.mark.parametrize("name", sorted(INSTALLED))
async def test_an_example_is_understood_to_its_end(client: Client, stack: Stack, name: str) -> None:
    example = await example_of(client, name)
    async with Client(stack.gateway.url, example["user"] or client.user) as visitor:
        for visit in example["visits"]:
            session = await visitor.open(name)
            for words in visit:
                answer = await visitor.ask(session, words)
                assert answer["status"] == "completed"
                assert answer["understood"]["intent"] is not None, words


async def example_of(client: Client, name: str) -> dict[str, Any]:
    [domain] = [each for each in (await client.get("/v1/domains"))["items"] if each["name"] == name]
    example: dict[str, Any] = domain["example"]
    return example
