"""What is done about a webhook: every message becomes one turn, and news settles deliveries."""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid5
from weakref import WeakValueDictionary

from services.gateway.acceptance import AcceptedTurn, NewTurn
from services.gateway.idempotency import Submission
from services.gateway.principal import Principal
from services.gateway.store import Arrival, Arrived, Found, KnownSession, News, Outgoing
from services.gateway.whatsapp.incoming import Heard, Notification, Report
from services.gateway.whatsapp.metrics import WhatsAppMetrics
from services.gateway.whatsapp.outgoing import answer_to_wordless
from services.gateway.whatsapp.pseudonyms import user_of
from services.gateway.whatsapp.settings import BusinessNumber, WhatsAppSettings
from shared.events.ids import SessionId, TenantId, TurnId
from shared.events.turns import Text
from shared.runtime.http import Problem


class Contacts(Protocol):
    """Where it is noted who writes and which session that goes to."""

    async def arrive(self, arrival: Arrival, *, idle: timedelta) -> Arrived: ...

    async def move(self, arrival: Arrival, *, gone: SessionId, to: SessionId) -> None: ...

    async def accepted(self, tenant_id: TenantId, turn_id: TurnId, at: datetime) -> None: ...


class Deliveries(Protocol):
    """Where deliveries are noted."""

    async def add(self, tenant_id: TenantId, outgoing: Sequence[Outgoing], now: datetime) -> int: ...

    async def learn(self, news: News) -> Found | None: ...


class Acceptance(Protocol):
    """The way in for turns."""

    async def accept(self, turn: NewTurn) -> AcceptedTurn: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a receiver works with; `wake` says that there may be something to send."""

    contacts: Contacts
    deliveries: Deliveries
    acceptance: Acceptance
    metrics: WhatsAppMetrics
    clock: Callable[[], datetime]
    wake: Callable[[], None]


class Receiver:
    """Takes what webhooks say. Whatever raises was not taken: WhatsApp sends the webhook again."""

    def __init__(self, settings: WhatsAppSettings, desk: Desk) -> None:
        self._settings = settings
        self._desk = desk
        self._numbers: Mapping[str, BusinessNumber] = {each.phone_number_id: each for each in settings.numbers}
        self._lanes: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def receive(self, said: Notification, request_id: str) -> None:
        """Return once Kafka has every turn and the tables all news.

        Raises problems: 429 no room, 503 not acknowledged; `Unavailable` without Postgres. What did not fail is kept.
        """
        for kind, count in said.ignored.items():
            self._count(f"ignored_{kind}", count)
        people: defaultdict[tuple[str, str], list[Heard]] = defaultdict(list)
        for message in said.heard:
            people[message.number_id, message.phone].append(message)
        work: list[Coroutine[Any, Any, None]] = [
            self._hear_in_order(person, messages, request_id) for person, messages in people.items()
        ]
        outcomes = await asyncio.gather(*work, self._learn_all(said.reports), return_exceptions=True)
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def _hear_in_order(self, person: tuple[str, str], messages: Sequence[Heard], request_id: str) -> None:
        """One person's messages, in the order of their sending, also while another request brings more of them."""
        async with self._lanes.setdefault(person, asyncio.Lock()):
            for message in sorted(messages, key=lambda each: each.sent_at):
                self._count(await self._hear(message, request_id))

    async def _hear(self, message: Heard, request_id: str) -> str:
        """Take a message; what was made of it."""
        number, now = self._numbers.get(message.number_id), self._desk.clock()
        if number is None:
            return "ignored_unknown_number"
        if now - message.sent_at >= self._settings.window:
            # It was under way for so long that no answer can be sent any more.
            return "ignored_too_old"
        arrival = self._arrival(message, number, now)
        arrived = await self._desk.contacts.arrive(arrival, idle=self._settings.session_idle)
        if arrived.is_accepted:
            return "repeated"
        if message.words is None:
            await self._apologise(arrival, now)
        else:
            await self._submit(arrival, arrived.session_id, message.words, number.domain, request_id)
        await self._desk.contacts.accepted(arrival.tenant_id, arrival.turn_id, now)
        return "without_words" if message.words is None else "accepted"

    def _arrival(self, message: Heard, number: BusinessNumber, now: datetime) -> Arrival:
        turn_id = TurnId(uuid5(number.tenant_id, f"whatsapp\n{message.number_id}\n{message.message_id}"))
        return Arrival(
            tenant_id=number.tenant_id,
            turn_id=turn_id,
            user_id=user_of(number.tenant_id, message.phone, self._settings.secret_key),
            number_id=message.number_id,
            phone=message.phone,
            new_session_id=_session_begun_by(turn_id),
            sent_at=min(message.sent_at, now),
        )

    async def _submit(self, arrival: Arrival, session_id: SessionId, words: str, domain: str, request_id: str) -> None:
        turn = _turn(arrival, session_id, words, domain, request_id)
        try:
            await self._desk.acceptance.accept(turn)
        except Problem as problem:
            if problem.status != 404:
                raise
            another = _session_begun_by(arrival.turn_id, after=session_id)
            await self._desk.contacts.move(arrival, gone=session_id, to=another)
            await self._desk.acceptance.accept(_turn(arrival, another, words, domain, request_id))

    async def _apologise(self, arrival: Arrival, now: datetime) -> None:
        # An album arrives as many messages: its sender is told once a minute.
        minute = f"wordless {arrival.user_id} {arrival.number_id} {arrival.sent_at:%Y-%m-%dT%H:%M}"
        outgoing = Outgoing(arrival.tenant_id, uuid5(arrival.tenant_id, minute), arrival.turn_id, answer_to_wordless())
        if await self._desk.deliveries.add(arrival.tenant_id, [outgoing], now):
            self._desk.wake()

    async def _learn_all(self, reports: Sequence[Report]) -> None:
        for report in reports:
            self._count(await self._learn(report))
        if reports:
            self._desk.wake()

    async def _learn(self, report: Report) -> str:
        number = self._numbers.get(report.number_id)
        if number is None:
            return "ignored_unknown_number"
        news = News(
            tenant_id=number.tenant_id,
            state=report.state,
            at=report.at,
            delivery_id=report.delivery_id,
            message_id=report.message_id,
            reason=report.reason,
        )
        found = await self._desk.deliveries.learn(news)
        if found is None:
            return "ignored_news_of_others"
        if found.is_copy and report.state == "delivered":
            self._desk.metrics.copies.inc()
        return "news"

    def _count(self, kind: str, count: int = 1) -> None:
        self._desk.metrics.webhooks.labels(kind).inc(count)


def _session_begun_by(turn_id: TurnId, after: UUID | None = None) -> SessionId:
    return SessionId(uuid5(turn_id, "session" if after is None else f"session after {after}"))


def _turn(arrival: Arrival, session_id: SessionId, words: str, domain: str, request_id: str) -> NewTurn:
    """The turn of a message; it opens its session if nobody has."""
    return NewTurn(
        caller=Principal(arrival.tenant_id, arrival.user_id, request_id),
        session=KnownSession(session_id=session_id, user_id=arrival.user_id, domain=domain, created_at=arrival.sent_at),
        submission=Submission(arrival.turn_id, hashlib.sha256(arrival.turn_id.bytes).hexdigest()),
        input=Text(text=words),
        opens=True,
    )
