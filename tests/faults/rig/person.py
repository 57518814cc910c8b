"""One person talking to whichever gateway answers, who repeats what nobody answered and resumes what was cut."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Literal
from uuid import uuid4

import httpx

from tests.faults.history import Kind, Operation, Recorder
from tests.support.client import TERMINAL, read_events

Style = Literal["stream", "wait", "look"]
"""How the end of a turn is awaited: on its stream, in the response, or by asking now and then."""

PATIENCE_SECONDS: Final = 90.0
"""How long a person goes on trying; what takes longer is left without an end."""
_REFUSED = range(400, 500)
_TIMEOUT = httpx.Timeout(20.0, connect=2.0)
_PAUSE_SECONDS = (0.1, 0.6)


@dataclass(slots=True)
class Ask:
    """A turn to ask for, and what is known of it so far."""

    session: str
    text: str
    style: Style
    key: str
    turn: str | None = None
    ended: bool = False
    cursor: str | None = None
    """The last event seen."""
    stream: str = field(default_factory=lambda: uuid4().hex)
    gives_up_at: float = field(default_factory=lambda: time.monotonic() + PATIENCE_SECONDS)

    @property
    def in_time(self) -> bool:
        """Whether it is worth going on."""
        return time.monotonic() < self.gives_up_at


class Person:
    """Does one thing at a time, and has everything recorded."""

    def __init__(self, name: str, gateways: Sequence[str], recorder: Recorder, random: Random) -> None:
        self.name = name
        self._recorder = recorder
        self._random = random
        self._gateways = [
            httpx.AsyncClient(base_url=url, headers={"X-Parley-User": name}, timeout=_TIMEOUT, trust_env=False)
            for url in gateways
        ]
        self._at = random.randrange(len(gateways))

    async def close(self) -> None:
        """Hang up."""
        for gateway in self._gateways:
            await gateway.aclose()

    async def open(self) -> str | None:
        """A new session; None when no gateway opened it in time."""
        key, gives_up_at = uuid4().hex, time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < gives_up_at:
            with_key = {"Idempotency-Key": key}
            answer = await self._request("open", "POST", "/v1/sessions", with_key, {"domain": "scripted"}, key=key)
            if answer is not None and answer.status_code == httpx.codes.CREATED:
                return str(answer.json()["session_id"])
            await self._pause()
        return None

    async def submit(self, ask: Ask) -> None:
        """Ask until some gateway has accepted it; a turn that is streamed or waited for may have ended then."""
        self._at = self._random.randrange(len(self._gateways))
        while ask.turn is None and ask.in_time:
            await (self._submit_streamed(ask) if ask.style == "stream" else self._submit(ask))
            if ask.turn is None:
                await self._pause()

    async def follow(self, ask: Ask) -> None:
        """Wait for the end of an accepted turn, wherever it can be learnt."""
        while ask.turn is not None and not ask.ended and ask.in_time:
            await (self._resume(ask) if ask.style == "stream" else self._look(ask))
            if not ask.ended:
                await self._pause()

    async def cancel(self, ask: Ask) -> None:
        """Ask for an accepted turn to be stopped, once."""
        place = f"/v1/sessions/{ask.session}/turns/{ask.turn}/cancel"
        await self._request("cancel", "POST", place, {}, None, session=ask.session, turn=ask.turn)

    async def delete(self, session: str) -> None:
        """Delete a session, once."""
        await self._request("delete", "DELETE", f"/v1/sessions/{session}", {}, None, session=session)

    async def _submit(self, ask: Ask) -> None:
        place = _place(ask) + ("?wait=true" if ask.style == "wait" else "")
        answer = await self._request("turn", "POST", place, *_request(ask), **_described(ask))
        if answer is not None and answer.is_success:
            ask.turn = answer.json()["turn_id"]
            ask.ended = answer.json()["status"] != "pending"

    async def _submit_streamed(self, ask: Ask) -> None:
        headers, body = _request(ask)
        operation = self._recorder.invoke(self.name, "turn", user=self.name, **_described(ask))
        answered = False
        try:
            async with self._gateway.stream("POST", _place(ask), headers=headers, json=body) as response:
                answered = True
                if response.is_success:
                    ask.turn = response.headers["content-location"].rpartition("/")[2]
                self._settle(operation, response.status_code, turn=ask.turn)
                if ask.turn is not None:
                    await self._read(ask, response)
        except httpx.TransportError as error:
            if not answered:
                self._recorder.info(operation, detail=type(error).__name__)
            self._elsewhere()

    async def _resume(self, ask: Ask) -> None:
        headers = {} if ask.cursor is None else {"Last-Event-ID": ask.cursor}
        place = f"{_place(ask)}/{ask.turn}/events"
        try:
            async with self._gateway.stream("GET", place, headers=headers) as response:
                if response.status_code == httpx.codes.NO_CONTENT:
                    self._connected(ask, response.status_code)
                    ask.ended = True
                elif response.is_success:
                    await self._read(ask, response)
                else:
                    self._connected(ask, response.status_code)
                    self._elsewhere()
        except httpx.TransportError:
            self._elsewhere()

    async def _read(self, ask: Ask, response: httpx.Response) -> None:
        connection = self._connected(ask, response.status_code)
        async for event in read_events(response):
            self._recorder.received(connection, event_id=event.id, name=event.name, data=event.data)
            ask.cursor, ask.ended = event.id, event.name in TERMINAL
        if not ask.ended:
            self._elsewhere()

    def _connected(self, ask: Ask, status: int) -> Any:
        return self._recorder.connected(
            self.name, stream=ask.stream, turn=str(ask.turn), after=ask.cursor, status=status
        )

    async def _look(self, ask: Ask) -> None:
        place = f"{_place(ask)}/{ask.turn}"
        answer = await self._request("read", "GET", place, {}, None, session=ask.session, turn=ask.turn)
        if answer is not None and answer.is_success:
            ask.ended = answer.json()["status"] != "pending"

    async def _request(
        self, kind: Kind, method: str, place: str, headers: dict[str, str], json: Any, **described: Any
    ) -> httpx.Response | None:
        operation = self._recorder.invoke(self.name, kind, user=self.name, **described)
        try:
            answer = await self._gateway.request(method, place, headers=headers, json=json)
        except httpx.TransportError as error:
            self._recorder.info(operation, detail=type(error).__name__)
            self._elsewhere()
            return None
        told = answer.json() if answer.is_success and answer.content else {}
        more = {name: told[of] for name, of in (("session", "session_id"), ("turn", "turn_id")) if of in told}
        self._settle(operation, answer.status_code, **more)
        return answer

    def _settle(self, operation: Operation, status: int, **more: Any) -> None:
        if httpx.codes.is_success(status):
            self._recorder.ok(operation, status=status, **more)
        elif status in _REFUSED:
            self._recorder.fail(operation, status=status)
            self._elsewhere()
        else:
            self._recorder.info(operation, status=status)
            self._elsewhere()

    @property
    def _gateway(self) -> httpx.AsyncClient:
        return self._gateways[self._at]

    def _elsewhere(self) -> None:
        self._at = (self._at + 1) % len(self._gateways)

    async def _pause(self) -> None:
        await asyncio.sleep(self._random.uniform(*_PAUSE_SECONDS))


def _place(ask: Ask) -> str:
    return f"/v1/sessions/{ask.session}/turns"


def _request(ask: Ask) -> tuple[dict[str, str], dict[str, Any]]:
    headers = {"Idempotency-Key": ask.key} | ({"Accept": "text/event-stream"} if ask.style == "stream" else {})
    return headers, {"input": {"type": "text", "text": ask.text}}


def _described(ask: Ask) -> dict[str, Any]:
    return {"session": ask.session, "key": ask.key, "body": ask.text}
