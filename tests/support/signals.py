"""Signals of made-up people, as the agent publishes them, and a formula that is easy to reckon with."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.domains.person import Profile, Scores
from shared.events.ids import EventId, SessionId, TenantId, TurnId
from shared.events.profiles import Factor, Score
from shared.events.signals import Signal, SignalsObserved

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def observed(*signals: Signal, tenant_id: TenantId, turn_no: int = 1, **more: Any) -> SignalsObserved:
    """An event of its own at each call."""
    session_no = more.get("session_no", 1)
    given = {
        "event_id": EventId(uuid4()),
        "occurred_at": BEGAN + timedelta(days=session_no, seconds=turn_no),
        "tenant_id": tenant_id,
        "request_id": "test",
        "user_id": "ada",
        "session_id": SessionId(uuid4()),
        "turn_id": TurnId(uuid4()),
        "domain": "property",
        "session_no": session_no,
        "turn_no": turn_no,
        "signals": signals,
        **more,
    }
    return SignalsObserved(**given)


def view(item: str) -> Signal:
    return Signal(kind="view", name=item)


def action(name: str, item: str | None = None) -> Signal:
    return Signal(kind="action", name=name, value=item)


def simple_score(profile: Profile) -> Scores:
    """A point a view; ten more for a visit; hot from ten."""
    engagement = _points("views", profile.total_views, 10)
    intent = _points("visits", 10 * profile.done("site_visit"), 10)
    hot = engagement.value + intent.value >= 10
    return Scores(
        engagement=engagement,
        intent=intent,
        temperature="hot" if hot else "cold",
        stage="intent" if hot else "interest",
    )


def _points(name: str, value: float, maximum: float) -> Score:
    reached = min(value, maximum)
    return Score(value=reached, factors=(Factor(name=name, value=reached, maximum=maximum, because=f"{value:g}"),))
