"""Whether what a model says is borne out by what is known: figures, names, codes and addresses. Pure.

It holds a sentence against the words a pack would have said and the facts behind them. It errs on the side of the
pack's words: what it cannot place counts as made up.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pydantic import JsonValue

# A number as it is read: what stands before it, its digits with separators, and the unit that scales or names it.
_UNIT: Final = (
    r"%|‰|(?:percent|per cent|lakhs?|crores?|cr|l|k|m|mn|bn|million|billion|thousand|hundred|dozen|dollars?|euros?"
    r"|pounds?|rupees?|yuan|cents?|bhk)(?![a-z])|[万亿千百折成元块倍]"
)
_NUMBER: Final = re.compile(
    r"(?P<sign>(?:rs\.?|inr|usd|eur|gbp|cny|rmb|sgd|s\$|[$€£¥₹#])\s?)?(?P<digits>\d[\d,]*(?:\.\d+)?)"
    rf"(?:[ -]?(?P<unit>{_UNIT}))?",
    re.IGNORECASE,
)
_SAME: Final = {
    "percent": "%",
    "per cent": "%",
    "lakh": "l",
    "lakhs": "l",
    "crore": "cr",
    "crores": "cr",
    "mn": "m",
    "million": "m",
    "块": "元",
    "rs": "₹",
    "rs.": "₹",
    "inr": "₹",
    "usd": "$",
}
_ONES: Final = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_TENS: Final = "thirty forty fifty sixty seventy eighty ninety hundred"
_SPELLED: Final = {
    **{word: number for number, word in enumerate(f"{_ONES} seventeen eighteen nineteen twenty".split())},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), 3)},
}
_AMOUNTS: Final = "thousand million billion lakh crore dozen half double twice triple free"
_QUANTITIES: Final = frozenset(_AMOUNTS.split())
_CHINESE_NUMBER: Final = re.compile(
    r"[零一二两三四五六七八九十百千万亿]{2,}|[二两三四五六七八九十百千万亿半](?=[折成元块倍位人天月年个件款份])|免费|赠送"
)
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CODE: Final = re.compile(r"[a-z0-9]*(?:[a-z][-_]?\d|\d[-_]?[a-z])[a-z0-9_-]*", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\S*(?:://|@|www\.)\S*|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE)
_MARKUP: Final = frozenset("<>{}[]|\\`")
_DENIAL: Final = re.compile(
    r"\b(?:not|no|none|never|without|cannot|unable|nothing|neither|nor|sold out|unavailable|out of stock)\b|n['’]t\b"
    r"|[不没無无未否勿]|非(?!常)|免(?!费)|缺货|售罄",
    re.IGNORECASE,
)
_OPENING: Final = (
    "a about above across after all along also although among an and another any are as at based because before "
    "below besides between both but by can choose click come compared could currently did do does during each "
    "either enjoy even every everything feel finally find first for from get give go good got great had happy has "
    "have having hello help here hi how however i if in interested is it its just kindly last let like looking "
    "made many may maybe meanwhile more most my need next now of ok okay on once one only or order orders other "
    "our out over overall perfect perhaps pick please prices priced rated right see should simply since so some "
    "soon starting still such sure take tell thank thanks that the their them then there these they this those "
    "three through to together two under until up use very want was we welcome well were what whatever when where "
    "whether which while who why will with within would yes yet you your yours"
)
_OPENERS: Final = frozenset(_OPENING.split())
"""Words that may open a sentence though the source has them nowhere."""
_CLAIMS: Final = {
    "rises": r"\b(?:rose|ris(?:e|es|en|ing)|increas\w*|gr[eo]w\w*|higher|highest|gain\w*)\b|上升|增长|提高|增加",
    "falls": r"\b(?:fell|fall\w*|drop\w*|decreas\w*|declin\w*|lower\w*|lowest|worse|worst)\b|下降|下跌|减少|降低",
    "extremes": r"\b(?:best|cheapest|top|most popular)\b|最[高低好大]",
    "delivery": r"\b(?:deliver\w*|arriv\w*)\b|送达",
    "sending": r"\b(?:ship\w*|sent|on (?:its|the) way|dispatch\w*)\b|发货",
    "cancelling": r"\b(?:cancel\w*|call\w* off)\b|取消",
    "returning": r"\b(?:return(?:s|ed|ing|able)?|refund\w*|compensat\w*|reimburs\w*)\b|退货|退款|赔偿",
    "booking": r"\b(?:book(?:ed|ing)|confirmed|reserved|scheduled|registered)\b|预约|已确认",
    "giving": r"\b(?:discount\w*|coupon\w*|voucher\w*|gift\w*|bonus\w*|waive\w*|promo\w*|sale|deal)\b|折扣|优惠|赠",
    "promising": r"\b(?:guarant\w*|promis\w*|warrant\w*|insur\w*|approved|eligible)\b|保证|承诺|保修",
    "paying": r"\b(?:paid|pay(?:ment)?s?|charged?|transfer\w*|password|credit card|bank)\b|付款|转账|密码",
}
_CLAIM: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _CLAIMS.items()), re.IGNORECASE)
"""What commits the pack to something, or turns a figure round: by kind, each only where the source has its kind."""
_Number = tuple[str, Decimal, str]


@dataclass(frozen=True, slots=True)
class Source:
    """What may be said: the pack's own words, and what lies behind them."""

    words: frozenset[str]
    numbers: frozenset[_Number]
    text: str
    claims: frozenset[str]

    @classmethod
    def of(cls, *known: JsonValue) -> "Source":
        """The source that texts, figures, lists and tables make."""
        text = _plain(" \n ".join(_leaves(list(known))))
        return cls(frozenset(_words(text)), frozenset(_numbers(text)), text.casefold(), frozenset(_claims(text)))

    def bears_out(self, sentence: str) -> bool:
        """Whether everything in the sentence that can be held against the source occurs in it."""
        said = _plain(sentence)
        return (
            not any(each in _MARKUP or _is_control(each) for each in said)
            and all(each.casefold() in self.text for each in _ADDRESS.findall(said))
            and all(each.group().casefold() in self.text for each in _CODE.finditer(said) if not _measure(each.group()))
            and all(each in self.numbers for each in _numbers(said))
            and all(each in self.text for each in _CHINESE_NUMBER.findall(said))
            and all(self._knows_quantity(word) for word in _words(_NUMBER.sub(" ", said)))
            and all(claim in self.claims for claim in _claims(said))
            and all(word in self.words for word in _names(said))
        )

    def _knows_quantity(self, word: str) -> bool:
        if word in self.words or word == "one":
            return True
        if word in _SPELLED:
            return any(known == _SPELLED[word] for _, known, _ in self.numbers)
        return word not in _QUANTITIES


