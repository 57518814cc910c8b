"""How the order desk says things, in English, Chinese and Malay."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from typing import Final

import yaml

from shared.domains.dates import MALAY_MONTHS
from shared.domains.orders.catalogue import Product
from shared.domains.orders.state import Language

_PHRASES: Final[Mapping[str, Mapping[str, str]]] = yaml.safe_load(
    files(__package__).joinpath("phrases.yaml").read_text(encoding="utf-8")
)
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_MALAY: Final = re.compile(
    r"\b(?:saya|kami|kita|awak|nak|mahu|hendak|perlu(?:kan)?|boleh|tolong|selamat|pagi|petang|malam|terima kasih|kotak|"
    r"hantar|berapa|esok|batal(?:kan)?|pesan(?:an)?|tempah(?:an)?|ada|stok|harga|dan|untuk|ya|tidak|tak|apa khabar|"
    r"tambah|tukar|resit|invois|cawan|beg|tisu|penghantaran|assalamualaikum|salam)\b",
    re.IGNORECASE,
)
_ENGLISH: Final = re.compile(
    r"\b(?:the|we|i|is|are|need|want|please|order|can|you|my|our|boxes|cups|for|and|how|what|send|thanks|hello|hi|make|it|add|remove|change"
    r"|cancel|where|when|more)\b",
    re.IGNORECASE,
)
_SIZES: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {},
    "zh": {
        "inch": "寸", "oz": "盎司", "ml": "毫升", "cm": "厘米", "mm": "毫米",
        "small": "小号", "medium": "中号", "large": "大号",
    },
    "ms": {"inch": "inci", "small": "kecil", "medium": "sederhana", "large": "besar"},
}  # fmt: skip
_UNITS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {},
    "zh": {
        "box": "个", "cup": "个", "lid": "个", "straw": "根", "bowl": "个", "bag": "个", "pack": "包", "roll": "卷",
    },
    "ms": {
        "box": "kotak", "cup": "cawan", "lid": "penutup", "bowl": "mangkuk", "bag": "beg", "pack": "pek",
        "roll": "gulung",
    },
}  # fmt: skip
_DAYS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "ms": ("Isnin", "Selasa", "Rabu", "Khamis", "Jumaat", "Sabtu", "Ahad"),
}
_LONGEST_REPEATED: Final = 40


def language_of(text: str, before: Language) -> Language:
    """The language somebody writes in; what says nothing of it, such as a number, is in the one before."""
    if _CHINESE.search(text):
        return "zh"
    malay, english = len(_MALAY.findall(text)), len(_ENGLISH.findall(text))
    if malay == english:
        return before
    return "ms" if malay > english else "en"


def called(product: Product, language: Language) -> str:
    """A product's name with its size: Pizza box 10 inch, 披萨盒10寸, Kotak pizza 10 inci."""
    if language == "en":
        return product.name
    kind = product.name_zh if language == "zh" else product.name_ms
    if product.size is None:
        return kind
    return kind + ("" if language == "zh" else " ") + size_in(product.size, language)


def size_in(size: str, language: Language) -> str:
    """A size in another language: 10 inch, 10寸, 10 inci."""
    number, _, unit = size.rpartition(" ")
    said = _SIZES[language].get(unit, unit)
    return f"{number}{said}" if language == "zh" else f"{number} {said}".strip()


def unit_in(unit: str, language: Language) -> str:
    """What one of a product is called: box, 个, kotak."""
    return _UNITS[language].get(unit, unit)


def shortened(words: str) -> str:
    """Words of somebody else's, short enough to be repeated to them."""
    return words if len(words) <= _LONGEST_REPEATED else f"{words[: _LONGEST_REPEATED - 1]}…"


def kinds(products: Iterable[Product], language: Language) -> tuple[str, ...]:
    """The kinds of products, each once."""
    ordered = sorted(products, key=lambda product: product.category)
    names = {"en": "category", "zh": "name_zh", "ms": "name_ms"}[language]
    return tuple(dict.fromkeys(getattr(product, names) for product in ordered))


def say(language: Language, phrase: str, **values: object) -> str:
    """A phrase with its values."""
    return _PHRASES[phrase][language].format(**values)


def money(cents: int) -> str:
    """An amount in Singapore dollars: $1,234.50."""
    return f"${cents / 100:,.2f}"


def day(moment: date, language: Language) -> str:
    """A day: Monday 23 November."""
    weekday = _DAYS[language][moment.weekday()]
    if language == "zh":
        return f"{moment.month}月{moment.day}日（{weekday}）"
    month = f"{moment:%B}" if language == "en" else MALAY_MONTHS[moment.month - 1]
    return f"{weekday} {moment.day} {month}"


def listed(words: Iterable[str], language: Language, *, either: bool = False) -> str:
    """ "a, b and c", or "a, b or c"."""
    *most, final = words
    link = {"en": " or " if either else " and ", "zh": "或" if either else "和", "ms": " atau " if either else " dan "}
    comma = "、" if language == "zh" else ", "
    return f"{comma.join(most)}{link[language]}{final}" if most else final
