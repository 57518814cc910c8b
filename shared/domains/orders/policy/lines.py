"""What people order, line by line, out of their words in English, Chinese or Malay. Pure."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from shared.domains.orders.policy.fillers import FILLERS
from shared.domains.orders.policy.numerals import in_digits
from shared.domains.orders.state import Wish

_SIZE_UNITS: Final[Mapping[str, str]] = {
    "inch": "inch", "inches": "inch", "in": "inch", '"': "inch", "”": "inch", "''": "inch", "寸": "inch",
    "英寸": "inch", "吋": "inch", "inci": "inch", "oz": "oz", "ounce": "oz", "ounces": "oz", "盎司": "oz", "安士": "oz",
    "ml": "ml", "毫升": "ml", "cc": "ml", "cm": "cm", "厘米": "cm", "公分": "cm", "mm": "mm", "毫米": "mm",
}  # fmt: skip
_SIZE_UNIT: Final = (
    r"(?:inch(?:es)?|inci|(?<=\d)in|in(?=\s+(?:pizza|box))|oz|ounces?|ml|cc|cm|mm|''|[\"”]|英寸|寸|吋|盎司|安士|毫升"
    r"|厘米|公分|毫米)(?![a-z])"
)
_SIZE: Final = re.compile(rf"(?<!\d)(?P<number>\d{{1,5}}(?:\.\d{{1,3}})?)\s?-?\s?(?P<unit>{_SIZE_UNIT})", re.IGNORECASE)
_LITRES: Final = re.compile(
    r"(?<!\d)(?P<number>\d{1,3}(?:\.\d{1,3})?)\s?(?:l|litres?|liters?|升|liter)(?![a-z])", re.IGNORECASE
)
_SIZE_NUMBER: Final = re.compile(r"\b(?:sized?|saiz)\s*(?P<number>\d{1,2})\b", re.IGNORECASE)
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
_QUANTITY: Final = re.compile(
    rf"(?<![A-Za-z0-9#.-])(?:x\s?)?(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+)(?!\d|[.,]\d)(?P<thousand>k\b)?"
    rf"(?:[个只包卷箱套张副双条份])?\s*(?P<unit>{_UNITS}(?![a-z]))?",
    re.IGNORECASE,
)
_MOST_DIGITS: Final = 9
"""Of a longer number the first digits are enough: it is more than anybody is sent."""
_GOODS_UNITS: Final = frozenset({"box", "boxes", "kotak", "盒", "roll", "rolls", "gulung", "卷"})
"""Units that are goods as well."""
_MOST_PARTS: Final = 100
_BLANKS: Final = re.compile(r"[^\S\n]+")
_LIST_MARK: Final = re.compile(r"(?:^|(?<=\s))\d{1,2}[.)]\s+")
_SPLIT: Final = re.compile(
    r"\s*(?:,(?!\d{3})|;|\n|\+|、|，|；|。|\bplus\b|\band\b|\bn\b|\bdan\b|&|以及|还有|和)\s*|\.\s+", re.IGNORECASE
)
_REFUSED: Final = re.compile(
    rf"(?:\b(?:not|bukan|instead of)\s+(?:the\s+)?|不是)\d[\d,]*(?:\s*-?\s*{_SIZE_UNIT})?", re.IGNORECASE
)
"""What is named only to say that it is wrong: "12 inch, not 10 inch"."""
_SIZES_TOGETHER: Final = re.compile(
    rf"(?<!\d)(?P<first>\d{{1,2}})\s*(?:and|&|dan|和)\s*(?P<second>\d{{1,2}}\s*-?\s*(?P<unit>{_SIZE_UNIT}))",
    re.IGNORECASE,
)
_OTHER_SIZE: Final = re.compile(
    rf"(?P<old>{_SIZE.pattern.replace('number', 'a').replace('unit', 'b')}).{{0,24}}?"
    rf"(?:\b(?:to|with|for|by|into|ke|kepada|jadi|dengan)\b|[成为到]).{{0,12}}?"
    rf"(?P<new>{_SIZE.pattern.replace('number', 'c').replace('unit', 'd')})",
    re.IGNORECASE,
)
_EACH: Final = re.compile(r"\b(?:each|setiap|masing-masing)\b|每[种个样]|各", re.IGNORECASE)


def wishes_in(text: str) -> tuple[Wish, ...]:
    """The lines that the words name; a part without a product's name belongs to the one beside it."""
    wishes: list[Wish] = []
    unnamed: list[Wish] = []
    for part in _parts(text):
        wish = _wish(part)
        if wish.quantity is not None and wishes and _EACH.search(part):
            wishes = [_completed(each, wish) for each in wishes]
        elif wish.words:
            wishes += _named(unnamed, wish)
            unnamed = []
        elif wish.quantity is not None or wish.size is not None:
            _add_unnamed(wish, wishes or unnamed, named=bool(wishes))
    return tuple(wishes or unnamed)


def wish_in(text: str) -> Wish:
    """The first line that the words name; all of it is open when they name none."""
    return next(iter(wishes_in(text)), Wish(words=""))


