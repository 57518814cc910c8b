"""Questions about what was said before: "what did I ask about last time?", 我之前提过停车位吗.

Any pack may be asked them, so the core hears them by itself. It errs towards silence: "show me last month's figures"
is a question to a pack, and so is "what did I order last time?". The words that say when are taken out first; what is
left is compared with a few forms of asking.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from services.agent.understanding.gates import Cue, Gate
from services.agent.understanding.normalisation import Normalised, normalise
from shared.events.replies import Entity

RECALL: Final = "recall"
"""The intent of such a question, in every pack."""


@dataclass(frozen=True, slots=True)
class Recollection:
    """What of the past somebody asks for. Without `topic` all of it, without `when` the last time."""

    topic: str
    when: JsonValue
    """A day or period as shared.domains.dates has them."""
    language: str
    certain: bool = True
    """Whether a pack could not mean the same words."""


_UNIT: Final = r"(?:day|week|month|year|night|evening|morning|weekend)"
_DAY: Final = r"(?:mon|tues?|wednes|thurs|fri|satur|sun)day"
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_TALK: Final = r"(?:chat|conversation|session|talk|discussion|call)"
_ENGLISH_TIME: Final = re.compile(
    rf"(?<![a-z'])(?:(?:the )?(?:last|previous) time(?: (?:we|i) (?:talked|spoke|chatted|was here|were here))?"
    rf"|yesterday|the other day|(?:last|previous|past) (?:{_UNIT}|{_DAY})"
    rf"|(?:\d+|an?|one|two|three|four|five|six|a few|a couple of|some) {_UNIT}s? ago"
    rf"|(?:in|during) (?:my|our|the) (?:last|previous|earlier) {_TALK}"
    rf"|(?:before(?: (?:this|today|now))?|previously|in the past)(?=\W*$))(?![a-z'])"
)
_ENGLISH_DAY: Final = re.compile(
    rf"(?<![a-z'])(?:on (?:{_DAY}|the \d\d?(?:st|nd|rd|th)|\d\d?(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} \d\d?"
    rf"(?:st|nd|rd|th)?)|in {_MONTH})(?![a-z'])"
)
_CHINESE_TIME: Final = re.compile(
    r"上一?[次回]|之前|以前|先前|曾经|前几天|(?<!大)前天|昨[天日晚]|上+个?(?:周|星期|礼拜)[一二三四五六日天]?|上个?月|去年"
    r"|\d{1,2}月\d{1,2}[日号]|[一二两三四五六七八九十\d]+(?:天|周|个?星期|个?月)前"
)
_MALAY_TIME: Final = re.compile(
    r"(?<![a-z])(?:kali (?:lepas|terakhir)|tempoh hari|semalam|kelmarin|sebelum ini|(?:minggu|bulan|tahun) lepas)"
    r"(?![a-z])"
)

_WE: Final = r"(?:i|we)"
_SAY: Final = r"(?:ask|talk|discuss|chat|speak|mention|say|tell|enquire|inquire)"
_SAYING: Final = r"(?:asking|talking|discussing|chatting|speaking|saying|telling|enquiring|inquiring)"
_SAID: Final = r"(?:asked|talked|discussed|chatted|spoken|spoke|mentioned|said|told|enquired|inquired)"
_TO: Final = r"(?: (?:to |with )?(?:you|u|me))?"
_ABOUT: Final = r"(?:about|regarding|concerning|of|for|on|that)"
_START: Final = (
    r"^\W*(?:(?:hi|hey|hello|ok|okay|so|and|but|wait|sorry|please|pls|remind me|tell me|do you know|"
    r"(?:can|could) you (?:tell|remind) me)[ ,.!]+)*"
)
_END: Final = r"(?: (?:again|please|pls|exactly|then))*\W*$"
_TOPIC: Final = r"(?P<topic>(?!(?:you|me|us|that|this|it|so|anything|something|right|ok|no|yes)\W*$)\w.*?)"
_ZH_WE: Final = r"(?:我们?|咱们?)"
_ZH_TO: Final = r"(?:[跟和向给对](?:你们?|我))?"
_ZH_SAY: Final = r"(?:问|聊|说|谈|提|讨论|咨询|讲)"
_ZH_WHAT: Final = r"(?:些|一些)?(?:什么|啥|哪些|哪几个|哪儿|哪里|哪)"
_ZH_START: Final = r"^\W*(?:(?:你好|请问|那么?|你?还?记得|帮我(?:看看|查一?下|想想)|告诉我|提醒我)\W*)*"
_ZH_END: Final = r"(?:[呢啊呀吗吧的了]|来着|问题|内容|话题|东西|事情?)*\W*$"
_MS_SAY: Final = r"(?:tanya|cakap|bincang|sebut|beritahu)(?:kan)?"


def _cue(expression: str) -> Cue:
    return Cue(re.compile(expression))


_ALL: Final = _cue(
    rf"{_START}what (?:(?:all|else|exactly|things|topics|questions) )?"
    rf"(?:did {_WE} {_SAY}|(?:was|were) {_WE} {_SAYING}|have {_WE} {_SAID}){_TO}(?: {_ABOUT})?{_END}"
    rf"|{_START}(?:(?:do|can) you (?:still )?(?:remember|recall) )?what {_WE} (?:{_SAID}|(?:was|were) {_SAYING})"
    rf"{_TO}(?: {_ABOUT})?{_END}"
    rf"|{_START}what (?:was|were) (?:my|our) (?:questions?|topics?|{_TALK}s?)(?: about)?{_END}"
)
_LOOKED: Final = _cue(
    rf"{_START}what (?:(?:was|were) {_WE} (?:looking (?:at|for|into)|searching for|interested in)"
    rf"|did {_WE} (?:look (?:at|for|into)|search for|want(?: to know)?|need)){_END}"
    rf"|{_START}where (?:did we (?:leave off|stop)|were we){_END}"
)
_LAST_TALK: Final = _cue(rf"{_START}what (?:was|were) (?:my|our) (?:last|previous) {_TALK}s? (?:about|on){_END}")
_ABOUT_TOPIC: Final = _cue(
    rf"{_START}(?:did|have|had|didn'?t|haven'?t) {_WE} (?:(?:ever|already|previously|not|really) )*(?:{_SAY}|{_SAID})"
    rf"(?: (?:to )?(?:you|u))?(?: anything| something)?(?: {_ABOUT})? {_TOPIC}{_END}"
    rf"|{_START}when did {_WE} (?:last |first )?{_SAY}(?: (?:to )?(?:you|u))?(?: anything| something)?(?: {_ABOUT})? "
    rf"{_TOPIC.replace('topic', 'topic_when')}{_END}"
    rf"|{_START}what (?:did {_WE} {_SAY}|have {_WE} {_SAID}|(?:was|were) {_WE} {_SAYING}){_TO} (?:about|regarding|on) "
    rf"{_TOPIC.replace('topic', 'topic_what')}{_END}"
)
_YOUR_WORDS: Final = _cue(
    rf"{_START}what (?:did you {_SAY}|(?:was|were) you {_SAYING}){_TO} (?:about|on) {_TOPIC}{_END}"
)
_CHINESE: Final = _cue(
    rf"{_ZH_START}{_ZH_WE}(?:都|是|在|所)*{_ZH_TO}(?:都)?{_ZH_SAY}[过了到起的]*(?:是|都是)?{_ZH_WHAT}{_ZH_END}"
)
_CHINESE_TOPIC: Final = _cue(
    rf"{_ZH_START}{_ZH_WE}(?:有没有|有没|是不是|是否){_ZH_TO}{_ZH_SAY}(?:[到起及]|关于)*过?(?:关于)?(?P<topic>.+?)"
    rf"(?:的事情?|的问题)?(?:吗|没有|没|呢)?\W*$"
    rf"|{_ZH_START}{_ZH_WE}{_ZH_TO}{_ZH_SAY}[到起及]?过(?:关于)?(?P<topic_so>.+?)(?:的事情?|的问题)?(?:吗|没有|没|么)\W*$"
    rf"|{_ZH_START}{_ZH_WE}(?:是)?(?:什么时候|哪天|何时){_ZH_TO}{_ZH_SAY}[到起及]?过?的?(?:关于)?"
    rf"(?P<topic_when>[^\W过的].*?)(?:的事情?|的问题|的)?\W*$"
)
_CHINESE_ABOUT: Final = _cue(
    rf"{_ZH_START}{_ZH_WE}?(?:关于|对于)(?P<topic>.+?){_ZH_WE}?{_ZH_TO}{_ZH_SAY}[过了]*{_ZH_WHAT}{_ZH_END}"
)
_MALAY: Final = _cue(rf"^\W*apa (?:yang )?(?:saya|kita|aku) (?:telah )?{_MS_SAY}(?: (?:tentang|pasal))?\W*$")
_MALAY_TOPIC: Final = _cue(
    rf"^\W*(?:pernah(?:kah)?|adakah) (?:saya|kita|aku) (?:pernah )?{_MS_SAY}(?: (?:tentang|pasal|mengenai))? "
    rf"(?P<topic>.+?)\W*$"
)


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of asking, in the words that are left without those that say when."""

    cue: Cue
    times: tuple[re.Pattern[str], ...]
    language: str
    needs_time: bool = True
    certain: bool = True

    @property
    def pattern(self) -> re.Pattern[str]:
        return self.cue.pattern


