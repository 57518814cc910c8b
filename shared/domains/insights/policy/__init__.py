"""Decides turns about campaign figures: what is asked, whether it can be answered, and with which figures."""

from dataclasses import replace
from typing import Final

from shared.domains.base import Decision, Progress, Turn
from shared.domains.base import Question as Asked
from shared.domains.insights.figures import METRICS
from shared.domains.insights.policy.answers import ANSWERS
from shared.domains.insights.policy.context import Ask, InsightsDecision, Tools
from shared.domains.insights.policy.followup import NO_FOLLOW_UP, analysis
from shared.domains.insights.policy.reading import Named, asked, leans, named
from shared.domains.insights.policy.talk import DEFINITIONS, NO_REASONS, SMALL_TALK, WHICH_METRIC, can_answer, outside
from shared.domains.insights.policy.topics import topic_of
from shared.domains.insights.policy.unknown import unknown
from shared.domains.insights.settings import settings
from shared.domains.insights.state import InsightsState, Question
from shared.domains.insights.words import NAMES, topic
from shared.events.replies import Clarification
from shared.events.signals import Signal
from shared.events.turns import Text

INTENTS: Final = {"figure": "figure", "comparison": "compare", "trend": "trend", "ranking": "top"}
_BARE: Final = 3
"""So many words that name a period ask for nothing else: "last week", also after talk of something else."""
_TALK: Final = frozenset({*SMALL_TALK, "help", "out_of_scope"})


async def decide(turn: Turn[InsightsState], tools: Tools, progress: Progress) -> InsightsDecision:
    """Answer one turn."""
    words = named(turn)
    if _is_talk(turn, words):
        decision, follows = await _talk(turn, tools), False
    else:
        await progress.step("Reading the figures")
        decision, follows = await _answered(turn, words, tools), leans(turn, words)
    follow_up = analysis(turn, turn.state.topic, settings().context_messages) if follows else NO_FOLLOW_UP
    return replace(decision, language="en", data=(*decision.data, follow_up), signals=_views(decision))


def _is_talk(turn: Turn[InsightsState], words: Named) -> bool:
    """Whether no figure is asked for: nothing of the kind is named, and nothing stands that it could follow up."""
    if turn.understood.intent == "out_of_scope":
        regroups = words.by is not None and turn.state.question is not None
        return not regroups and (turn.understood.relation == "fresh" or not words.metrics)
    if turn.state.question is not None and words.periods and len(_text(turn).split()) <= _BARE:
        return False
    if turn.understood.intent in _TALK:
        return not (words.markets or words.channels or words.rank or words.contrasts or words.course)
    related = turn.understood.relation != "fresh" and turn.state.question is not None
    return turn.understood.intent is None and not words.anything and not related


async def _talk(turn: Turn[InsightsState], tools: Tools) -> InsightsDecision:
    intent = turn.understood.intent or "out_of_scope"
    if intent in SMALL_TALK:
        return Decision(text=SMALL_TALK[intent], state=turn.state)
    offer = can_answer(await tools.coverage())
    text = f"{offer} {DEFINITIONS}" if intent == "help" else f"That is not in the figures I have. {offer}"
    return Decision(text=text, state=_about(turn, turn.state), free=intent != "help")


def _about(turn: Turn[InsightsState], state: InsightsState) -> InsightsState:
    """The topic moves on even where there is no answer, but a remark does not take the place of a question."""
    if state.question is not None and not named(turn).metrics:
        return state
    return state.model_copy(update={"topic": topic_of(_text(turn), turn.understood) or state.topic})


def _text(turn: Turn[InsightsState]) -> str:
    return turn.input.text if isinstance(turn.input, Text) else ""


async def _answered(turn: Turn[InsightsState], words: Named, tools: Tools) -> InsightsDecision:
    coverage = await tools.coverage()
    question = asked(turn, words, coverage)
    reason = unknown(_text(turn), words, coverage) or outside(question, coverage)
    if reason is not None:
        return Decision(text=reason, state=_about(turn, turn.state))
    if not question.metrics:
        return _which_metric(turn, question)
    ask = Ask(turn, question, coverage, tools)
    found = await ANSWERS[question.kind](ask)
    return Decision(
        text=f"{NO_REASONS} {found.text}" if words.why else found.text,
        state=turn.state.model_copy(update={"question": question, "topic": topic(question)}),
        understood=turn.understood.model_copy(update={"intent": INTENTS[question.kind]}),
        facts={"columns": list(found.columns), "rows": [list(row) for row in found.rows]},
        data=(found.table(),),
    )


def _which_metric(turn: Turn[InsightsState], question: Question) -> InsightsDecision:
    """Ask for the one thing that cannot be guessed, and keep the rest."""
    clarification = Clarification(question=WHICH_METRIC, options=tuple(NAMES[metric] for metric in METRICS))
    return Decision(
        text=WHICH_METRIC,
        state=turn.state.model_copy(update={"question": question}),
        question=Asked(about="metric", clarification=clarification, asked_in=turn.no),
    )


def _views(decision: InsightsDecision) -> tuple[Signal, ...]:
    """Which figures the person looks at."""
    question = decision.state.question
    return tuple(Signal(kind="view", name=metric) for metric in question.metrics) if question and decision.data else ()
