"""A model that somebody really runs: only where its settings are given."""

import os

import pytest
from prometheus_client import CollectorRegistry
from pydantic import TypeAdapter

from services.agent.llm.budget import Budget, Limits
from services.agent.llm.client import Client
from services.agent.llm.messages import Deaf, Endpoint, Request, Words
from services.agent.llm.metrics import ModelMetrics

_SETTINGS = os.environ.get("PARLEY_LLM_LIVE", "")


@pytest.mark.skipif(not _SETTINGS, reason="PARLEY_LLM_LIVE names no endpoints")
async def test_a_live_endpoint_answers_and_tells_what_it_used() -> None:
    limits = Limits(first_token=30, idle=30, total=60)
    budget = Budget(limits)
    endpoints = TypeAdapter(tuple[Endpoint, ...]).validate_json(_SETTINGS)
    client = Client(endpoints, limits, ModelMetrics(CollectorRegistry()))

    words = (Words('{"words": "hello"}'),)
    said = await client.ask(Request(instructions="Say hello.", history=words, max_tokens=500), budget, Deaf())
    await client.close()

    assert said.text
    assert budget.usage is not None
    assert budget.usage.output_tokens > 0