def denies(text: str) -> bool:
    """Whether it says that something is not so: no wording of it may lose that."""
    return bool(_DENIAL.search(text))


def _is_control(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) == "Cc"


def _claims(text: str) -> Iterator[str]:
    for match in _CLAIM.finditer(text):
        yield match.lastgroup or ""


def _plain(text: str) -> str:
    """The same characters for the same things; hidden ones are gone."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(character for character in folded if unicodedata.category(character) != "Cf").replace("\n", " \n ")


def _leaves(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield key.replace("_", " ")
            yield from _leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    elif value is not None:
        yield value if isinstance(value, str) else json.dumps(value)


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        word = match.group().casefold().replace("’", "'")
        yield word
        if "'" in word:
            yield word.partition("'")[0]


def _names(text: str) -> Iterator[str]:
    """Words with a capital: names, months, codes. One that opens a sentence may be an ordinary one."""
    opens = True
    for match in _WORD.finditer(text):
        word = match.group()
        between = text[: match.start()].rstrip(" \t\"'“”‘’(*-–—")
        opens = not between or between[-1] in ".!?:;。！？：；\n"
        folded = word.casefold().replace("’", "'").partition("'")[0]
        ordinary = opens and folded in _OPENERS and word[1:].islower()
        if word != word.lower() and folded != "i" and not ordinary and word != "A":
            yield folded


def _numbers(text: str) -> Iterator[_Number]:
    for match in _NUMBER.finditer(text):
        before = text[: match.start()]
        if before and (before[-1].isalpha() and before[-1].isascii()) and not match["sign"]:
            continue  # part of a code, which is checked whole
        yield _same(match["sign"]), Decimal(match["digits"].replace(",", "")).normalize(), _same(match["unit"])


def _same(mark: str | None) -> str:
    """One spelling for the same unit or currency."""
    plain = (mark or "").strip().casefold()
    return _SAME.get(plain, plain)


def _measure(code: str) -> bool:
    """Whether a code is a number with its unit, such as `2bhk` or `85l`."""
    return _NUMBER.fullmatch(code) is not None
