"""The words in which what was found is told, in English, Chinese and Malay. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel

from shared.domains.dates import MALAY_MONTHS

_TOLD: Final = 3
_LONGEST: Final = 120
_WORD: Final = re.compile(r"[^\W\d_\u3400-\u9fff]+|\d+|[\u3400-\u9fff]")
_SMALL_TALK: Final = 2
"""So many words or Chinese characters say little: "ok", "thanks a lot" is told only where there is nothing else."""


class Recalled(BaseModel):
    """Something the person said before, and what was answered."""

    session_id: str
    said: str
    said_at: AwareDatetime
    answered: str | None = None
    found_by: tuple[Literal["words", "meaning"], ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """What was asked for and what was found. `found` None: memory did not answer."""

    topic: str
    found: Sequence[Recalled] | None
    last: Sequence[Recalled]
    """The last session there was, where nothing was found of a certain time."""
    of_a_time: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Sentences of one language; `when` is a day in words, `said` what was said in quotes."""

    unknown: str
    nothing: str
    nothing_then: str
    nothing_about: str
    last: str
    last_among_others: str
    then: str
    about: str
    about_too: str
    closest: str
    quotes: str
    between: str
    before_last: str
    day: Callable[[datetime, datetime], str]


_ENGLISH_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _english_day(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return "earlier today"
    if at.date() == now.date() - timedelta(days=1):
        return "yesterday"
    year = "" if at.year == now.year else f" {at.year}"
    return f"on {at.day} {_ENGLISH_MONTHS[at.month - 1]}{year}"


def _chinese_day(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return "今天早些时候"
    if at.date() == now.date() - timedelta(days=1):
        return "昨天"
    year = "" if at.year == now.year else f"{at.year}年"
    return f"{year}{at.month}月{at.day}日"


def _malay_day(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return "tadi"
    if at.date() == now.date() - timedelta(days=1):
        return "semalam"
    year = "" if at.year == now.year else f" {at.year}"
    return f"pada {at.day} {MALAY_MONTHS[at.month - 1]}{year}"


_ENGLISH: Final = _Phrases(
    unknown="I cannot look into our earlier conversations right now. Please ask me again in a moment.",
    nothing="I find no earlier conversation with you.",
    nothing_then="I find nothing from then.",
    nothing_about="I find nothing about “{topic}” in our earlier conversations.",
    last="Last time, {when}, you asked: {said}.",
    last_among_others="Last time, {when}, you asked, among other things: {said}.",
    then="{when} you asked: {said}.",
    about="{when} you said: {said}.",
    about_too="And {when}: {said}.",
    closest="I find nothing in those words. The closest is what you said {when}: {said}.",
    quotes="“{}”",
    between=", ",
    before_last=" and ",
    day=_english_day,
)
_CHINESE: Final = _Phrases(
    unknown="我暂时查不到之前的对话，请稍后再问我一次。",
    nothing="我没有找到您之前的对话。",
    nothing_then="那段时间没有找到您的对话。",
    nothing_about="在之前的对话里，我没有找到您提到“{topic}”。",
    last="上次（{when}）您问的是：{said}。",
    last_among_others="上次（{when}）您问的主要有：{said}。",
    then="{when}您问的是：{said}。",
    about="{when}您说过：{said}。",
    about_too="还有{when}：{said}。",
    closest="没有找到一样的说法，最接近的是{when}您说的：{said}。",
    quotes="“{}”",
    between="、",
    before_last="和",
    day=_chinese_day,
)
_MALAY: Final = _Phrases(
    unknown="Saya tidak dapat melihat perbualan kita yang lalu sekarang. Sila tanya sekali lagi sebentar nanti.",
    nothing="Saya tidak menemui perbualan yang lalu dengan anda.",
    nothing_then="Saya tidak menemui apa-apa dari waktu itu.",
    nothing_about="Saya tidak menemui apa-apa tentang “{topic}” dalam perbualan kita yang lalu.",
    last="Kali lepas, {when}, anda bertanya: {said}.",
    last_among_others="Kali lepas, {when}, anda bertanya antara lain: {said}.",
    then="{when} anda bertanya: {said}.",
    about="{when} anda berkata: {said}.",
    about_too="Dan {when}: {said}.",
    closest="Saya tidak menemui perkataan itu. Yang paling hampir ialah kata anda {when}: {said}.",
    quotes="“{}”",
    between=", ",
    before_last=" dan ",
    day=_malay_day,
)
_LANGUAGES: Final[Mapping[str, _Phrases]] = {"zh": _CHINESE, "ms": _MALAY}


def tell(telling: Telling, language: str) -> tuple[str, Sequence[Recalled]]:
    """What to say, and what of what was found it tells. `language` is BCP 47; English for one that is not known."""
    phrases = _LANGUAGES.get(language.partition("-")[0].lower(), _ENGLISH)
    if telling.found is None:
        return phrases.unknown, ()
    if telling.topic:
        return _about(telling, phrases)
    if telling.found:
        said = _worth_telling(telling.found)
        return _listed(phrases.then if telling.of_a_time else _last(phrases, telling.found), said, telling, phrases)
    if telling.last:
        text, said = _listed(_last(phrases, telling.last), _worth_telling(telling.last), telling, phrases)
        return _joined(phrases.nothing_then, text), said
    return phrases.nothing_then if telling.of_a_time else phrases.nothing, ()


def _about(telling: Telling, phrases: _Phrases) -> tuple[str, Sequence[Recalled]]:
    """What was said about a topic: the best of what has its words, else the closest in meaning."""
    found = telling.found or ()
    spelled = [each for each in found if "words" in each.found_by][:2]
    if spelled:
        first, *others = spelled
        text = _one(phrases.about, first, telling, phrases)
        return _joined(text, *(_one(phrases.about_too, each, telling, phrases) for each in others)), spelled
    if found:
        return _one(phrases.closest, found[0], telling, phrases), found[:1]
    return phrases.nothing_about.format(topic=_shortened(telling.topic)), ()


def _last(phrases: _Phrases, found: Sequence[Recalled]) -> str:
    return phrases.last_among_others if len(_worth_telling(found)) < len(found) else phrases.last


def _worth_telling(found: Sequence[Recalled]) -> Sequence[Recalled]:
    """The last few things that say something."""
    telling = [each for each in found if len(_WORD.findall(each.said)) > _SMALL_TALK]
    return (telling or found)[-_TOLD:]


def _listed(
    phrase: str, said: Sequence[Recalled], telling: Telling, phrases: _Phrases
) -> tuple[str, Sequence[Recalled]]:
    *others, last = (phrases.quotes.format(_shortened(each.said)) for each in said)
    listed = phrases.between.join(others) + phrases.before_last + last if others else last
    return _sentence(phrase, phrases.day(said[-1].said_at, telling.now), listed), said


def _one(phrase: str, found: Recalled, telling: Telling, phrases: _Phrases) -> str:
    return _sentence(phrase, phrases.day(found.said_at, telling.now), phrases.quotes.format(_shortened(found.said)))


def _sentence(phrase: str, when: str, said: str) -> str:
    text = phrase.format(when=when, said=said)
    return text[0].upper() + text[1:]


def _joined(*sentences: str) -> str:
    """Sentences with a space between them, but for Chinese."""
    return "".join(each if each.endswith("。") else f"{each} " for each in sentences).rstrip()


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
