"""From signals to a profile. The order of the signals does not matter; each event must be folded once.

Counts add up, sets unite, and where one value replaces another the later turn wins, not the later arrival. That
makes a profile computed again from all stored signals equal to the one that grew with them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson
from pydantic import JsonValue

from services.profiles.facts import RANKS, Concern, ContactField, Facts, Told, Wish
from shared.domains.person import Action, InterestLevel, Mood, Preference, View
from shared.events.ids import EventId
from shared.events.signals import Signal, SignalKind, SignalsObserved

MOODS_KEPT = 50
ACTIONS_KEPT = 200

Signals = Sequence[Signal]
"""Signals of one kind of one event; at least one."""

_LEVELS: Mapping[str, InterestLevel] = {"low": "low", "medium": "medium", "high": "high"}


def fold(facts: Facts, event: SignalsObserved) -> Facts:
    """What is known after `event`, which was not folded before; the same facts if it is of a time that was deleted."""
    if facts.forgets(event.occurred_at):
        return facts
    signals: dict[SignalKind, list[Signal]] = defaultdict(list)
    for signal in event.signals:
        signals[signal.kind].append(signal)
    learned: dict[str, object] = {
        "sessions": _with_session(facts.sessions, event.session_no),
        "turns": facts.turns + 1,
        "first_seen": min(facts.first_seen or event.occurred_at, event.occurred_at),
        "last_active": max(facts.last_active or event.occurred_at, event.occurred_at),
        "sequence": max(facts.sequence, event.sequence),
    }
    for kind, (field, learn) in _LEARNERS.items():
        if kind in signals:
            learned[field] = learn(learned.get(field, getattr(facts, field)), signals[kind], event)
    return facts.model_copy(update=learned)


def fold_all(facts: Facts, events: Iterable[SignalsObserved]) -> Facts:
    """What is known after these events, whatever their order and however often each occurs among them."""
    folded: set[EventId] = set()
    for event in events:
        if event.event_id not in folded:
            folded.add(event.event_id)
            facts = fold(facts, event)
    return facts


def tell(facts: Facts, told: Mapping[ContactField, Told]) -> Facts:
    """What is known with these contact facts."""
    known = dict(facts.contact)
    for field, fact in told.items():
        if facts.forgets(fact.at):
            continue
        known[field] = max(known.get(field, fact), fact, key=lambda each: (each.at, each.by_hand, each.value or ""))
    return facts if known == facts.contact else facts.model_copy(update={"contact": known})


def correct(facts: Facts, preferences: Mapping[str, JsonValue]) -> Facts:
    """What is known with preferences put right by hand: they hold until a later turn tells otherwise."""
    fresh = {name: Preference(value=value, sequence=facts.sequence) for name, value in preferences.items()}
    return facts.model_copy(update={"corrections": {**facts.corrections, **fresh}})


def rate(facts: Facts, levels: Mapping[str, InterestLevel]) -> Facts:
    """What is known with interests put right by hand: they hold until a later turn tells of that interest."""
    fresh = {item: Wish(level=level, sequence=facts.sequence) for item, level in levels.items()}
    return facts.model_copy(update={"ratings": {**facts.ratings, **fresh}})


def settle(facts: Facts, objections: Iterable[str]) -> Facts:
    """What is known with objections answered outside the conversation: they are open again once voiced again."""
    return facts.model_copy(update={"settled": {**facts.settled, **dict.fromkeys(objections, facts.sequence)}})


def _with_session(sessions: tuple[int, ...], number: int) -> tuple[int, ...]:
    return sessions if number in sessions else tuple(sorted((*sessions, number)))


def _meant(intents: Mapping[str, int], signals: Signals, _: SignalsObserved) -> dict[str, int]:
    """An intent counts once a turn: the platform and a pack may both report it."""
    return {**intents, **{name: intents.get(name, 0) + 1 for name in _names(signals)}}


def _names(signals: Signals) -> set[str]:
    return {signal.name for signal in signals}


def _viewed(views: Mapping[str, View], signals: Signals, event: SignalsObserved) -> dict[str, View]:
    seen = dict(views)
    for signal in signals:
        before = seen.get(signal.name)
        last = (event.occurred_at, event.session_no)
        if before is not None:
            last = max(last, (before.last_at, before.session_no))
        seen[signal.name] = View(count=(before.count if before else 0) + 1, last_at=last[0], session_no=last[1])
    return seen


def _wished(wishes: Mapping[str, Wish], signals: Signals, event: SignalsObserved) -> dict[str, Wish]:
    known = dict(wishes)
    for signal in signals:
        fresh = Wish(level=_level(signal.value), sequence=event.sequence)
        known[signal.name] = max(known.get(signal.name, fresh), fresh, key=_strength)
    return known


def _level(value: JsonValue) -> InterestLevel:
    """An interest whose level we do not know is medium."""
    return _LEVELS.get(value, "medium") if isinstance(value, str) else "medium"


def _strength(wish: Wish) -> tuple[int, int]:
    return wish.sequence, RANKS[wish.level]


def _preferred(
    preferences: Mapping[str, Preference], signals: Signals, event: SignalsObserved
) -> dict[str, Preference]:
    """The last word of a turn counts; between turns the later one."""
    known = dict(preferences)
    for name, value in {signal.name: signal.value for signal in signals}.items():
        fresh = Preference(value=value, sequence=event.sequence)
        known[name] = max(known.get(name, fresh), fresh, key=_precedence)
    return known


def _precedence(preference: Preference) -> tuple[int, bytes]:
    return preference.sequence, orjson.dumps(preference.value, option=orjson.OPT_SORT_KEYS)


def _objected(concerns: Mapping[str, Concern], signals: Signals, event: SignalsObserved) -> dict[str, Concern]:
    known = dict(concerns)
    for name in _names(signals):
        concern = known.get(name, Concern())
        voiced = max(concern.voiced, event.sequence)
        known[name] = concern.model_copy(update={"count": concern.count + 1, "voiced": voiced})
    return known


def _settled(concerns: Mapping[str, Concern], signals: Signals, event: SignalsObserved) -> dict[str, Concern]:
    known = dict(concerns)
    for name in _names(signals):
        concern = known.get(name, Concern())
        known[name] = concern.model_copy(update={"answered": max(concern.answered, event.sequence)})
    return known


def _acted(actions: tuple[Action, ...], signals: Signals, event: SignalsObserved) -> tuple[Action, ...]:
    fresh = [
        Action(
            name=signal.name,
            item=signal.value if isinstance(signal.value, str) else None,
            at=event.occurred_at,
            sequence=event.sequence,
        )
        for signal in signals
    ]
    return tuple(sorted((*actions, *fresh), key=_when_done)[-ACTIONS_KEPT:])


def _when_done(action: Action) -> tuple[object, ...]:
    return action.sequence, action.at, action.name, action.item or ""


def _felt(moods: tuple[Mood, ...], signals: Signals, event: SignalsObserved) -> tuple[Mood, ...]:
    """One mood a turn: the platform and a pack may both report it, and the pack, which comes last, knows better."""
    return tuple(sorted((*moods, _mood(event.sequence, signals[-1].value)), key=_when_felt)[-MOODS_KEPT:])


def _mood(sequence: int, value: JsonValue) -> Mood:
    given = value if isinstance(value, dict) else {"sentiment": value}
    return Mood(
        sequence=sequence,
        sentiment=_number(given.get("sentiment"), -1),
        frustration=_number(given.get("frustration"), 0),
    )


def _number(value: JsonValue, lowest: float) -> float:
    return min(max(float(value), lowest), 1.0) if isinstance(value, (int, float)) else 0.0


def _when_felt(mood: Mood) -> tuple[int, float, float]:
    return mood.sequence, mood.sentiment, mood.frustration


_LEARNERS: Mapping[SignalKind, tuple[str, Callable[[Any, Signals, SignalsObserved], object]]] = {
    "intent": ("intents", _meant),
    "view": ("views", _viewed),
    "interest": ("wishes", _wished),
    "preference": ("preferences", _preferred),
    "objection": ("objections", _objected),
    "objection_answered": ("objections", _settled),
    "action": ("actions", _acted),
    "sentiment": ("moods", _felt),
}
"""What each kind of signal changes, and how. A rating of an answer says nothing of what the person wants."""
