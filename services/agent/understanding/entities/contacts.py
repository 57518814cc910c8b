"""How to reach a person: e-mail addresses, phone numbers, and names that are introduced as such."""

import re
from collections.abc import Iterator
from typing import Final

from services.agent.understanding.entities.common_words import COMMON_WORDS
from services.agent.understanding.entities.readings import Reading, Situation, preceded
from services.agent.understanding.gates import Cue, Gate
from services.agent.understanding.normalisation import Normalised

_EMAIL: Final = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?![a-z0-9])", re.I | re.A
)
_PHONE: Final = re.compile(r"(?<![\w.,#$-])(?:\+|00)?\(?\d(?:[ ().-]{0,2}\d){6,14}(?!\d|[.,]\d|[%a-z_-])", re.I | re.A)
_LOCAL: Final = re.compile(r"0?[6-9]\d{9}|1[3-9]\d{9}|(?:91|0091)[6-9]\d{9}|65[3689]\d{7}|861[3-9]\d{9}")
"""Numbers that are recognisably mobile ones in India, China and Singapore without any cue."""
_PHONE_CUE: Final = re.compile(
    r"call|phone|mobile|number|whats ?app|contact|reach|cell|tel\b|ring|sms|text me|手机|电话|号码|微信|联系|致电"
)
_NO_PHONE: Final = re.compile(r"(?:[₹$¥€£]|rs\.?|inr|budget|price|order|invoice|订单|单号|预算)[^\d]{0,12}$")

_NAME: Final = r"[A-Z][\w'-]{1,30}(?: [A-Z][\w'-]{1,30}){0,2}"
_ANY_NAME: Final = r"[^\W\d_][\w'-]{1,30}(?: [^\W\d_][\w'-]{1,30}){0,2}"
_INTRODUCED: Final = Gate(
    Cue(pattern)
    for pattern in (
        re.compile(rf"(?:(?<![A-Za-z])(?i:i'?m|i am|this is|it'?s|im|myself|call me) )(?P<name>{_NAME})(?!\w)"),
        re.compile(rf"(?<![A-Za-z])(?i:(?:my )?(?:full )?name(?:'s| is|:)|i go by) ?(?P<name>{_ANY_NAME})(?!\w)"),
        re.compile(
            r"(?:我叫|我的?名字[是叫]|名字是|我是(?=.{2,3}(?:[,，。.!！]|$))|姓名[:：是]?)(?P<name>[\u4e00-\u9fff]{2,4}|[A-Za-z]{2,20})"
        ),
        re.compile(r"(?:我姓|免贵姓)(?P<name>[\u4e00-\u9fff]{1,2})"),
    )
)
_NAME_ASKED: Final = re.compile(r"\bname\b|who am i|姓名|称呼|名字|贵姓")
_BARE_NAME: Final = re.compile(
    r"\s*(?P<name>[^\W\d_][\w'-]{1,30}(?: [^\W\d_][\w'.-]{0,30}){0,2}|[\u4e00-\u9fff]{2,4})\s*[.!。]?\s*"
)
_JOINERS: Final = frozenset(["and", "or", "but", "from", "here", "looking", "at", "with", "for", "speaking", "calling"])


def read_emails(words: Normalised, _: Situation) -> Iterator[Reading]:
    """The e-mail addresses in `words`, in lower case."""
    if "@" in words.text:
        for match in _EMAIL.finditer(words.text):
            yield Reading("email", match[0].lower(), match.start(), match.end())


def read_phones(words: Normalised, situation: Situation) -> Iterator[Reading]:
    """The phone numbers in `words`, as digits with a leading + where the country was given."""
    for match in _PHONE.finditer(words.text):
        digits = re.sub(r"\D", "", match[0])
        country = match[0].startswith("+") or match[0].startswith("00")
        if _is_phone(words, match.start(), digits, situation, country=country):
            value = "+" + digits.removeprefix("00") if country else digits
            yield Reading("phone", value, match.start(), match.end())


def _is_phone(words: Normalised, start: int, digits: str, situation: Situation, *, country: bool) -> bool:
    if _NO_PHONE.search(preceded(words, start)) or not 7 <= len(digits) <= 15:
        return False
    if country:
        return len(digits) >= 8
    cue = _PHONE_CUE.search(preceded(words, start, 40)) or _PHONE_CUE.search(situation.asked)
    return bool(cue) or bool(_LOCAL.fullmatch(digits))


def read_names(words: Normalised, situation: Situation) -> Iterator[Reading]:
    """The names that people introduce themselves by; a bare name only where it was asked for."""
    for cue in _INTRODUCED.passing(words):
        if reading := _named(cue.pattern.search(words.text)):
            yield reading
            return
    if _NAME_ASKED.search(situation.asked) and (reading := _named(_BARE_NAME.fullmatch(words.text))):
        yield reading


def _named(match: re.Match[str] | None) -> Reading | None:
    name = _name(match["name"]) if match else ""
    return (
        Reading("person_name", name, match.start("name"), match.start("name") + len(name)) if match and name else None
    )


def _name(text: str) -> str:
    """The words up to the first that cannot be part of a name."""
    kept: list[str] = []
    for word in text.split(" "):
        if word.lower().split("'")[0] in COMMON_WORDS or word.lower() in _JOINERS:
            break
        kept.append(word)
    return " ".join(kept)