_FORMS: Final = Gate(
    (
        _Form(_ALL, (_ENGLISH_TIME, _ENGLISH_DAY), "en"),
        _Form(_LAST_TALK, (), "en", needs_time=False),
        _Form(_YOUR_WORDS, (_ENGLISH_TIME,), "en"),
        _Form(_ABOUT_TOPIC, (_ENGLISH_TIME,), "en", needs_time=False),
        _Form(_LOOKED, (_ENGLISH_TIME, _ENGLISH_DAY), "en", certain=False),
        _Form(_CHINESE, (_CHINESE_TIME,), "zh"),
        _Form(_CHINESE_ABOUT, (_CHINESE_TIME,), "zh"),
        _Form(_CHINESE_TOPIC, (_CHINESE_TIME,), "zh", needs_time=False),
        _Form(_MALAY, (_MALAY_TIME,), "ms"),
        _Form(_MALAY_TOPIC, (_MALAY_TIME,), "ms", needs_time=False),
    )
)


def recollected(text: str, entities: Sequence[Entity]) -> Recollection | None:
    """What of the past an utterance asks for whose entities are known."""
    return recollection(normalise(text), entities)


def recollection(words: Normalised, entities: Sequence[Entity] = ()) -> Recollection | None:
    """What of the past the words ask for; None: nothing. `entities` are those read from them."""
    for form in _FORMS.passing(words):
        time = next(filter(None, (each.search(words.lower) for each in form.times)), None)
        if form.needs_time and time is None:
            continue
        start, end = time.span() if time else (0, 0)
        rest = " ".join((words.lower[:start] + _gap(form.language) + words.lower[end:]).split())
        asked = form.pattern.match(rest)
        if asked is not None:
            topic = next(filter(None, asked.groups()), "").strip(" ?.!,，。？！")
            return Recollection(topic, _when(words, entities, start, end), form.language, form.certain)
    return None


def _gap(language: str) -> str:
    """What stands where a time was: nothing in a language without spaces."""
    return "" if language == "zh" else " "


def _when(words: Normalised, entities: Sequence[Entity], start: int, end: int) -> JsonValue:
    """The day or period that was read where the words say when."""
    for each in entities:
        if each.kind in {"date", "period"} and each.text.lower() in words.lower[start:end]:
            return each.value
    return None
