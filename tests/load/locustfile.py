"""Locust users of the native API: `locust -f tests/load/locustfile.py --host http://127.0.0.1:8000`.

Each opens a session, talks over server-sent events and reads the history now and then. Beside Locust's own entries for
requests there are three of type SSE: `accepted`, `first token` and `whole turn`, in milliseconds from the request. A
turn that breaks a promise of the stream, or does not end well, is a failure.
"""

import random
import time
from argparse import ArgumentParser
from itertools import count
from typing import Any
from uuid import uuid4

from locust import FastHttpUser, events, task
from locust.contrib.fasthttp import FastResponse

from tests.load.response import EventReader
from tests.load.script import DOMAIN, PROMPTS, REPLY
from tests.load.turn import WatchedTurn

TURNS_A_SESSION = 20
TURNS_A_HISTORY = 10
SMALL_TALK = ("Hello", "What can you do for me?", "Can you tell me more about that?", "Thank you, that was helpful")
"""For packs that we know nothing about."""
STREAM = {"Accept": "text/event-stream"}


@events.init_command_line_parser.add_listener
def _options(parser: ArgumentParser) -> None:
    parser.add_argument("--domain", default="", help="Whose agent to talk to; the first that is offered if not named.")
    parser.add_argument("--think", type=float, default=0.0, help="Mean seconds between an answer and the next words.")


class Person(FastHttpUser):
    """Talks to one agent, session after session, each time as somebody new."""

    connection_timeout = 10.0
    network_timeout = 90.0

    def wait_time(self) -> float:
        """People do not wait for each other, so their pauses are exponential."""
        mean = self.environment.parsed_options.think
        return random.expovariate(1 / mean) if mean else 0.0

    def on_start(self) -> None:
        named = self.environment.parsed_options.domain
        self.domain = named or self.client.get("/v1/domains").json()["items"][0]["name"]
        self.begin()

    def begin(self) -> None:
        """Opens a session as somebody new."""
        self.headers = {"X-Parley-User": f"locust-{uuid4()}"}
        opened = self.client.post("/v1/sessions", json={"domain": self.domain}, headers=self.headers)
        self.path = f"/v1/sessions/{opened.json()['session_id']}"
        self.numbers = count(1)

    @task
    def take_turn(self) -> None:
        """Says something, and follows the answer to its end."""
        number = next(self.numbers)
        prompts, reply = (PROMPTS, REPLY) if self.domain == DOMAIN else (SMALL_TALK, None)
        turn = WatchedTurn(reply, time.perf_counter)
        self.say(prompts[number % len(prompts)], turn)
        if number % TURNS_A_HISTORY == 0:
            self.read_history()
        if number >= TURNS_A_SESSION:
            self.begin()

    def say(self, text: str, turn: WatchedTurn) -> None:
        """One turn, as `turn` sees it, and three entries about it."""
        body = {"input": {"type": "text", "text": text}}
        turn.began = time.perf_counter()
        with self.client.post(
            f"{self.path}/turns",
            json=body,
            headers=self.headers | STREAM,
            name="/v1/sessions/{session_id}/turns",
            stream=True,
            catch_response=True,
        ) as response:
            if response.status_code == 200:
                _follow(response, turn)
            turn.finish(response.status_code)
            if turn.violations:
                response.failure("; ".join(turn.violations))
        wrong = RuntimeError(turn.violations[0]) if turn.violations else None
        moments = {"accepted": turn.accepted, "first token": turn.first_token, "whole turn": turn.ended}
        for name, moment in moments.items():
            if moment is not None:
                self.report(name, 1000 * (moment - turn.began), wrong)

    def report(self, name: str, milliseconds: float, wrong: Exception | None) -> None:
        """An entry of Locust's table."""
        facts: dict[str, Any] = {"request_type": "SSE", "name": name, "response_time": milliseconds}
        self.environment.events.request.fire(**facts, response_length=0, exception=wrong, context={})

    def read_history(self) -> None:
        """Reads what was said in this session."""
        url = f"{self.path}/messages?limit=20"
        with self.client.get(
            url, headers=self.headers, name="/v1/sessions/{session_id}/messages", catch_response=True
        ) as response:
            if response.status_code == 200 and not response.json()["items"]:
                response.failure("the history is empty")


def _follow(response: FastResponse, turn: WatchedTurn) -> None:
    """Takes each event as soon as it is there."""
    reader = EventReader()
    while block := response.stream.readline(b"\n\n"):
        for event in reader.feed(bytes(block)):
            turn.take(event)
