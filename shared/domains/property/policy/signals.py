"""What a turn tells about the person, as signals.

A *view* of a project is one turn in which the person asked about that project (by name, by its place in a list or by
reference) and the reply presented it: its description, its prices or its side of a comparison. A further question
about one side of it, such as its gym, its price or its possession date, belongs to the same look and is a view only
when it names the project again. Appearing in a list of results is no view; a loan, a visit, a call-back or a brochure
is an action or an interest, not a view. A project counts at most once a turn. The item of every signal is the
listing's id.

*Interest* is what the person said or did beyond looking: medium for a loan, a comparison or a brochure of the project
and for "I like it", high for a visit or a call-back about it. Three views make it high by themselves, in the profile.
"""

from collections.abc import Iterable
from typing import Literal

from pydantic import JsonValue

from shared.domains.property.listings import Wanted
from shared.events.signals import Signal


def views(ids: Iterable[str]) -> tuple[Signal, ...]:
    """The projects the person looked at in this turn."""
    return tuple(Signal(kind="view", name=each) for each in dict.fromkeys(ids))


def interest(listing_id: str, level: Literal["low", "medium", "high"]) -> Signal:
    """How much the person cares for a project, by what was said or done."""
    return Signal(kind="interest", name=listing_id, value=level)


def action(name: str, listing_id: str | None) -> Signal:
    """Something done beyond talking: `site_visit`, `callback`, `download`."""
    return Signal(kind="action", name=name, value=listing_id)


def objection(name: str, *, answered: bool) -> tuple[Signal, ...]:
    """A concern, and that it was answered, if so."""
    voiced = Signal(kind="objection", name=name)
    return (voiced, Signal(kind="objection_answered", name=name)) if answered else (voiced,)


def preferences(before: Wanted, after: Wanted) -> tuple[Signal, ...]:
    """What the person is newly known to want: `budget`, `configuration`, `location`, `amenities`."""
    known, learned = _codes(before), _codes(after)
    return tuple(
        Signal(kind="preference", name=name, value=value)
        for name, value in learned.items()
        if value and value != known[name]
    )


def _codes(wanted: Wanted) -> dict[str, JsonValue]:
    budget: JsonValue = {"low": wanted.low, "high": wanted.high, "currency": "INR"}
    return {
        "budget": budget if wanted.low or wanted.high else None,
        "configuration": [*wanted.bedrooms],
        "location": [place.code for place in wanted.places],
        "amenities": [*wanted.amenities],
    }
