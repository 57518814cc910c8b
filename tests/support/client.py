"""A client of the public API, as a product team would write it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

import httpx

TERMINAL = frozenset({"completed", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event."""

    name: str
    id: str
    data: dict[str, Any]

    @property
    def place(self) -> tuple[int, int]:
        """The id as numbers, for comparing."""
        attempt, number = self.id.split("-")
        return int(attempt), int(number)


class Client:
    """One user of one gateway."""

    def __init__(self, url: str, user: str | None = None) -> None:
        self.user = user or f"user-{uuid4().hex[:12]}"
        self.http = httpx.AsyncClient(
            base_url=url, headers={"X-Parley-User": self.user}, timeout=httpx.Timeout(40), trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def open(self, domain: str) -> str:
        """Open a session."""
        response = await self.http.post("/v1/sessions", json={"domain": domain})
        assert response.status_code == 201, response.text
        return str(response.json()["session_id"])

    async def post(self, session: str, text: str, *, key: str | None = None, **params: str) -> httpx.Response:
        """Submit a turn without streaming."""
        headers = {} if key is None else {"Idempotency-Key": key}
        body = {"input": {"type": "text", "text": text}}
        return await self.http.post(f"/v1/sessions/{session}/turns", json=body, headers=headers, params=params)

    async def ask(self, session: str, text: str) -> dict[str, Any]:
        """Submit a turn and wait for how it ended."""
        response = await self.post(session, text, wait="true")
        assert response.status_code == 200, response.text
        ended: dict[str, Any] = response.json()
        return ended

    @asynccontextmanager
    async def stream(self, session: str, text: str, *, key: str | None = None) -> AsyncIterator[AsyncIterator[Event]]:
        """Submit a turn and read its events as they come."""
        headers = {"Accept": "text/event-stream"} | ({} if key is None else {"Idempotency-Key": key})
        body = {"input": {"type": "text", "text": text}}
        url = f"/v1/sessions/{session}/turns"
        async with self.http.stream("POST", url, json=body, headers=headers) as response:
            assert response.status_code == 200, await response.aread()
            yield read_events(response)

    async def resume(self, session: str, turn: str, after: str | None = None) -> list[Event]:
        """The rest of a turn's events; empty when nothing is left."""
        headers = {} if after is None else {"Last-Event-ID": after}
        async with self.http.stream("GET", f"/v1/sessions/{session}/turns/{turn}/events", headers=headers) as response:
            if response.status_code == httpx.codes.NO_CONTENT:
                return []
            assert response.status_code == 200, await response.aread()
            return [event async for event in read_events(response)]

    async def get(self, path: str, **params: str) -> dict[str, Any]:
        """Read something that must be there."""
        response = await self.http.get(path, params=params)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body


async def read_events(response: httpx.Response) -> AsyncIterator[Event]:
    """The server-sent events of a response, as they come."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if not line and "data" in fields:
            yield Event(fields["event"], fields["id"], json.loads(fields["data"]))
            fields = {}
        elif line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


def text_of(events: list[Event]) -> str:
    """The answer assembled from its pieces."""
    text = ""
    for event in events:
        if event.name in {"reset", "snapshot"}:
            text = event.data.get("text", "")
        elif event.name == "delta":
            text += event.data["text"]
    return text
