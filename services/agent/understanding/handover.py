"""Whether somebody asks to be put through to a person, in English or Chinese."""

import re
from typing import Final

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
    r"(?:转|接|找|换|要|叫|请|联系|呼叫|想)(?:接|到|成|给|个|[一名位下]|你们|的)*"
    r"(?:人工|真人|活人|经理|主管|负责人|客服(?!互动|记录|接触|沟通))"
    r"|[跟和与同](?:你们|个|[一名位]|的)*(?:人工|真人|活人|经理|主管|负责人|客服)(?:说|聊|谈|讲|沟通|对话)"
    r"|找(?:个|一个)?人(?:跟|和|来|帮)|要[跟和]人(?:说|聊|谈|讲|沟通|对话)"
    r"|有(?:没有)?(?:真人|活人|人工)|人工(?:客服|服务)|^\W*(?:人工|真人|客服)\W*$"
)
_REFUSED: Final = re.compile(
    r"(?:(?<!why )\b(?:don'?t|don’t|do not)|\b(?:no need|never|without|rather not))\b[^.?!,;]*$"
    r"|(?:不用|不要|不必|不需要|不想|无需|别)[^，。？！]{0,4}$"
)
_BEFORE: Final = 40
"""Characters in which a refusal may stand before what it refuses."""
_WORDS: Final = (
    "human people person some any agent manager supervisor operator rep employee advisor sales support service "
    "customer team staff 人工 真人 活人 人跟 人和 人来 人帮 跟人 和人 经理 主管 负责人 客服"
)
_HINTS: Final = _WORDS.split()
"""Whoever asks for a person says one of these: looking for them costs a fraction of looking closer."""
_LONGEST: Final = 1000
"""Characters of a text that are looked at: nobody asks for a person at the end of an essay."""


def asks_for_person(text: str) -> bool:
    """Whether the text asks for a person, rather than speaks of one or wants none."""
    said = text[:_LONGEST].lower()
    if not any(hint in said for hint in _HINTS):
        return False
    asked = _ENGLISH.search(said) or _CHINESE.search(said)
    return asked is not None and not _REFUSED.search(said[max(0, asked.start() - _BEFORE) : asked.start()])
