"""Embeds by asking any service with an OpenAI-compatible `/embeddings`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import httpx
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from shared.errors import Unavailable
from shared.runtime.embedding.embedder import Vectors, unit

_TRIES: Final = 3
_PAUSE: Final = 0.25
_LONGEST_TEXT: Final = 4000
"""In characters: what most models read at most, whatever the language."""
_LONGEST_VECTOR: Final = 4000
_REFUSED: Final = frozenset({400, 413, 422})
"""Answers to what a text is, not to who asks or how often."""


class EmbeddingEndpoint(BaseModel):
    """An OpenAI-compatible service and an embedding model it has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field(pattern=r"^https?://", description="Up to and including `/v1`.")
    model: str = Field(min_length=1)
    api_key: SecretStr = SecretStr("")
    dimensions: int | None = Field(default=None, ge=1, le=4000, description="Asked for when set.")
    batch: int = Field(default=64, ge=1, le=2048, description="Texts of one request.")
    timeout: timedelta = Field(default=timedelta(seconds=10), description="How long one request may take.")
    patience: timedelta = Field(
        default=timedelta(seconds=20), description="The longest Retry-After that is waited for."
    )
    floor: float = Field(default=0.3, ge=-1, le=1, description="The cosine below which texts have nothing in common.")


class _Row(BaseModel):
    index: int
    embedding: list[float]


class _Answer(BaseModel):
    data: list[_Row]


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why there is no answer, the seconds to wait that the service names, and whether waiting helps."""

    name: str
    pause: float | None = None
    lasting: bool = False


class _RefusedError(Exception):
    """The service does not take these texts."""


class EndpointEmbedder:
    """One model of one service."""

    def __init__(self, endpoint: EmbeddingEndpoint) -> None:
        self._endpoint = endpoint
        key = endpoint.api_key.get_secret_value()
        self._http = httpx.AsyncClient(
            base_url=endpoint.base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=endpoint.timeout.total_seconds(),
        )

    @property
    def id(self) -> str:
        size = self._endpoint.dimensions
        return f"endpoint/{self._endpoint.model}" + (f"/{size}" if size else "")

    @property
    def floor(self) -> float:
        return self._endpoint.floor

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """As the service embeds them; zeros for a text that it refuses. Raises `Unavailable`."""
        size = self._endpoint.batch
        batches = [await self._embed(texts[start : start + size]) for start in range(0, len(texts), size)]
        found = [row for batch in batches for row in batch]
        width = max((len(row) for row in found), default=0)
        if width > _LONGEST_VECTOR or any(len(row) not in (0, width) for row in found):
            raise Unavailable(f"embeddings: {self._endpoint.model} answers with vectors of different or absurd lengths")
        rows = [row or [0.0] * width for row in found]
        return unit(np.array(rows, dtype=np.float64).reshape(len(rows), width))

    async def _embed(self, texts: Sequence[str]) -> list[list[float]]:
        """A row for each text, an empty one where it is refused: halves show which text it is."""
        try:
            return await self._ask(texts)
        except _RefusedError:
            if len(texts) == 1:
                return [[]]
        half = len(texts) // 2
        return await self._embed(texts[:half]) + await self._embed(texts[half:])

    async def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        answer = await self._try(texts)
        for attempt in range(1, _TRIES):
            if not isinstance(answer, _Trouble):
                break
            pause = _PAUSE * 2**attempt if answer.pause is None else answer.pause
            if answer.lasting or pause > self._endpoint.patience.total_seconds():
                break
            await asyncio.sleep(pause)
            answer = await self._try(texts)
        if isinstance(answer, _Trouble):
            raise Unavailable(f"embeddings: {answer.name}")
        return answer

    async def _try(self, texts: Sequence[str]) -> "list[list[float]] | _Trouble":
        try:
            response = await self._http.post("embeddings", json=self._request(texts))
        except httpx.HTTPError as error:
            return _Trouble(type(error).__name__)
        if response.is_success:
            return _rows(response, len(texts))
        if response.status_code in _REFUSED:
            raise _RefusedError
        lasting = response.is_client_error and response.status_code != HTTPStatus.TOO_MANY_REQUESTS
        return _Trouble(str(response.status_code), _retry_after(response), lasting)

    def _request(self, texts: Sequence[str]) -> dict[str, Any]:
        size = self._endpoint.dimensions
        wanted = {} if size is None else {"dimensions": size}
        return {"model": self._endpoint.model, "input": [text[:_LONGEST_TEXT] for text in texts], **wanted}


def _rows(response: httpx.Response, count: int) -> list[list[float]]:
    try:
        rows = sorted(_Answer.model_validate_json(response.content).data, key=lambda row: row.index)
    except ValidationError as error:
        raise Unavailable("embeddings: the answer is none") from error
    if [row.index for row in rows] != list(range(count)):
        raise Unavailable("embeddings: the answer is not whole")
    return [row.embedding for row in rows]


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait, where the service names them, as a number or as a date."""
    value = response.headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
