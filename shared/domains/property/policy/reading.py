"""The user's words in the pack's own terms, read from the entities that the understanding found."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from pydantic import JsonValue

from shared.domains.base import Turn
from shared.domains.property.listings import INDIA, Place
from shared.domains.property.places import expand
from shared.domains.property.policy import values
from shared.domains.property.policy.values import Money
from shared.domains.property.state import PropertyState
from shared.events.replies import Entity
from shared.events.turns import Text

_HIGHEST_RATE = 15
"""A percentage up to this is an interest rate, above it a part of the price."""
_DOWN = re.compile(r"down\s*-?\s*pay|upfront|\bdown\b|\bcash\b|\bsavings?\b|\bi have\b", re.IGNORECASE)
_RENT = re.compile(r"\b(?:for|on|to) (?:rent|lease)\b|\brental (?!income|yield)|\bpaying guest\b|\bpg\b", re.IGNORECASE)
_DROP = re.compile(r"\b(remove|drop|without|skip|ignore|don'?t need|no need for)\b", re.IGNORECASE)
_STEP = re.compile(
    r"\b(?:(?P<up>increase|raise|extend|stretch|bump|add)|reduce|lower|decrease|cut)\b.*\b(?:by|another)\b",
    re.IGNORECASE,
)
_INCOME = re.compile(r"salary|income|\bearn|\bmake\b.{0,20}\bmonth|take[- ]?home|in[- ]hand", re.IGNORECASE)
_NOT = re.compile(r"\b(not|no|except|other than|instead of|rather than)( in)?\s*$", re.IGNORECASE)
_PRONOUN = re.compile(r"it|its|it's|this|that|this one|that one|the (project|property|flat|place|house|one)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one turn said, beside its intent."""

    text: str = ""
    bedrooms: tuple[int, ...] = ()
    money: Money | None = None
    places: tuple[Place, ...] = ()
    developer: str | None = None
    amenities: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    """Amenities that were named as not wanted: "no pool"."""
    area: int | None = None
    ready: bool = False
    direction: str | None = None
    """cheaper, dearer, bigger, or more."""
    picks: tuple[str, ...] = ()
    """Listings meant by name, by place in a list, or by reference, in the order of the words."""
    named: tuple[str, ...] = ()
    """Those of `picks` meant by name."""
    everything: bool = False
    """Whether all that was shown is meant: "both", "compare them"."""
    aspects: tuple[str, ...] = ()
    day: date | None = None
    clock: time | None = None
    numbers: tuple[int, ...] = ()
    """Bare numbers, such as those of "compare 1 and 3"."""
    percents: tuple[float, ...] = ()
    years: int | None = None
    phone: str | None = None
    email: str | None = None
    name: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether the words say what home is wanted."""
        return bool(self.amenities or self.unwanted) or self.narrows_beyond_amenities

    @property
    def narrows_beyond_amenities(self) -> bool:
        """The same, leaving amenities aside."""
        return bool(self.bedrooms or self.money or self.places or self.developer or self.area or self.ready)

    @property
    def rents(self) -> bool:
        """Whether a home to rent is asked for."""
        return _RENT.search(self.text) is not None

    @property
    def drops(self) -> bool:
        """Whether what is named is no longer wanted."""
        return _DROP.search(self.text) is not None

    @property
    def budget_step(self) -> int:
        """By how much the budget changes, when that was said instead of an amount: "increase it by 20 lakh"."""
        if self.money is None or self.money.figure is None or not (match := _STEP.search(self.text)):
            return 0
        return self.money.figure if match["up"] else -self.money.figure

    @property
    def down_payment(self) -> bool:
        """Whether a figure is meant as what the buyer pays at once."""
        return _DOWN.search(self.text) is not None

    @property
    def rate(self) -> float | None:
        """The interest rate that was named, in percent a year."""
        if self.down_payment and len(self.percents) == 1:
            return None
        return next((percent for percent in self.percents if percent <= _HIGHEST_RATE), None)

    @property
    def down_percent(self) -> float | None:
        """The part of the price that is paid at once, in percent."""
        if self.down_payment and len(self.percents) == 1:
            return self.percents[0]
        return next((percent for percent in self.percents if _HIGHEST_RATE < percent <= 100), None)

    @property
    def income(self) -> bool:
        """Whether a figure is meant as what the buyer earns a month."""
        return _INCOME.search(self.text) is not None


def read(turn: Turn[PropertyState]) -> Reading:
    """The reading of a turn; of a command, an empty one."""
    if not isinstance(turn.input, Text):
        return Reading()
    found = turn.understood.entities
    directions = _words(found, "direction")
    unwanted = _words([each for each in found if _NOT.search(turn.input.text[: each.start])], "amenity")
    return Reading(
        text=turn.input.text,
        bedrooms=values.bedrooms(_words(found, "bedrooms")),
        money=values.money(_first(found, "money")),
        places=_places(turn.input.text, found),
        developer=next(iter(_words(found, "developer")), None),
        amenities=tuple(each for each in _words(found, "amenity") if each not in unwanted),
        unwanted=unwanted,
        area=values.area(_first(found, "area")),
        ready=bool(_words(found, "ready")),
        direction=values.direction(directions[0]) if directions else None,
        picks=tuple(dict.fromkeys(_picks(turn))),
        named=_words(found, "project"),
        everything=bool(_words(found, "everything")),
        aspects=tuple(word.lower() for word in _words(found, "aspect")),
        day=values.day(_first(found, "date"), turn.now.astimezone(INDIA).date()),
        clock=values.clock(_first(found, "time")) or _hour(turn),
        numbers=tuple(values.numbers(entity.value for entity in found if entity.kind == "count")),
        percents=tuple(values.percents(entity.value for entity in found if entity.kind == "percent")),
        years=values.years(_first(found, "duration")),
        phone=next(iter(_words(found, "phone")), None),
        email=next(iter(_words(found, "email")), None),
        name=next(iter(_words(found, "person_name")), None),
    )


def _hour(turn: Turn[PropertyState]) -> time | None:
    """The time that a bare number is, where a time was asked for: "11"."""
    asked = turn.dialogue.question
    if asked is None or asked.about != "visit:time":
        return None
    counted = values.numbers(each.value for each in turn.understood.entities if each.kind == "count")
    return next((values.clock({"hour": hour, "meridiem": "unknown"}) for hour in counted if 1 <= hour <= 23), None)


def _first(entities: Sequence[Entity], kind: str) -> JsonValue:
    return next((entity.value for entity in entities if entity.kind == kind), None)


def _words(entities: Sequence[Entity], kind: str) -> tuple[str, ...]:
    """The values of one kind, each once, in order."""
    return tuple(dict.fromkeys(str(entity.value) for entity in entities if entity.kind == kind))


def _places(text: str, entities: Sequence[Entity]) -> tuple[Place, ...]:
    """The places that are wanted: of "not Gachibowli, Kokapet" the second."""
    wanted = [each for each in entities if each.kind == "place" and not _NOT.search(text[: each.start])]
    return tuple(dict.fromkeys(place for each in wanted for place in expand(str(each.value))))


def _picks(turn: Turn[PropertyState]) -> Iterator[str]:
    shown = [referent.id for referent in turn.dialogue.shown]
    for entity in sorted(turn.understood.entities, key=lambda entity: entity.start):
        if entity.kind == "project":
            yield str(entity.value)
        elif entity.kind == "referent":
            # "it" is what was talked about last; the understanding only knows what was shown last.
            about = turn.state.focus if _PRONOUN.fullmatch(entity.text.strip()) else None
            yield about or str(entity.value)
        elif entity.kind == "ordinal" and shown:
            place = values.place(entity.value) or 0
            if -len(shown) <= place <= len(shown) and place:
                yield shown[place - 1] if place > 0 else shown[place]
