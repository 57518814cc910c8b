"""When a person should take over a conversation, and why: said once each. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from shared.domains.base import Watch
from shared.events.outcomes import EscalationReason
from shared.events.replies import Feedback, Understood
from shared.events.turns import Text, TurnInput

FRUSTRATION: Final = 0.5
"""From here on somebody is frustrated: one clear sign of it is meant."""
FRUSTRATED_TURNS: Final = 2
MISUNDERSTOOD_TURNS: Final = 3
LOW_RATING: Final = 2

_PEOPLE: Final = (
    r"(?:humans?|people|person|somebody|someone|agent|manager|supervisor|operator|representative|rep|employee|advisor|"
    r"(?:sales|support|service|customer)(?: service| support| care| team| person| rep)|your (?:team|staff))"
)
_REAL: Final = r"(?:(?:real|actual|live|human|sales|support|senior) )?"
_ENGLISH: Final = re.compile(
    r"\b(?:talk|speak|chat|connect|transfer|escalate|forward|switch|put|pass|hand)\b(?: (?:me|us|this|over|through))*"
    rf" (?:to|with) (?:an? |the |your |some |one of your )?{_REAL}{_PEOPLE}\b"
    r"|\b(?:want|need|prefer|get|give|find|rather have)\b(?: me)? (?:an? |some )?"
    r"(?:human|employee|representative|(?:real|actual|live|human) (?:human|person|agent|operator|being|help))\b"
    r"|\b(?:get|give) me (?:a |the |your )?(?:manager|supervisor)\b|\bput me through to (?:sales|support)\b"
    r"|\bcan an? (?:real |live )?(?:human|person) (?:please )?(?:help|answer|call|contact|assist|look|take over)\b"
    r"|\b(?:human|person|(?:some|any)(?:one|body)) (?:that |who )?i (?:can|could) (?:talk|speak|chat) (?:to|with)\b"
    r"|\bis (?:some|any)(?:one|body) (?:real|human|alive)\b"
    r"|^\W*(?:an? )?(?:real |actual |live |human )?"
    r"(?:human|person|agent|operator|representative|manager|customer (?:service|support|care))(?: please| now)?\W*$"
)
_CHINESE: Final = re.compile(
    r"(?:转|接|找|换|要|叫|请|联系|呼叫|想)(?:接|到|成|给|个|[一名位下]|你们|的)*(?:人工|真人|活人|经理|主管|负责人|客服(?!互动|记录|接触|沟通))"
    r"|[跟和与同](?:你们|个|[一名位]|的)*(?:人工|真人|活人|经理|主管|负责人|客服)(?:说|聊|谈|讲|沟通|对话)"
    r"|找(?:个|一个)?人(?:跟|和|来|帮)|要[跟和]人(?:说|聊|谈|讲|沟通|对话)|有(?:没有)?(?:真人|活人|人工)|人工(?:客服|服务)|^\W*(?:人工|真人|客服)\W*$"
)
_REFUSED: Final = re.compile(
    r"(?:(?<!why )\b(?:don'?t|don’t|do not)|\b(?:no need|never|without|rather not))\b[^.?!,;]*$"
    r"|(?:不用|不要|不必|不需要|不想|无需|别)[^，。？！]{0,4}$"
)
_BEFORE: Final = 40
"""Characters in which a refusal may stand before what it refuses."""
_HINTS: Final = (
    *(
        "human",
        "people",
        "person",
        "some",
        "any",
        "agent",
        "manager",
        "supervisor",
        "operator",
        "rep",
        "employee",
        "advisor",
    ),
    *("sales", "support", "service", "customer", "team", "staff"),
    *("人工", "真人", "活人", "人跟", "人和", "人来", "人帮", "跟人", "和人", "经理", "主管", "负责人", "客服"),
)
"""Whoever asks for a person says one of these: looking for them costs a tenth of looking closer."""
_LONGEST: Final = 1000
"""Characters of a text that are looked at: nobody asks for a person at the end of an essay."""


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
    return Watch(frustrated=frustrated, misunderstood=misunderstood, escalated=reason is not None), reason


def after_rating(before: Watch, feedback: Feedback) -> tuple[Watch, EscalationReason | None]:
    """The same, after the person rated an answer."""
    if before.escalated or feedback.rating > LOW_RATING:
        return before, None
    return before.model_copy(update={"escalated": True}), "low_rating"


def asks_for_person(text: str) -> bool:
    """Whether somebody asks to be put through to a person, in English or Chinese."""
    said = text[:_LONGEST].lower()
    if not any(hint in said for hint in _HINTS):
        return False
    asked = _ENGLISH.search(said) or _CHINESE.search(said)
    return asked is not None and not _REFUSED.search(said[max(0, asked.start() - _BEFORE) : asked.start()])


def _is_misunderstood(heard: Heard) -> bool:
    understood = heard.understood
    return understood.intent is None and understood.relation != "answer" and not heard.helped
