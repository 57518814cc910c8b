"""Facts as packs and people see them."""

from services.profiles.facts import RANKS, Facts
from shared.domains.person import InterestLevel, Objection, Preference, Profile

_BY_RANK: dict[int, InterestLevel] = {rank: level for level, rank in RANKS.items()}


def profile_of(user_id: str, domain: str, facts: Facts) -> Profile:
    """The facts as packs and people see them."""
    contact = {field: told.value for field, told in facts.contact.items()}
    return Profile(
        user_id=user_id,
        domain=domain,
        name=contact.get("name"),
        phone=contact.get("phone"),
        email=contact.get("email"),
        sessions=len(facts.sessions),
        turns=facts.turns,
        views=facts.views,
        interests=_interests(facts),
        preferences=_in_force(facts),
        objections={
            name: Objection(count=concern.count, answered=_answered(facts, name) >= concern.voiced)
            for name, concern in facts.objections.items()
        },
        intents=facts.intents,
        actions=facts.actions,
        moods=facts.moods,
        first_seen=facts.first_seen,
        last_active=facts.last_active,
        sequence=facts.sequence,
    )


def _interests(facts: Facts) -> dict[str, InterestLevel]:
    """What was said of an item or what its views show, whichever is more; or what was put right by hand."""
    ranks = {name: RANKS[wish.level] for name, wish in facts.wishes.items()}
    for name, view in facts.views.items():
        ranks[name] = max(ranks.get(name, 0), min(view.count, len(RANKS)))
    levels = {name: _BY_RANK[rank] for name, rank in ranks.items()}
    for name, rating in facts.ratings.items():
        if name not in facts.wishes or rating.sequence >= facts.wishes[name].sequence:
            levels[name] = rating.level
    return levels


def _answered(facts: Facts, objection: str) -> int:
    """Up to which turn an objection is answered, in the conversation or outside it."""
    return max(facts.objections[objection].answered, facts.settled.get(objection, -1))


def _in_force(facts: Facts) -> dict[str, Preference]:
    known = dict(facts.preferences)
    for name, correction in facts.corrections.items():
        if name not in known or correction.sequence >= known[name].sequence:
            known[name] = correction
    return {name: preference for name, preference in known.items() if preference.value is not None}
