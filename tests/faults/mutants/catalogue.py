"""The planted faults: each breaks one thing in the process that calls it, before its service starts."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha1
from typing import Any, Final
from uuid import uuid4

from services.agent import turn as agent_turn
from services.agent.session import Ending, Loaded
from services.agent.store import frames, statements
from services.agent.turn import Agent
from services.gateway.assembly import Assembly, Offered
from services.gateway.sse import StreamEvent
from shared.errors import Unavailable
from shared.events.envelope import ID_HEADER, Envelope
from shared.events.signals import SignalsObserved
from shared.events.turns import TurnSubmitted
from shared.runtime.failpoints import failpoint
from shared.runtime.kafka import subscriber
from shared.runtime.kafka.offsets import Tracker


def consume_without_dedupe() -> None:
    """Every delivery of signals is another event to its consumer."""
    read = SignalsObserved.model_validate_json

    def read_anew(value: bytes) -> SignalsObserved:
        return read(value).model_copy(update={"event_id": uuid4()})

    _patch(SignalsObserved, "model_validate_json", read_anew)


def lose_signals_between_publishes() -> None:
    """The agent publishes the ending, then the rest; a redelivery is about the ending alone."""

    async def settle(ending: Ending, agent: Agent) -> None:
        await agent.ledger.commit(ending)
        with suppress(Unavailable):
            await agent.marks.ended(ending.tenant_id, ending.session_id, ending.turn_id, ending.turn_no)
        await agent.publish(ending.envelopes[:1])
        await failpoint("agent.after_publish")
        await agent.publish(ending.envelopes[1:])

    _patch(agent_turn, "_settle", settle)
    _publish_again_as(lambda envelopes: envelopes[:1])


def publish_under_a_new_id() -> None:
    """A redelivered turn's ending is published as another event."""

    def renamed(envelopes: tuple[Envelope, ...]) -> tuple[Envelope, ...]:
        old, new = str(envelopes[0].header(ID_HEADER)).encode(), str(uuid4()).encode()
        headers = tuple((name, new if name == ID_HEADER else value) for name, value in envelopes[0].headers)
        return (replace(envelopes[0], headers=headers, value=envelopes[0].value.replace(old, new)), *envelopes[1:])

    _publish_again_as(renamed)


def accept_tokens_of_a_zombie() -> None:
    """An attempt that was overtaken writes on, as if it were the latest."""
    fence = "elseif latest > attempt then\n    return 0"
    assert fence in frames._APPEND
    script = frames._APPEND.replace(fence, "elseif latest > attempt then\n    attempt = latest + 1")
    _patch(frames, "_APPEND", script)
    _patch(frames, "_APPEND_SHA", sha1(script.encode(), usedforsecurity=False).hexdigest())


def commit_before_processing() -> None:
    """A record counts as finished when it is read."""
    track, finish = Tracker.track, Tracker.finish

    def track_as_finished(self: Tracker, offset: int) -> bool:
        fresh = track(self, offset)
        if fresh:
            finish(self, offset)
        return fresh

    _patch(Tracker, "track", track_as_finished)
    _patch(Tracker, "finish", lambda self, offset: None)


def commit_past_unfinished_work() -> None:
    """A finished record counts for all before it."""

    def finish_all_before(self: Tracker, offset: int) -> None:
        while self._order and self._order[0] <= offset:
            self._order.popleft()

    _patch(Tracker, "finish", finish_all_before)


def drop_the_fence() -> None:
    """Whoever commits last wins."""
    guard, insert = " and s.turn_no = given.turn_no - 1", "returning turn_id\n"
    overwrite = "on conflict (tenant_id, session_id, turn_id) do update set envelopes = excluded.envelopes\n"
    _patch(statements, "COMMIT", _changed(_changed(statements.COMMIT, guard, ""), insert, overwrite + insert))


def splice_without_reset() -> None:
    """The gateway keeps to itself that another attempt began."""
    offer = Assembly.offer

    def offer_unannounced(self: Assembly, given: Iterable[StreamEvent]) -> Offered:
        offered = offer(self, given)
        return replace(offered, events=tuple(event for event in offered.events if event.name != "reset"))

    _patch(Assembly, "offer", offer_unannounced)


def shorten_sessions() -> None:
    """No fault: a group misses a member as soon as the broker allows, which saves time."""
    _patch(subscriber, "SESSION", timedelta(seconds=6))


MUTATIONS: Final[Mapping[str, Callable[[], None]]] = {
    "consumer-without-dedupe": consume_without_dedupe,
    "signals-lost-between-publishes": lose_signals_between_publishes,
    "zombie-tokens-accepted": accept_tokens_of_a_zombie,
    "committed-before-processing": commit_before_processing,
    "no-fence": drop_the_fence,
    "committed-past-unfinished-work": commit_past_unfinished_work,
    "splice-without-reset": splice_without_reset,
    "reply-under-a-new-id": publish_under_a_new_id,
}


def _publish_again_as(change: Callable[[tuple[Envelope, ...]], tuple[Envelope, ...]]) -> None:
    async def publish_again(turn: TurnSubmitted, known: Loaded, agent: Agent) -> None:
        if known.ended is not None and known.ended.envelopes:
            await agent.publish(change(known.ended.envelopes))

    _patch(agent_turn, "_publish_again", publish_again)


def _changed(text: str, part: str, instead: str) -> str:
    if text.count(part) != 1:
        raise LookupError(f"{part!r} is not there once: the mutant has to follow what it mutates")
    return text.replace(part, instead)


def _patch(owner: Any, name: str, mutated: object) -> None:
    getattr(owner, name)
    setattr(owner, name, mutated)
