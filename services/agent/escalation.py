"""When a person should take over a conversation, and why: said once each. Pure."""

from dataclasses import dataclass
from typing import Final

from services.agent.understanding.handover import asks_for_person
from shared.domains.base import Watch
from shared.events.outcomes import EscalationReason
from shared.events.replies import Feedback, Understood
from shared.events.turns import Text, TurnInput

FRUSTRATION: Final = 0.5
"""From here on somebody is frustrated: one clear sign of it is meant."""
FRUSTRATED_TURNS: Final = 2
MISUNDERSTOOD_TURNS: Final = 3
LOW_RATING: Final = 2


@dataclass(frozen=True, slots=True)
class Heard:
    """What the rule looks at in a turn that was answered."""

    input: TurnInput
    understood: Understood
    helped: bool
    """Whether a model answered what no rule of the pack did."""


def after_turn(before: Watch, heard: Heard) -> tuple[Watch, EscalationReason | None]:
    """What is known after a turn, and why a person should take over if that is new. Commands tell nothing."""
    if before.escalated or not isinstance(heard.input, Text):
        return before, None
    frustrated = before.frustrated + 1 if heard.understood.frustration >= FRUSTRATION else 0
    misunderstood = before.misunderstood + 1 if _is_misunderstood(heard) else 0
    reason: EscalationReason | None = None
    if asks_for_person(heard.input.text):
        reason = "asked_for_person"
    elif frustrated >= FRUSTRATED_TURNS:
        reason = "frustrated"
    elif misunderstood >= MISUNDERSTOOD_TURNS:
        reason = "not_understood"
    if reason is None and (frustrated, misunderstood) == (before.frustrated, before.misunderstood):
        return before, None
    return Watch(frustrated=frustrated, misunderstood=misunderstood, escalated=reason is not None), reason


def after_rating(before: Watch, feedback: Feedback) -> tuple[Watch, EscalationReason | None]:
    """The same, after the person rated an answer."""
    if before.escalated or feedback.rating > LOW_RATING:
        return before, None
    return before.model_copy(update={"escalated": True}), "low_rating"


def _is_misunderstood(heard: Heard) -> bool:
    understood = heard.understood
    return understood.intent is None and understood.relation != "answer" and not heard.helped
