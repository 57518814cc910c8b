"""What is done about webhooks, with tables in memory."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from services.gateway.acceptance import AcceptedTurn, NewTurn
from services.gateway.store import Arrival, Arrived, Found, News, Outgoing
from services.gateway.whatsapp.incoming import Heard, Notification
from services.gateway.whatsapp.metrics import WhatsAppMetrics
from services.gateway.whatsapp.receiving import Desk, Receiver
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.turns import Text
from shared.runtime.http import Problem
from tests.support import whatsapp

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANA, BEN = "919800000001", "919800000002"


@dataclass
class Town:
    """All that a receiver works with; `trouble` is raised once for a turn with these words."""

    trouble: dict[str, Exception] = field(default_factory=dict)
    turns: list[NewTurn] = field(default_factory=list)
    noted: dict[TurnId, SessionId] = field(default_factory=dict)
    done: set[TurnId] = field(default_factory=set)
    outgoing: list[Outgoing] = field(default_factory=list)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    async def arrive(self, arrival: Arrival, *, idle: timedelta) -> Arrived:
        session_id = self.noted.setdefault(arrival.turn_id, arrival.new_session_id)
        return Arrived(session_id, arrival.turn_id in self.done)

    async def move(self, arrival: Arrival, *, gone: SessionId, to: SessionId) -> None:
        assert self.noted[arrival.turn_id] == gone
        self.noted[arrival.turn_id] = to

    async def accepted(self, tenant_id: TenantId, turn_id: TurnId, at: datetime) -> None:
        self.done.add(turn_id)

    async def add(self, tenant_id: TenantId, outgoing: Sequence[Outgoing], now: datetime) -> int:
        self.outgoing.extend(outgoing)
        return len(outgoing)

    async def learn(self, news: News) -> Found | None:
        return None

    async def accept(self, turn: NewTurn) -> AcceptedTurn:
        await asyncio.sleep(0)
        assert isinstance(turn.input, Text)
        if (trouble := self.trouble.pop(turn.input.text, None)) is not None:
            raise trouble
        self.turns.append(turn)
        return AcceptedTurn(is_new=True)

    @property
    def said(self) -> list[str]:
        return [turn.input.text for turn in self.turns if isinstance(turn.input, Text)]

    def count(self, kind: str) -> float:
        return self.registry.get_sample_value("parley_whatsapp_webhook_items_total", {"kind": kind}) or 0.0

    def receiver(self) -> Receiver:
        desk = Desk(
            contacts=self,
            deliveries=self,
            acceptance=self,
            metrics=WhatsAppMetrics(self.registry),
            clock=lambda: NOW,
            wake=lambda: None,
        )
        return Receiver(whatsapp.settings("http://graph.example"), desk)


def heard(words: str | None, *, phone: str = ANA, ago: float = 0, **changes: Any) -> Heard:
    given: dict[str, Any] = {
        "number_id": whatsapp.NUMBER,
        "message_id": f"wamid.{phone}.{words}",
        "phone": phone,
        "sent_at": NOW - timedelta(seconds=ago),
        "words": words,
    }
    return Heard(**given | changes)


async def receive(receiver: Receiver, *messages: Heard) -> None:
    await receiver.receive(Notification(messages), "request-1")


async def test_messages_are_taken_in_the_order_of_their_sending() -> None:
    town = Town()
    await receive(town.receiver(), heard("second", ago=5), heard("first", ago=9), heard("third", ago=1))

    assert town.said == ["first", "second", "third"]
    assert {turn.opens for turn in town.turns} == {True}


async def test_messages_of_one_person_in_two_webhooks_do_not_overtake_each_other() -> None:
    town, several = Town(), [heard(f"{number}") for number in range(5)]
    receiver = town.receiver()
    await asyncio.gather(receive(receiver, *several), receive(receiver, heard("later")))

    assert town.said == ["0", "1", "2", "3", "4", "later"]


async def test_turn_that_is_not_acknowledged_is_taken_when_the_webhook_comes_again() -> None:
    unknown = Problem(503, "not_acknowledged", "Whether this was accepted is unknown.")
    town = Town(trouble={"lost": unknown})
    receiver, webhook = town.receiver(), (heard("before", ago=3), heard("lost", ago=2), heard("after", ago=1))
    others = heard("other", phone=BEN)
    with pytest.raises(Problem, match="unknown"):
        await receive(receiver, *webhook, others)
    assert sorted(town.said) == ["before", "other"]
    await receive(receiver, *webhook, others)

    assert sorted(town.said) == ["after", "before", "lost", "other"]
    assert town.said.index("lost") < town.said.index("after")
    assert town.count("repeated") == 2


async def test_message_to_a_deleted_session_begins_another() -> None:
    town = Town(trouble={"hello": Problem(404, "session_not_found", "There is no such session.")})
    await receive(town.receiver(), heard("hello"))

    (turn,) = town.turns
    assert town.noted[turn.id] == turn.session.session_id


async def test_message_of_the_same_id_is_the_same_turn_in_any_session() -> None:
    first, second = Town(), Town(trouble={"hello": Problem(404, "session_not_found", "There is no such session.")})
    for town in (first, second):
        await receive(town.receiver(), heard("hello"))

    assert first.turns[0].submission == second.turns[0].submission
    assert first.turns[0].session.session_id != second.turns[0].session.session_id


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (heard("late", ago=86_400), "ignored_too_old"),
        (heard("elsewhere", number_id="1"), "ignored_unknown_number"),
    ],
)
async def test_what_cannot_be_answered_is_ignored(message: Heard, kind: str) -> None:
    town = Town()
    await receive(town.receiver(), message)

    assert (town.said, town.noted, town.count(kind)) == ([], {}, 1)


async def test_message_from_the_future_is_one_of_now() -> None:
    town = Town()
    await receive(town.receiver(), heard("soon", ago=-600))

    assert town.turns[0].session.created_at == NOW


async def test_pictures_of_one_minute_share_an_answer() -> None:
    town, album = Town(), [heard(None, message_id=f"wamid.{number}", ago=number) for number in (10, 20, 70)]
    await receive(town.receiver(), *album)

    assert town.said == []
    assert len({each.delivery_id for each in town.outgoing}) == 2
    assert town.count("without_words") == 3
