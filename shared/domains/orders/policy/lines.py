"""What people order, line by line, out of their words in English, Chinese or Malay. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domains.orders.state import Wish

_SIZE_UNITS: Final[Mapping[str, str]] = {
    "inch": "inch", "inches": "inch", "in": "inch", '"': "inch", "”": "inch", "''": "inch", "寸": "inch",
    "英寸": "inch", "吋": "inch", "inci": "inch", "oz": "oz", "ounce": "oz", "ounces": "oz", "盎司": "oz", "安士": "oz",
    "ml": "ml", "毫升": "ml", "cc": "ml", "cm": "cm", "厘米": "cm", "公分": "cm", "mm": "mm", "毫米": "mm",
}  # fmt: skip
_SIZE: Final = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)\s*-?\s*(?P<unit>inch(?:es)?|inci|in(?=\s+(?:pizza|box))|oz|ounces?|ml|cc|cm|mm|''|[\"”]|英寸|寸|吋|盎司|安士|毫升"
    r"|厘米|公分|毫米)(?![a-z])",
    re.IGNORECASE,
)
_LITRES: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?:l|litres?|liters?|升|liter)(?![a-z])", re.IGNORECASE)
_NAMED_SIZES: Final[Mapping[str, str]] = {
    "small": "small", "kecil": "small", "小号": "small", "小": "small", "medium": "medium", "sederhana": "medium",
    "中号": "medium", "中": "medium", "large": "large", "big": "large", "besar": "large", "大号": "large",
    "大": "large",
}  # fmt: skip
_NAMED_SIZE: Final = re.compile(
    r"\b(?P<latin>small|medium|large|big|kecil|sederhana|besar)\b|(?P<chinese>[小中大]号?)(?=[^\s]*(?:袋|盒|手套|号))",
    re.IGNORECASE,
)
_UNITS: Final = (
    r"(?:x|pcs?|pieces?|boxes|box|packs?|packets?|rolls?|units?|sets?|keping|biji|kotak|gulung|pek|helai|unit|"
    r"个|只|盒|包|卷|箱|套|张|副|双|条)"
)
_WORDS_FOR_NUMBERS: Final[Mapping[str, int]] = {
    "fifty": 50, "a hundred": 100, "one hundred": 100, "hundred": 100, "two hundred": 200, "three hundred": 300,
    "four hundred": 400, "five hundred": 500, "a thousand": 1000, "one thousand": 1000, "two thousand": 2000,
    "a dozen": 12, "seratus": 100, "dua ratus": 200, "tiga ratus": 300, "lima ratus": 500, "seribu": 1000,
    "一百": 100, "两百": 200, "二百": 200, "三百": 300, "四百": 400, "五百": 500, "一千": 1000, "两千": 2000,
}  # fmt: skip
_SPELLED: Final = re.compile(
    "|".join(rf"\b{word}\b" if word.isascii() else word for word in sorted(_WORDS_FOR_NUMBERS, key=len, reverse=True)),
    re.IGNORECASE,
)
_QUANTITY: Final = re.compile(
    rf"(?<![A-Za-z0-9#.-])(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<thousand>k\b)?\s*(?P<unit>{_UNITS}(?![a-z]))?",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(
    r"\s*(?:,(?!\d{3})|;|\n|\+|、|，|；|。|\bplus\b|\band\b|\bdan\b|&|以及|还有|和)\s*|\.\s+", re.IGNORECASE
)
_COURTESIES: Final = (
    "hi hello hey hai salam please pls tolong thanks thank ya yes ok okay boleh we i kami saya me us you my our it "
    "that them those need needs want would like to order get send give hantar nak mahu perlu perlukan pesan tempah "
    "can could have some more another extra also add tambah lagi make change instead now too as well will be is are "
    "do does much how many berapa ada price harga stock stok for of the a an untuk size saiz sized today tomorrow "
    "esok x pc pcs piece pieces"
)
"""Words around the name of a product."""
_NOT_ITS_NAME: Final = re.compile(
    rf"\b(?:{'|'.join(_COURTESIES.split())}|good (?:morning|afternoon|evening)|selamat (?:pagi|petang|malam)"
    r"|pizzas(?=\s*$))\b|您好|你好|请|我们|我|需要|想要|要|订购|订|买|给|来|送|再|加|的|麻烦|早上好|多少钱|有没有|有货吗|价格|吗|呢|谢谢",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of goods, and where it stands in the words."""

    number: int
    start: int
    end: int


def wishes_in(text: str) -> tuple[Wish, ...]:
    """The lines that the words name; a part without a product's name belongs to the line before it."""
    wishes: list[Wish] = []
    for part in _SPLIT.split(text):
        wish = wish_in(part)
        if wish.words:
            wishes.append(wish)
        elif wishes and (wish.quantity or wish.size):
            wishes[-1] = _completed(wishes[-1], wish)
        elif wish.quantity or wish.size:
            wishes.append(wish)
    return tuple(_joined(wishes))


def wish_in(part: str) -> Wish:
    """What one part of the words names."""
    size, rest = _size(part)
    amount = _amount(rest)
    if amount is not None:
        rest = f"{rest[: amount.start]} {rest[amount.end :]}"
    words = " ".join(_NOT_ITS_NAME.sub(" ", rest).split()).strip(" .!?！？：:'\"-")
    return Wish(words=words, quantity=None if amount is None else amount.number, size=size)


def size_in(text: str) -> str | None:
    """The size that is named: 10 inch, 12 oz, large."""
    return _size(text)[0]


def quantity_in(text: str) -> int | None:
    """The amount that is named, sizes aside."""
    amount = _amount(_size(text)[1])
    return None if amount is None else amount.number


def _size(text: str) -> tuple[str | None, str]:
    measured = _SIZE.search(text)
    if measured is not None:
        unit = _SIZE_UNITS[measured["unit"].lower()]
        return f"{_plain(measured['number'])} {unit}", _without(text, measured)
    litres = _LITRES.search(text)
    if litres is not None:
        return f"{_plain(str(float(litres['number']) * 1000))} ml", _without(text, litres)
    named = _NAMED_SIZE.search(text)
    if named is not None:
        return _NAMED_SIZES[named.group().lower()], _without(text, named)
    return None, text


def _amount(text: str) -> Amount | None:
    found = _QUANTITY.search(text)
    if found is not None:
        number = int(found["number"].replace(",", "")) * (1000 if found["thousand"] else 1)
        # "400 boxes": the unit may be all that is said of the product, so it stays.
        end = found.end("thousand") if found["thousand"] else found.end("number")
        return Amount(number, found.start(), end)
    spelled = _SPELLED.search(text)
    if spelled is None:
        return None
    return Amount(_WORDS_FOR_NUMBERS[spelled.group().lower()], spelled.start(), spelled.end())


def _joined(wishes: list[Wish]) -> Iterator[Wish]:
    """An amount or a size that stands before its product, "400, pizza boxes", belongs to it."""
    waiting: Wish | None = None
    for wish in wishes:
        if not wish.words:
            waiting = wish
            continue
        yield wish if waiting is None else _completed(wish, waiting)
        waiting = None
    if waiting is not None:
        yield waiting


def _completed(wish: Wish, other: Wish) -> Wish:
    """The wish with what only the other says."""
    return wish.model_copy(update={"quantity": wish.quantity or other.quantity, "size": wish.size or other.size})


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _plain(number: str) -> str:
    return number.removesuffix(".0")
