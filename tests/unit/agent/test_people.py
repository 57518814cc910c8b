"""Reading who talks: within a deadline, and never at the cost of the conversation."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.agent.people import People
from services.agent.session import Session
from shared.domains.person import Profile
from shared.errors import Unavailable
from shared.events.signals import sequence_of
from tests.unit.agent.builders import TENANT, session, submitted

KNOWN = Profile(user_id="ana", domain="shoes", name="Ana", sessions=1)


def view(*, complete: bool = True) -> httpx.Response:
    return httpx.Response(200, json={"profile": KNOWN.model_dump(mode="json"), "complete": complete})


class Bench:
    """People over a scripted profiles service."""

    def __init__(self, answer: Callable[[], httpx.Response] = view) -> None:
        self.requests: list[httpx.Request] = []
        self.last: tuple[int, int] | None = (1, 4)
        self._answer = answer

    async def last_signalled(self, *_: Any) -> tuple[int, int] | None:
        return self.last

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer()

    async def recall(self, known: Session | None = None, *, user_id: str = "ana") -> Profile | None:
        transport = httpx.MockTransport(self.handle)
        async with httpx.AsyncClient(transport=transport, base_url="http://profiles") as client:
            people = People(client, self.last_signalled, timedelta(milliseconds=150))
            return await people.recall(submitted(user_id=user_id), known or session())


async def test_who_opens_a_later_session_is_recalled_with_all_that_was_told() -> None:
    bench = Bench()

    assert await bench.recall() == KNOWN

    [request] = bench.requests
    assert request.url.path == "/internal/users/ana/profile"
    assert request.url.params["domain"] == "shoes"
    assert request.url.params["sequence"] == str(sequence_of(1, 4))
    assert request.headers["x-parley-tenant"] == str(TENANT)
    assert request.headers["x-request-id"] == "request-1"


@pytest.mark.parametrize("known", [session(turn_no=1), replace(session(), session_no=1)])
async def test_nobody_is_asked_within_a_session_or_in_the_first_one(known: Session) -> None:
    bench = Bench()

    assert await bench.recall(known) is None
    assert bench.requests == []


async def test_a_person_who_never_said_anything_is_known_to_be_new() -> None:
    bench = Bench()
    bench.last = None

    assert await bench.recall() == Profile(user_id="ana", domain="shoes")
    assert bench.requests == []


async def test_a_profile_that_lacks_the_last_signals_is_not_used() -> None:
    assert await Bench(lambda: view(complete=False)).recall() is None


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx.Response(404),
        lambda: httpx.Response(503),
        lambda: httpx.Response(200, text="no profile"),
    ],
)
async def test_trouble_with_profiles_is_no_trouble_of_the_conversation(answer: Callable[[], httpx.Response]) -> None:
    assert await Bench(answer).recall() is None


async def test_profiles_that_cannot_be_reached_are_done_without() -> None:
    def refuse() -> httpx.Response:
        raise httpx.ConnectError("refused")

    assert await Bench(refuse).recall() is None


async def test_profiles_that_do_not_answer_in_time_are_done_without() -> None:
    class Silent(Bench):
        async def handle(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            return view()

    async with asyncio.timeout(5):
        assert await Silent().recall() is None


async def test_a_ledger_that_is_down_costs_the_greeting_only() -> None:
    class Down(Bench):
        async def last_signalled(self, *_: Any) -> tuple[int, int] | None:
            raise Unavailable("Postgres")

    assert await Down().recall() is None


@pytest.mark.parametrize("user_id", ["a?b", "a#b", "a/b", "a b", "阿娜", "a%2Fb"])
async def test_a_person_of_any_name_is_asked_for_by_that_name(user_id: str) -> None:
    bench = Bench()

    assert await bench.recall(user_id=user_id) == KNOWN
    assert bench.requests[0].url.path == f"/internal/users/{user_id}/profile"