def answer_in(text: str) -> tuple[Wish, tuple[Wish, ...]]:
    """What the words say of the line that was asked about, and the lines that they name beside it."""
    parts = _parts(text)
    said = Wish(words="")
    for place, part in enumerate(parts):
        wish = _wish(part)
        if (wish.words and (said.words or said.quantity or said.size)) or _contradict(said, wish):
            return said, wishes_in(" , ".join(parts[place:]))
        said = _completed(wish, said) if wish.words else _completed(said, wish)
    return said, ()


def quantity_in(text: str) -> int | None:
    """The amount that is named, sizes aside."""
    return _quantity(_size(in_digits(text))[1])[0]


def other_size(text: str) -> tuple[str, str] | None:
    """The size that is replaced and the one in its place: "the 10 inch to 12 inch"."""
    found = _OTHER_SIZE.search(in_digits(text))
    sizes = None if found is None else (_size(found["old"])[0], _size(found["new"])[0])
    return None if sizes is None or sizes[0] is None or sizes[1] is None else (sizes[0], sizes[1])


def _parts(text: str) -> list[str]:
    """The parts of a text, each of one line at most."""
    text = _REFUSED.sub(" ", in_digits(_LIST_MARK.sub("\n", _BLANKS.sub(" ", text))))
    text = _SIZES_TOGETHER.sub(r"\g<first> \g<unit> and \g<second>", text)
    return [piece for part in _SPLIT.split(text) for piece in _pieces(part)][:_MOST_PARTS]


def _pieces(part: str) -> Iterator[str]:
    """A part that begins with an amount and names another one later is two: "400 boxes 200 cups"."""
    measured = _blanked(part)
    amounts = [match for match in _QUANTITY.finditer(measured) if not _LITRES.match(measured, match.start())]
    if not amounts or _words(measured[: amounts[0].start()]):
        yield part
        return
    start, named = 0, False
    for before, amount in pairwise(amounts):
        named = named or bool(_words(f"{before['unit'] or ''} {measured[before.end() : amount.start()]}"))
        if named:
            yield part[start : amount.start()]
            start, named = amount.start(), False
    yield part[start:]


def _blanked(text: str) -> str:
    """The text with blanks for its sizes."""
    return re.sub(rf"{_SIZE.pattern}|{_SIZE_NUMBER.pattern.replace('number', 'n')}", _blanks, text, flags=re.IGNORECASE)


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _wish(part: str) -> Wish:
    """What one part of the words names."""
    size, rest = _size(part)
    quantity, unit, rest = _quantity(rest)
    words = _words(rest)
    # "400 boxes": the unit may be all that is said of the product.
    return Wish(words=words or (unit if unit.lower() in _GOODS_UNITS else ""), quantity=quantity, size=size)


def _named(unnamed: list[Wish], wish: Wish) -> Iterator[Wish]:
    """Amounts and sizes before a name belong to it: "400, pizza boxes"; "400 of 10 inch and 200 of 12 inch boxes"."""
    for each in unnamed:
        if _contradict(each, wish):
            yield each.model_copy(update={"words": wish.words})
        else:
            wish = _completed(wish, each)
    yield wish


def _add_unnamed(wish: Wish, wishes: list[Wish], *, named: bool) -> None:
    """An amount or a size after a name completes its line, or is another line of that name."""
    last = wishes[-1] if wishes else None
    if last is None:
        wishes.append(wish)
    elif not _contradict(last, wish):
        wishes[-1] = _completed(last, wish)
    elif wish.size is not None or not named:
        wishes.append(wish.model_copy(update={"words": last.words}))


def _contradict(one: Wish, other: Wish) -> bool:
    """Whether two parts cannot be the same line."""
    amounts = one.quantity is not None and other.quantity is not None
    return amounts or (one.size is not None and other.size is not None)


def _completed(wish: Wish, other: Wish) -> Wish:
    """The wish with what only the other says."""
    quantity = other.quantity if wish.quantity is None else wish.quantity
    return wish.model_copy(update={"quantity": quantity, "size": wish.size or other.size})


def _size(text: str) -> tuple[str | None, str]:
    """The first size, and the text without it."""
    measured = _SIZE.search(text)
    if measured is not None:
        unit = _SIZE_UNITS[measured["unit"].lower()]
        return f"{measured['number'].removesuffix('.0')} {unit}", _without(text, measured)
    litres = _LITRES.search(text)
    if litres is not None:
        return f"{float(litres['number']) * 1000:.0f} ml", _without(text, litres)
    number = _SIZE_NUMBER.search(text)
    if number is not None:
        return number["number"], _without(text, number)
    named = _NAMED_SIZE.search(text)
    if named is not None:
        return _NAMED_SIZES[named.group().lower()], _without(text, named)
    return None, text


def _quantity(text: str) -> tuple[int | None, str, str]:
    """The first amount with its unit, and the text without them."""
    found = _QUANTITY.search(text)
    if found is None:
        return None, "", text
    digits = found["number"].replace(",", "")
    number = int(digits[:_MOST_DIGITS]) * (1000 if found["thousand"] else 1)
    return number, found["unit"] or "", _without(text, found)


def _words(text: str) -> str:
    """What is left of a product's name."""
    return " ".join(FILLERS.sub(" ", text).split()).strip(" .!?！？：:'\"()-")


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
