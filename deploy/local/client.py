"""A small client of the public HTTP API: what `parley chat` and `parley demo` speak through."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from deploy.local.errors import StackError

# A stream is silent for 15 s at most: then comes a heartbeat.
TIMEOUT = httpx.Timeout(10, read=40)
ATTEMPTS = 5
TERMINAL = frozenset({"completed", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One server-sent event."""

    name: str
    id: str | None
    data: dict[str, Any]


class ParleyClient:
    """Speaks for one user; use it as a context manager."""

    def __init__(self, address: str, user: str) -> None:
        self._user = user
        self._http = httpx.Client(base_url=address, headers={"X-Parley-User": user}, timeout=TIMEOUT, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._http.close()

    def domains(self) -> list[dict[str, Any]]:
        """The packs that are installed."""
        items: list[dict[str, Any]] = self._json("GET", "/v1/domains")["items"]
        return items

    def open_session(self, domain: str) -> str:
        """Opens a session with a domain's agent: its id."""
        return str(self._json("POST", "/v1/sessions", json={"domain": domain})["session_id"])

    def messages(self, session_id: str) -> list[dict[str, Any]]:
        """What was said in a session, in order."""
        items: list[dict[str, Any]] = self._json("GET", f"/v1/sessions/{session_id}/messages")["items"]
        return items

    def turns_learned(self, domain: str) -> int:
        """How many turns the user's profile knows of; 0 of somebody unknown."""
        response = self._http.get(f"/v1/users/{self._user}/profile", params={"domain": domain})
        return int(response.json()["profile"]["turns"]) if response.is_success else 0

    def profile(self, domain: str) -> dict[str, Any]:
        """What is known of the user in one domain."""
        return self._json("GET", f"/v1/users/{self._user}/profile", params={"domain": domain})

    def say(self, session_id: str, text: str) -> Iterator[StreamEvent]:
        """Submits a turn and yields its events to the last; resumes where a connection broke."""
        turns = f"/v1/sessions/{session_id}/turns"
        key = str(uuid4())
        turn_id: str | None = None
        last_id: str | None = None
        for attempt in range(ATTEMPTS):
            time.sleep(attempt)
            if turn_id is None:
                answer = self._submission(turns, text, key)
            else:
                headers = {} if last_id is None else {"Last-Event-ID": last_id}
                answer = self._http.stream("GET", f"{turns}/{turn_id}/events", headers=headers)
            try:
                for event in _events(answer):
                    turn_id = event.data.get("turn_id", turn_id)
                    last_id = event.id or last_id
                    yield event
                    if event.name in TERMINAL:
                        return
            except httpx.TransportError:
                continue
        raise StackError("The reply stopped coming and could not be resumed: see `parley status`.")

    def _submission(self, turns: str, text: str, key: str) -> AbstractContextManager[httpx.Response]:
        return self._http.stream(
            "POST",
            turns,
            json={"input": {"type": "text", "text": text}},
            # The same key at every attempt: however often it arrives, it is one turn.
            headers={"Accept": "text/event-stream", "Idempotency-Key": f'"{key}"'},
        )

    def _json(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, **request)
        except httpx.TransportError as failure:
            raise StackError(
                f"Parley does not answer at {self._http.base_url} ({failure}): start it with `parley up`."
            ) from failure
        _refuse_problem(response)
        body: dict[str, Any] = response.json()
        return body


def _events(answer: AbstractContextManager[httpx.Response]) -> Iterator[StreamEvent]:
    with answer as response:
        if response.is_error:
            response.read()
        _refuse_problem(response)
        yield from parse_events(response.iter_lines())


def parse_events(lines: Iterable[str]) -> Iterator[StreamEvent]:
    """The events of a server-sent stream with one line of JSON each."""
    fields: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith(":"):
            name, _colon, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif not line and "data" in fields:
            yield StreamEvent(fields.get("event", "message"), fields.get("id"), json.loads(fields["data"]))
            fields = {}


def _refuse_problem(response: httpx.Response) -> None:
    if not response.is_error:
        return
    try:
        problem = response.json()
        said = problem.get("detail") or problem["title"]
    except (ValueError, KeyError, AttributeError):
        said = response.reason_phrase
    raise StackError(f"The gateway refuses ({response.status_code}): {said}")
