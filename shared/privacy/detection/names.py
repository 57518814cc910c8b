"""People's names, where words announce one. A name without such words is not found: that needs a model."""

import re
from collections.abc import Iterator
from typing import Final

from shared.privacy.detection.folding import Folded
from shared.privacy.detection.name_words import DOUBLE_SURNAMES, NO_CHINESE_NAMES, NO_NAMES, SURNAMES
from shared.privacy.detection.spans import Kind, Span

_LATIN: Final = r"[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f'’-]{1,30}"
_NAME: Final = rf"{_LATIN}(?: (?:(?:bin|binte|s/o|d/o|a/l|de|van|der|al)\s)?{_LATIN}| [A-Z]\.?(?= {_LATIN}|$)){{0,3}}"
_ANY: Final = (
    r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’-]{1,30}(?: [A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’-]{1,30}){0,3}"
)
_START: Final = r"(?<![A-Za-z])"

# Announced beyond doubt: a name in lower case too.
_SURE: Final = re.compile(
    rf"{_START}(?i:(?:my|his|her|full|first|last|the)? ?names?(?: is| are|'s|’s|:| -)|i go by|call me|known as|"
    rf"(?:contact|attention|attn|recipient|customer|sender|receiver)(?: person| name)?(?: is|:)|"
    rf"(?:under|in) the name(?: of)?|booked (?:under|for)) ?(?P<name>{_ANY})"
)
# As likely something else: only with a capital letter.
_LIKELY: Final = (
    re.compile(
        rf"{_START}(?i:i'?m|i’m|i am|im|myself|it'?s|this is|ask for|speak to|spoke (?:to|with)) (?P<name>{_NAME})"
    ),
    re.compile(rf"{_START}(?i:mr|mrs|ms|mdm|madam|miss|dr|prof|sir)\.? (?P<name>{_NAME})"),
    re.compile(rf"(?:^|[.!?,\n] ?)(?:(?i:hi|hello|hey)[,!]? )?(?P<name>{_NAME}) (?:here|speaking|calling)(?![A-Za-z])"),
    re.compile(
        r"(?i:(?:best |kind |warm )?(?:regards|wishes)|thanks(?: (?:and|&) regards)?|thank you|cheers|sincerely|yours)"
        rf"[,.!]?\s*[\n-]?\s*[-–]?\s*(?P<name>{_NAME})\s*[.!]?\s*$"
    ),
    re.compile(
        rf"{_START}(?i:my (?:wife|husband|son|daughter|brother|sister|mother|father|friend|boss|colleague|partner)),? "
        rf"(?P<name>{_NAME})"
    ),
)

_HAN: Final = r"[\u4e00-\u9fff]"
_SURNAME: Final = rf"(?:{'|'.join(DOUBLE_SURNAMES)}|[{SURNAMES}])"
_FULL: Final = rf"(?:{_SURNAME}{_HAN}{{1,2}})"
_PINYIN: Final = "[A-Za-z]{2,20}(?: [A-Za-z]{2,20})?"
_END: Final = r"(?=[\s,.;:!?、。,的]|$|电话|手机|和|,)"
_CHINESE: Final = (
    re.compile(rf"(?:我叫|我的?名字[是叫]|本人|名叫|叫我)(?P<name>{_FULL}|{_HAN}{{2,3}}{_END}|{_PINYIN})"),
    re.compile(
        rf"(?:姓名|名字|联系人|收件人|收货人|客户名|称呼|持卡人)\s?(?:是|叫|为|:)?\s?(?P<name>{_FULL}|{_PINYIN})"
    ),
    re.compile(rf"(?:我是|这是|这里是|找|联系|问)(?P<name>{_FULL}){_END}"),
    re.compile(rf"(?:我姓|免贵姓|贵姓|姓)(?P<name>{_SURNAME})(?!{_HAN}名)"),
    re.compile(rf"(?P<name>{_SURNAME}{_HAN}{{0,2}}?)(?:先生|女士|小姐|太太|阿姨|老师|经理|总)(?!{_HAN}?们)"),
)


def find_names(folded: Folded) -> Iterator[Span]:
    """`my name is …`, `this is … speaking`, 我叫…, …先生: the name without the words that announce it."""
    text = folded.text
    for match in _SURE.finditer(text):
        yield from _latin(match, 0.85)
    for expression in _LIKELY:
        for match in expression.finditer(text):
            yield from _latin(match, 0.7)
    if not text.isascii():
        for expression in _CHINESE:
            for match in expression.finditer(text):
                if match["name"][:2] not in NO_CHINESE_NAMES:
                    yield Span(Kind.NAME, match.start("name"), match.end("name"), 0.8)


def _latin(match: re.Match[str], confidence: float) -> Iterator[Span]:
    """The words up to the first that is none of a name's."""
    end = match.start("name")
    for word in re.finditer(r"\S+", match["name"]):
        if word[0].lower().strip(".,'’-") in NO_NAMES:
            break
        end = match.start("name") + word.end()
    if end > match.start("name"):
        yield Span(Kind.NAME, match.start("name"), end, confidence)
