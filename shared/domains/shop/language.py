"""The language of a shop's customers: intents, names and patterns."""

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Protocol

import yaml

from shared.domains.base import Gazetteer, Language
from shared.domains.shop.catalogue import Product

CATEGORY_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "running shoes": ("running shoe", "runners", "trainers", "jogging shoes", "trail shoes", "跑鞋", "跑步鞋"),
    "sneakers": ("sneaker", "运动鞋"),
    "boots": ("boot", "hiking boots", "winter boots", "靴子"),
    "jackets": ("jacket", "coat", "coats", "parka", "外套", "夹克"),
    "shirts": ("shirt", "t-shirt", "t-shirts", "tee", "tees", "衬衫"),
    "trousers": ("pants", "chinos", "jeans", "裤子"),
    "backpacks": ("backpack", "rucksack", "rucksacks", "day pack", "背包"),
    "headphones": ("headphone", "earbuds", "earphones", "headset", "耳机"),
    "speakers": ("speaker", "音箱"),
    "watches": ("watch", "smartwatch", "手表"),
    "water bottles": ("water bottle", "bottle", "bottles", "flask", "水壶"),
    "tents": ("tent", "帐篷"),
    "sleeping bags": ("sleeping bag", "睡袋"),
    "kettles": ("kettle", "烧水壶"),
    "coffee makers": ("coffee maker", "coffee machine", "espresso machine", "french press", "咖啡机"),
}
COLOUR_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "black": ("黑色", "黑"),
    "white": ("白色",),
    "blue": ("navy", "蓝色"),
    "red": ("红色",),
    "green": ("绿色",),
    "grey": ("gray", "灰色"),
}

PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "garment_size": re.compile(
        r"(?:(?<=\bsize )|(?<=\bsize: )"
        r"|(?<=\bin )(?=\S*L\b|(?:2[89]|[34]\d)\b(?! ?(?:%|day|hour|min|week|month|year))))"
        r"(?P<value>\d{2}|XXL|XL|XS|S|M|L)\b",
        re.IGNORECASE,
    ),
    "cheapest": re.compile(
        r"(?P<value>\b(?:cheapest|cheaper|least expensive|low(?:er|est) price)\b|最便宜|便宜一?点)", re.IGNORECASE
    ),
    "more": re.compile(
        r"\b(?P<value>(?:show )?(?:me )?more(?: options)?|others?|anything else|what else)\b", re.IGNORECASE
    ),
    "feature": re.compile(
        r"\b(?P<value>waterproof|noise[- ]cancell?ing|wireless|insulated|light(?:weight)?|leather|gps|winter|summer|"
        r"trail|hiking|bluetooth)\b",
        re.IGNORECASE,
    ),
    "aspect": re.compile(
        r"(?P<value>\b(?:sizes?|colou?rs?|price|cost|how much|battery|rating|material)\b|多少钱|价格)", re.IGNORECASE
    ),
    "all": re.compile(r"\b(?P<value>all(?: of them| my orders)?|every|history|past|previous)\b", re.IGNORECASE),
    "latest": re.compile(r"\b(?P<value>last|latest|most recent|newest)\b(?= (?:one|order|purchase)?)", re.IGNORECASE),
}


class Products(Protocol):
    """Where the names come from."""

    async def all(self) -> tuple[Product, ...]: ...


async def gazetteer(tools: Products) -> Gazetteer:
    """The names of products, categories, brands and colours. The value of a product is its SKU."""
    products = await tools.all()
    categories = sorted({product.category for product in products})
    return Gazetteer(
        {
            "product": {product.sku: (product.name,) for product in products},
            "category": {category: CATEGORY_NAMES.get(category, ()) for category in categories},
            "brand": dict.fromkeys(sorted({product.brand for product in products}), ()),
            "colour": dict(COLOUR_NAMES),
        }
    )


def language() -> Language:
    """The pack's language, with its intents from `intents.yaml`."""
    spoken = yaml.safe_load(files(__package__).joinpath("intents.yaml").read_text(encoding="utf-8"))
    return Language(
        intents={intent: tuple(utterances) for intent, utterances in spoken.items()},
        patterns=PATTERNS,
        modifications=("instead", "cheaper", "only"),
        sentiment={"broken": -2.0, "damaged": -2.0, "late": -1.0, "wrong item": -2.0, "refund": -0.5},
        currency="USD",
    )
