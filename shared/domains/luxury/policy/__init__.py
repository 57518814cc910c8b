"""Decides turns about campaigns: a fresh plan, a change of the one that stands, applying it, or talk."""

import re
from dataclasses import replace
from typing import Final

from shared.domains.base import Decision, Progress, Turn
from shared.domains.luxury.policy.applying import apply
from shared.domains.luxury.policy.campaign import modify, plan
from shared.domains.luxury.policy.context import LuxuryDecision, Tools
from shared.domains.luxury.policy.limits import alters, is_vague, takes_back
from shared.domains.luxury.policy.reading import Words, changes, picks_tiers, says_anything, words_of
from shared.domains.luxury.policy.talk import HOW_MUCH, NOT_UNDERSTOOD, RESTARTED, SMALL_TALK, explained
from shared.domains.luxury.state import Intent, LuxuryState, TurnRecord
from shared.events.turns import Command

APPLY: Final = "apply"
UNSURE: Final = "unsure"
_TURNS_KEPT: Final = 50
_OF_THE_PLAN: Final = re.compile(r"\broi\b|投资回报|转化率|名单|收入|为什么|怎么算|revenue|audience", re.IGNORECASE)


async def decide(turn: Turn[LuxuryState], tools: Tools, progress: Progress) -> LuxuryDecision:
    """Answer one turn."""
    words = words_of(turn)
    subject = APPLY if isinstance(turn.input, Command) else _subject(turn, words)
    decision = await _decided(subject, turn, words, tools, progress)
    relation = "modification" if subject == "modify" else "fresh" if subject == "plan" else turn.understood.relation
    intent = None if subject in {UNSURE, "vague"} else subject
    return replace(
        decision,
        language="zh",
        state=_recorded(turn, words, subject, decision),
        understood=turn.understood.model_copy(update={"intent": intent, "relation": relation}),
    )


def _subject(turn: Turn[LuxuryState], words: Words) -> str:
    """What the turn is about; what the words say of a campaign outweighs what they sound like."""
    intent = turn.understood.intent
    if turn.state.intent is not None and is_vague(words.text):
        return "vague"
    if intent in {"apply", "restart", "explain"} and not words.of_kind("tier") and not words.of_kind("money"):
        return intent
    if turn.state.intent is not None and takes_back(words.text):
        return "modify"
    if changes(words, turn.state) and (says_anything(words) or intent == "modify" or alters(words.text)):
        return "modify"
    if intent == "plan" or says_anything(words):
        return "plan" if intent is None or intent not in SMALL_TALK or picks_tiers(words) else intent
    if intent == "modify" and turn.state.intent is None:
        return "plan" if says_anything(words) else UNSURE
    if intent in {None, "out_of_scope"} and turn.state.intent is not None and _OF_THE_PLAN.search(words.text):
        return "explain"
    return intent or UNSURE


async def _decided(
    subject: str, turn: Turn[LuxuryState], words: Words, tools: Tools, progress: Progress
) -> LuxuryDecision:
    match subject:
        case "plan":
            return await plan(turn, words, tools, progress)
        case "modify":
            return await modify(turn, words, tools, progress)
        case "apply":
            return await apply(turn, tools)
        case "explain":
            return Decision(text=explained(turn.state), state=turn.state)
        case "restart":
            return Decision(text=RESTARTED, state=LuxuryState(turns=turn.state.turns))
        case "vague":
            return Decision(text=HOW_MUCH, state=turn.state)
        case _:
            return Decision(text=SMALL_TALK.get(subject, NOT_UNDERSTOOD), state=turn.state)


def _recorded(turn: Turn[LuxuryState], words: Words, subject: str, decision: LuxuryDecision) -> LuxuryState:
    """The state with this turn in its list."""
    state = decision.state
    campaign = subject in {"plan", "modify"}
    previous: Intent | None = turn.state.intent if subject == "modify" else None
    record = TurnRecord(
        turn_no=turn.no,
        user_input=words.text or APPLY,
        is_modification=subject == "modify",
        previous_intent=previous,
        intent=state.intent if campaign else None,
        audience_ids=state.audience_ids if campaign else (),
        audience_size=len(state.audience_ids) if campaign else 0,
        metrics=state.metrics if campaign else None,
        response=decision.text,
        timestamp=turn.now,
    )
    return state.model_copy(update={"turns": (*state.turns, record)[-_TURNS_KEPT:]})
