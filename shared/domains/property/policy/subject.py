"""What a turn is about: the intent that was understood, unless the conversation says better."""

import re

from shared.domains.property.policy.contact import contact
from shared.domains.property.policy.context import Ask
from shared.domains.property.policy.cues import CANCELS, COMPARES, DISLIKES, OBJECTS, RUDE, subject_by_cue

_SURE = 0.6
_THERE = re.compile(r"\b(there|same (project|one|place))\b", re.IGNORECASE)
_SMALL_TALK = frozenset({"greeting", "thanks", "goodbye", "help", "affirm", "deny", "frustration", "out_of_scope"})
_NOT_SAID_RUDELY = _SMALL_TALK | {"cancel_visit"}
"""What a swear word alone is taken for: a visit must not be cancelled by it."""
_ABOUT_ONE = frozenset({"details", "like", "price"})


def subject_of(ask: Ask) -> str:
    """The subject that answers this turn."""
    intent = ask.turn.understood.intent
    if not any(character.isalnum() for character in ask.reading.text):
        return "unsure"
    if ask.reading.rents:
        return "out_of_scope"
    if CANCELS.search(ask.reading.text):  # never an answer: a visit must not be booked by it
        return "cancel_visit"
    answers = _answering(ask, intent) or _taking_up(ask, intent) or _displeased(ask, intent)
    return answers or _corrected(ask, intent) or _by_content(ask)


def _answering(ask: Ask, intent: str | None) -> str | None:
    """The step whose open question this turn answers, if it does."""
    asked = ask.turn.dialogue.question
    if asked is None or intent in {"deny", "goodbye", "frustration"}:
        return None
    step, _, lacking = asked.about.partition(":")
    if not _supplies(ask, step, lacking):
        return None
    elsewhere = intent is not None and intent != step and ask.turn.understood.confidence >= _SURE
    return None if elsewhere and intent not in _SMALL_TALK | {"details", "search", "callback"} else step


def _supplies(ask: Ask, step: str, lacking: str) -> bool:
    """Whether the words hold what a question asked for."""
    reading = ask.reading
    match lacking:
        case "listing":
            return bool(reading.picks or reading.everything or (step == "loan" and reading.money))
        case "day" | "time":
            another_site = bool(reading.picks) and ask.turn.understood.relation != "fresh"
            return bool(reading.day or reading.clock) or another_site
        case "phone":
            return reading.phone is not None
        case _:
            return reading.narrows


def _taking_up(ask: Ask, intent: str | None) -> str | None:
    """The step that was offered, when the person agrees to it."""
    return ask.offer.step if ask.offer and intent == "affirm" else None


def _displeased(ask: Ask, intent: str | None) -> str | None:
    """The subject of words that say no, though they sound like something else."""
    if RUDE.search(ask.reading.text) and (intent is None or intent in _NOT_SAID_RUDELY):
        return "frustration"
    dislikes = intent in {None, "like", "deny"} and DISLIKES.search(ask.reading.text) is not None
    return "deny" if dislikes and not ask.reading.narrows else None


def _corrected(ask: Ask, intent: str | None) -> str | None:
    """The intent, moved to its neighbour where the entities say so."""
    reading = ask.reading
    if intent in {"greeting", "thanks", "affirm", "deny"}:
        return None if reading.narrows or reading.direction or reading.picks else intent
    if intent == "compare" and len(reading.picks) == 1 and not COMPARES.search(reading.text):
        return "details"
    if intent == "objection_location" and reading.places and not OBJECTS.search(reading.text):
        return "search"
    if intent == "search" and _asks_about_one(ask):
        return "details"
    if intent in {"like", "details"} and (reading.day or reading.clock) and not reading.aspects:
        return "visit"
    if _only_contact(ask):
        return "contact"
    if intent in _ABOUT_ONE and _asks_for_many(ask):
        return "search"
    return intent


def _only_contact(ask: Ask) -> bool:
    """Whether contact details were added to what was said before."""
    reading = ask.reading
    says_more = reading.picks or reading.day or reading.clock or reading.narrows or reading.direction
    return contact(ask) is not None and ask.turn.understood.relation == "follow_up" and not says_more


def _asks_about_one(ask: Ask) -> bool:
    reading = ask.reading
    if reading.named:
        return not reading.places
    # "Does it have a gym?" is about the one, "something like that with 3 bedrooms" is not.
    return bool(reading.picks) and not (reading.narrows_beyond_amenities or reading.direction)


def _asks_for_many(ask: Ask) -> bool:
    reading = ask.reading
    if reading.picks or reading.aspects:
        return False
    elsewhere = reading.money or reading.places or reading.developer or reading.direction
    of_the_one = ask.state.focus is not None and not elsewhere
    return (reading.narrows or reading.direction is not None) and not of_the_one


def _by_content(ask: Ask) -> str:
    """The subject of words whose intent is not sure."""
    reading, state = ask.reading, ask.state
    cue = subject_by_cue(reading.text, project=bool(reading.picks))
    if cue is not None:
        return cue
    if (reading.day or reading.clock) and (state.visit or state.booked):
        return "visit"
    if state.focus and reading.bedrooms and _THERE.search(reading.text):
        return "price"
    if reading.picks or reading.aspects:
        return "compare" if len(reading.picks) > 1 else "details"
    if reading.narrows or reading.direction:
        return "search"
    return "contact" if reading.phone or reading.email or reading.name else "unsure"
