"""The tables of the quantity grammar: currencies, scales, units and the words that bound an amount."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """What an amount of something is: its entity kind and the unit's one name."""

    kind: str
    name: str


CURRENCIES: Final[Mapping[str, str]] = {
    r"us\$|usd|us dollars?|美元|美金": "USD",
    r"s\$|sgd|新币|新元": "SGD",
    r"hk\$|hkd|港币|港元": "HKD",
    r"a\$|aud": "AUD",
    r"₹|rs\.?|inr|rupees?|卢比": "INR",
    r"¥|rmb|cny|yuan|人民币|元|块钱|块": "CNY",
    r"€|eur|euros?|欧元": "EUR",
    r"£|gbp|英镑": "GBP",
    r"aed|dirhams?": "AED",
    r"rm|myr|ringgit|马币|令吉": "MYR",
}
"""How a currency is written -> its ISO 4217 code; `$`, dollars and ¥ depend on the pack's own currency."""

DOLLARS: Final = r"\$|dollars?|bucks"

SCALES: Final[Mapping[str, Decimal]] = {
    r"十万|lakhs?|lacs?|laks?|l": Decimal(10**5),
    r"百万|millions?|mio|mn|mil|m": Decimal(10**6),
    r"千万|crores?|crs?": Decimal(10**7),
    r"亿": Decimal(10**8),
    r"billions?|bn|b": Decimal(10**9),
    r"dozens?|doz": Decimal(12),
    r"hundred|百": Decimal(100),
    r"k|thousand|千": Decimal(10**3),
    r"万|w": Decimal(10**4),
}
"""How a scale is written -> its factor; the compound Chinese ones come before their parts."""

_MEASURES: Final = "人 名 位 个 件 盒 箱 份 套 间 次 条 单 台 款 张 户 瓶 只 双"
UNITS: Final[Mapping[str, Unit]] = {
    r"%|percent|per cent|pct|个百分点": Unit("percent", "%"),
    r"sq\.? ?f(?:ee|oo)?t\.?|sqft|sft|square f(?:ee|oo)t|平方英尺": Unit("area", "sqft"),
    r"sq\.? ?m(?:et(?:er|re)s?)?|sqm|m2|square met(?:er|re)s?|平方米|平米|平方|平(?!均|台|时|方)": Unit("area", "sqm"),
    r"acres?|英亩": Unit("area", "acre"),
    r"亩": Unit("area", "mu"),
    r"inch(?:es)?|\"|英寸|寸": Unit("size", "inch"),
    r"cm|厘米|公分": Unit("size", "cm"),
    r"mm|毫米": Unit("size", "mm"),
    r"kms?|kilomet(?:er|re)s?|公里": Unit("size", "km"),
    r"met(?:er|re)s?|米": Unit("size", "m"),
    r"feet|foot|ft|英尺": Unit("size", "ft"),
    r"kgs?|公斤": Unit("size", "kg"),
    r"minutes?|mins?|分钟": Unit("duration", "minutes"),
    r"hours?|hrs?|小时": Unit("duration", "hours"),
    r"days?|天": Unit("duration", "days"),
    r"weeks?|周|个?星期": Unit("duration", "weeks"),
    r"months?|个月": Unit("duration", "months"),
    r"years?|yrs?|年": Unit("duration", "years"),
    **{measure: Unit("count", measure) for measure in _MEASURES.split()},
}

COUNTED: Final = re.compile(
    r"people|persons?|users?|customers?|clients?|members?|visitors?|followers?|views?|sends?|opens?|clicks?|"
    r"impressions?|conversions?|e-?mails?|messages?|orders?|boxes|box|pieces?|pcs|units?|items?|copies|times|"
    r"guests?|seats?|steps?"
)
"""Nouns that make a count of what would be money otherwise: "50k users"."""

LEFT_BOUNDS: Final[Mapping[str, str]] = {
    "max": r"under|undr|below|less than|lower than|within|up ?to|upto|at most|max(?:imum)?(?: of)?|"
    r"(?:not?|never) (?:more than|above|over)|not exceeding|cheaper than|<=?|"
    r"[不别]要?(?:超过|高于|大于|多于)|最多|至多|低于|少于|小于|控制在|控制到|压到",
    "min": r"above|over|more than|greater than|at ?least|min(?:imum)?(?: of)?|starting(?: from| at)?|upwards of|"
    r"exceeding|(?:not|no) (?:less|lower) than|not below|>=?|超过|高于|多于|大于|至少|最少|起码|不低于|不少于|不小于",
    "about": r"around|arround|about|approx(?:imately|\.)?|roughly|near(?:ly)?|close to|circa|~|大约|大概|差不多|约",
}
RIGHT_BOUNDS: Final[Mapping[str, str]] = {
    "max": r"or (?:less|below|under|cheaper)|max(?:imum)?|at most|and (?:below|under)|tops|以内|之内|以下|之下|封顶|内",
    "min": r"or (?:more|above|over)|min(?:imum)?|at least|and (?:above|over|up)|onwards|\+|plus|以上|之上|起|多",
    "about": r"or so|ish|左右|上下",
}
BUDGET: Final = re.compile(
    r"(?:budget|price|priced|cost|costs|spend|afford|pay|salary|income|emi|预算|价格|价位|总价|花费|花)"
    r"[^.?!。？！\d]{0,24}$"
)
"""Words before a bare number that make it money."""
