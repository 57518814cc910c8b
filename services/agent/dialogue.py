"""What the platform remembers from one turn to the next. Pure."""

from typing import Any

from services.agent.session import Remembered
from shared.domains.base import Decision, Dialogue, Exchange
from shared.events.replies import Understood
from shared.events.turns import Text, TurnInput

CONTEXT_WINDOW = 5
"""Earlier turns a pack and the understanding core may look back on."""


def remember(
    before: Dialogue, turn_no: int, spoken: TurnInput, understood: Understood, decision: Decision[Any]
) -> Remembered:
    """The session's memory after a turn that was answered."""
    exchange = Exchange(
        turn_no=turn_no,
        text=spoken.text if isinstance(spoken, Text) else spoken.name,
        intent=understood.intent,
        entities=understood.entities,
        reply=decision.text,
    )
    after = Dialogue(
        language=understood.language if understood.language != "und" else before.language,
        last_intent=understood.intent or before.last_intent,
        question=decision.question,
        shown=before.shown if decision.shown is None else decision.shown,
        recent=(*before.recent, exchange)[-CONTEXT_WINDOW:],
        watch=before.watch,
    )
    return Remembered(dialogue=after, pack=decision.state.model_dump(mode="json"))
