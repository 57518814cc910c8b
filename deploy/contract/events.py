"""The events that the contract is written from: the platform's and those of this repository's packs."""

from shared.domains.registry import load_domains
from shared.events.outcomes import Outcome

_OURS = "shared.domains."


def packs_outcomes() -> tuple[type[Outcome], ...]:
    """The outcomes of the packs in this repository, by type; packs installed from elsewhere document their own."""
    outcomes = [outcome for domain in load_domains().values() for outcome in domain.outcomes]
    return tuple(sorted((each for each in outcomes if each.__module__.startswith(_OURS)), key=lambda each: each.type))
