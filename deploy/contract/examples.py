"""An example of every event: one short story, told by valid models."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from types import NoneType
from typing import Any, get_args
from uuid import UUID, uuid5

from pydantic import AwareDatetime

from shared.events.base import Event
from shared.events.ids import OPEN_TENANT, EventId, SessionId, TurnId, event_of
from shared.events.outcomes import Outcome
from shared.events.privacy import ErasureCompleted, ErasureRequested
from shared.events.profiles import Factor, LeadBecameHot, ProfileScored, Score
from shared.events.replies import (
    DataPart,
    Entity,
    Reply,
    StreamEnd,
    TurnCancelled,
    TurnCompleted,
    TurnFailed,
    Understood,
)
from shared.events.signals import Signal, SignalsObserved
from shared.events.turns import SessionDeleted, SessionOpened, Text, TurnCancelRequested, TurnSubmitted

_ASKED_AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_ANSWERED_AT = _ASKED_AT + timedelta(milliseconds=7)
_SESSION = SessionId(UUID("0195e3a0-0000-7000-8000-000000000001"))
_TURN = TurnId(UUID("0195e3a0-0000-7000-8000-000000000002"))
_USER = "ana"
_DOMAIN = "property"
_ASKED = Text(text="Show me 2BHK in Whitefield under 1.2 Cr")
_STREAM = StreamEnd(attempt=int(_ANSWERED_AT.timestamp() * 1000), frames=2)


def _identity(role: str, at: datetime) -> dict[str, Any]:
    return {
        "event_id": event_of(_TURN, role),
        "occurred_at": at,
        "tenant_id": OPEN_TENANT,
        "request_id": "0195e3a0-0000-7000-8000-000000000003",
        "user_id": _USER,
    }


_ASKING = _identity("asked", _ASKED_AT) | {"session_id": _SESSION}
_ANSWERING = _identity("ending", _ANSWERED_AT) | {"session_id": _SESSION, "turn_id": _TURN, "domain": _DOMAIN}
_ENDING = _ANSWERING | {"session_no": 1, "turn_no": 1, "submitted_at": _ASKED_AT, "input": _ASKED, "stream": _STREAM}
_LEARNING = _identity("scored", _ANSWERED_AT)

_MONEY = Entity(kind="money", value={"amount": 12_000_000, "currency": "INR"}, text="1.2 Cr", start=33, end=39)
_BEDROOMS = Entity(kind="bedrooms", value=2, text="2BHK", start=8, end=12)
_SEARCHED = Understood(intent="search", confidence=0.97, entities=(_BEDROOMS, _MONEY), language="en")
_FOUND = Reply(
    text="Two homes in Whitefield fit. The first is Brigade Citrine.",
    language="en",
    data=(DataPart(kind="listings", value=[{"id": "brigade-citrine", "bedrooms": 2}]),),
)
_ENGAGEMENT = Score(
    value=1.5,
    factors=(
        Factor(name="sessions", value=0.5, maximum=3, because="1 session / 2"),
        Factor(name="sentiment", value=1.0, maximum=2, because="mean sentiment 0.0 + 1"),
    ),
)
_INTENT = Score(value=3, factors=(Factor(name="site_visits", value=3, maximum=3, because="1 site visit"),))

_EXAMPLES: Mapping[type[Event], Event] = {
    type(event): event
    for event in (
        SessionOpened(**_ASKING, domain=_DOMAIN),
        TurnSubmitted(
            **_ASKING,
            turn_id=_TURN,
            domain=_DOMAIN,
            input=_ASKED,
            body_hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            expires_at=_ASKED_AT + timedelta(minutes=10),
            inbox="gateway-1",
            language="en",
        ),
        TurnCancelRequested(**_ASKING, turn_id=_TURN),
        SessionDeleted(**_ASKING),
        TurnCompleted(**_ENDING, understood=_SEARCHED, reply=_FOUND),
        TurnFailed(**_ENDING, reason="expired", message="This message waited too long to be answered."),
        TurnCancelled(**_ENDING),
        SignalsObserved(
            **_identity("signals", _ANSWERED_AT),
            session_id=_SESSION,
            turn_id=_TURN,
            domain=_DOMAIN,
            session_no=1,
            turn_no=1,
            signals=(
                Signal(kind="intent", name="search", value=0.97),
                Signal(kind="preference", name="bedrooms", value=2),
                Signal(kind="view", name="brigade-citrine"),
            ),
        ),
        ProfileScored(
            **_LEARNING, domain=_DOMAIN, version=1, engagement=_ENGAGEMENT, intent=_INTENT, temperature="cold"
        ),
        LeadBecameHot(**_LEARNING, domain=_DOMAIN, version=12, total=15.5),
        ErasureRequested(**_identity("erasure", _ASKED_AT)),
        ErasureCompleted(
            **_identity("erased", _ANSWERED_AT),
            service="memory",
            removed={"messages": 14, "sessions": 2},
            log_empty_at=_ANSWERED_AT + timedelta(days=9),
            erasure_id=event_of(_TURN, "erasure"),
            erased_at=_ANSWERED_AT,
        ),
    )
}

_SAMPLES: Mapping[Any, Callable[[str], object]] = {
    UUID: lambda name: uuid5(_TURN, name),
    AwareDatetime: lambda _: _ASKED_AT + timedelta(days=2),
    date: lambda _: (_ASKED_AT + timedelta(days=30)).date(),
    str: lambda name: name.removesuffix("_id").replace("_", "-") + "-1",
    int: lambda _: 1,
    float: lambda _: 1.0,
}


def example_of(event: type[Event]) -> Event:
    """A valid event of this type."""
    if issubclass(event, Outcome):
        own = {name: field for name, field in event.model_fields.items() if name not in Outcome.model_fields}
        facts = {name: _sample(name, field) for name, field in own.items()}
        return event(**_ANSWERING | {"event_id": EventId(event_of(_TURN, event.type))} | facts)
    return _EXAMPLES[event]


def _sample(name: str, field: Any) -> object:
    if field.examples:
        return field.examples[0]
    kinds = [kind for kind in (get_args(field.annotation) or (field.annotation,)) if kind is not NoneType]
    return _SAMPLES[kinds[0]](name)
