"""An embedding service, scripted, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import orjson
import pytest
from fastapi import FastAPI, Request, Response
from pydantic import SecretStr

from shared.errors import Unavailable
from shared.runtime.embedding.endpoint import EmbeddingEndpoint, EndpointEmbedder
from tests.support.http_server import served

Answer = Callable[[Sequence[str]], Response]


def vectors(texts: Sequence[str]) -> Response:
    """A vector that tells the text's length, in an order of the service's own."""
    rows = [{"object": "embedding", "index": at, "embedding": [len(text), 1.0]} for at, text in enumerate(texts)]
    return _json({"object": "list", "data": rows[::-1], "model": "m", "usage": {"prompt_tokens": 1}})


def refusing(word: str) -> Answer:
    """Refuses a request with this word in any text."""
    return lambda texts: _json({"error": "too long"}, 400) if any(word in each for each in texts) else vectors(texts)


def _json(body: Any, status: int = 200, **headers: str) -> Response:
    return Response(orjson.dumps(body), status, headers, "application/json")


@dataclass
class Service:
    """Answers each request by the next of the answers, then with vectors."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    otherwise: Answer = vectors

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/embeddings")
        async def embeddings(request: Request) -> Response:
            body = await request.json()
            self.requests.append(body)
            self.keys.append(request.headers.get("authorization"))
            answer = self.answers.pop(0) if self.answers else self.otherwise
            return answer(body["input"])

        @app.post("/silent/embeddings")
        async def silent() -> None:
            await asyncio.sleep(30)

        return app

    async def embed(self, *texts: str, path: str = "/v1", **settings: Any) -> np.ndarray[Any, Any]:
        embedder = EndpointEmbedder(EmbeddingEndpoint(base_url=self.url + path, model="m", **settings))
        try:
            return await embedder.embed(texts)
        finally:
            await embedder.close()


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    service = Service()
    async with served(service.app()) as url:
        service.url = url
        yield service


async def test_rows_come_in_the_order_of_the_texts_at_unit_length(service: Service) -> None:
    rows = await service.embed("abc", "", "a", api_key=SecretStr("key"))

    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1])
    assert (rows[:, 0] / rows[:, 1]).tolist() == pytest.approx([3, 0, 1])
    assert service.requests == [{"model": "m", "input": ["abc", "", "a"]}]
    assert service.keys == ["Bearer key"]


async def test_many_texts_go_in_batches_and_long_ones_are_cut(service: Service) -> None:
    rows = await service.embed("a", "b", "c" * 9000, batch=2, dimensions=2)

    assert rows.shape == (3, 2)
    assert [len(each["input"]) for each in service.requests] == [2, 1]
    assert service.requests[1]["dimensions"] == 2
    assert len(service.requests[1]["input"][0]) == 4000


@pytest.mark.parametrize(
    "trouble", [_json({}, 503), _json({}, 429, **{"retry-after": "0.2"}), _json({}, 429, **{"retry-after": "soon"})]
)
async def test_passing_trouble_is_waited_out(service: Service, trouble: Response) -> None:
    service.answers = [lambda _: trouble]

    assert (await service.embed("a")).shape == (1, 2)
    assert len(service.requests) == 2


async def test_the_pause_that_the_service_names_is_kept(service: Service) -> None:
    service.answers = [lambda _: _json({}, 429, **{"retry-after": "0.8"})]
    began = asyncio.get_running_loop().time()

    await service.embed("a")

    assert asyncio.get_running_loop().time() - began >= 0.8


@pytest.mark.parametrize(
    "trouble",
    [
        _json({}, 401),
        _json({}, 404),
        _json({}, 429, **{"retry-after": "120"}),
        _json({}, 503, **{"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}),
        _json({"data": "none"}),
        _json({"data": []}),
        _json({"data": [{"index": 1, "embedding": [1.0]}]}),
        Response("<html>"),
    ],
)
async def test_trouble_that_waiting_does_not_help_is_told_at_once(service: Service, trouble: Response) -> None:
    service.otherwise = lambda _: trouble

    with pytest.raises(Unavailable):
        await service.embed("a")

    assert len(service.requests) == 1


async def test_a_service_that_stays_away_is_given_up_after_three_tries(service: Service) -> None:
    service.otherwise = lambda _: _json({}, 500)

    with pytest.raises(Unavailable, match="500"):
        await service.embed("a")

    assert len(service.requests) == 3


async def test_a_service_that_is_silent_or_gone_is_unavailable(service: Service) -> None:
    with pytest.raises(Unavailable, match="ReadTimeout"):
        await service.embed("a", path="/silent", timeout=timedelta(milliseconds=50))
    service.url = "http://127.0.0.1:1"
    with pytest.raises(Unavailable, match="ConnectError"):
        await service.embed("a")


async def test_a_text_that_is_refused_does_not_cost_the_others_their_vectors(service: Service) -> None:
    service.otherwise = refusing("poison")

    rows = await service.embed("a", "poison", "abc", "abcd")

    assert np.any(rows, axis=1).tolist() == [True, False, True, True]


async def test_vectors_that_are_no_numbers_or_of_different_lengths_are_not_kept(service: Service) -> None:
    ragged = {"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]}
    service.answers = [lambda _: _json(ragged), lambda _: Response('{"data": [{"index": 0, "embedding": [NaN, 1]}]}')]

    with pytest.raises(Unavailable, match="lengths"):
        await service.embed("a", "b")
    assert not np.any(await service.embed("a"))
