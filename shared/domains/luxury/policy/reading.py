"""What a manager's words say of a campaign: as a fresh plan, or as a change of the one that stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import JsonValue

from shared.domains.base import Turn
from shared.domains.luxury.customers import TIERS, Behaviour, Selection, Tier
from shared.domains.luxury.policy.limits import alters, lifts_budget, lifts_score, scaled_budget, scaled_size
from shared.domains.luxury.prediction import Category, Kpi
from shared.domains.luxury.state import Intent, LuxuryState
from shared.events.replies import Entity
from shared.events.turns import Text

_TIER_WORDS: Final[dict[str, Tier]] = {
    "VVIP": "VVIP", "超级贵宾": "VVIP", "VIP": "VIP", "贵宾": "VIP", "MEMBER": "Member", "MEMBERS": "Member",
    "会员": "Member", "普通会员": "Member",
}  # fmt: skip
_KPIS: Final[tuple[tuple[str, Kpi], ...]] = (
    ("转化|成交|conversion", "conversion"),
    ("销售|营收|收入|业绩|revenue|sales", "revenue"),
    ("复购|回购|repeat", "repeat_purchase"),
    ("互动|参与|活跃|engagement", "engagement"),
    ("拉新|新客|获客|acquisition", "acquisition"),
    ("知名|曝光|品牌|awareness", "awareness"),
)
_CATEGORIES: Final[tuple[tuple[str, Category], ...]] = (
    ("礼|七夕|情人|母亲|圣诞|春节|gift", "gift_recommendation"),
    ("周年|店庆|促|anniversary|sale", "anniversary_sale"),
    ("专属|私享|exclusive", "vip_exclusive"),
    ("个性|定制|一对一|personali", "personalised_service"),
    ("新品|新款|上市|首发|launch", "new_product_launch"),
    ("季|春夏|秋冬|seasonal", "seasonal_collection"),
)
_BEHAVIOURS: Final[tuple[tuple[str, Behaviour], ...]] = (
    ("浏览", "high_frequency_browsing"),
    ("心愿|收藏", "wishlist_engagement"),
    ("邮件", "email_responsive"),
    ("活动|出席", "event_participation"),
    ("社交", "social_engagement"),
    ("客服|咨询", "service_interaction"),
    ("推荐|转介绍", "referral_activity"),
    ("复购", "repeat_purchase"),
)
_REMOVES: Final = re.compile(
    r"(?:去掉|移除|剔除|排除|删掉|删除|不要|不用|不需要|不考虑|不包[括含]|别[要选]|不含|除了|减去"
    r"|without|remov|exclud|\b(?:drop|no|not|take out|leave out)\b)"
    r"[^，。,.;；]*$",
    re.IGNORECASE,
)
_REMOVES_AFTER: Final = re.compile(r"^[^，。,.;；]{0,6}(?:去掉|移除|剔除|排除|删掉|删除|拿掉|除外)")
_NOT_WANTED: Final = re.compile("不(?:要|用|需要|考虑|含|包[括含])")
_LACKS: Final = re.compile(r"(?:没|未|不|低)[^，。,.;；]{0,3}$")
"""Who lacks it is to go, so it is asked for: 移除没有复购的客户."""
_ADDS: Final = re.compile(
    r"(?:加上|加入|加回|增加|加进|再加|补上|带上|也要|(?<!不)包括|纳入|扩展到|add|include)[^，。,.;；]*$|把[^，。,.;；]*$",
    re.IGNORECASE,
)
_ADDS_AFTER: Final = re.compile(r"^[^，。,.;；]*(?:也|加进|加入|纳入|加上)")
_MORE: Final = re.compile(r"(?:再|增加|多)(?:多)?(?:选|加|增加|要)?\s*$")
_FEWER: Final = re.compile(r"(?:减少|少)(?:选|要)?\s*$")
_CHANGES: Final = re.compile(
    "改|调整|修改|还是|不对|取消|不设|不限|去掉|移除|剔除|排除|增加|减少|只要|只选|只保留|不[要用]|别[要选]|加回|补上|扩大|扩展|缩小|换成|控制在|加上|再加|加进|不超过|以内|以上"
    r"|\b(?:only|expand|reduce|add|remove|drop|exclude)\b",
    re.IGNORECASE,
)
_FRESH: Final = re.compile(
    "重新|全新|新的活动|另一个|另外一个|(?:我要|我想|帮我|需要).{0,12}(?:策划|推广|活动|方案)|(?:策划|做|办|设计|准备)一[次个场]"
)
_PRODUCT: Final = re.compile(
    r"为?(?P<product>(?:春季|夏季|秋季|冬季|春夏|秋冬|新款|限量款?|高级|经典)*"
    r"(?:手袋|包袋|皮具|腕表|手表|珠宝|首饰|香水|成衣|时装|鞋履|丝巾|眼镜|礼盒|系列))"
)
Name = TypeVar("Name", Kpi, Category)

_PEOPLE: Final = frozenset({"人", "people", "customer", "客户", "位", "名", "个", None})
_OF_SOMETHING_ELSE: Final = re.compile(r"\s*(?:岁|周岁|%|％|分|次|天|日|月|年|小时|倍|years?|days?|months?|times)")
_LARGEST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """A turn's words with what was found in them."""

    text: str
    entities: tuple[Entity, ...]

    def of_kind(self, kind: str) -> list[Entity]:
        """The entities of a kind, in order."""
        return [entity for entity in self.entities if entity.kind == kind]

    def before(self, entity: Entity) -> str:
        """The words before an entity."""
        return self.text[: entity.start]

    def after(self, entity: Entity) -> str:
        """The words after an entity."""
        return self.text[entity.end :]


def words_of(turn: Turn[LuxuryState]) -> Words:
    """The words of a turn."""
    return Words(turn.input.text if isinstance(turn.input, Text) else "", turn.understood.entities)


def changes(words: Words, state: LuxuryState) -> bool:
    """Whether the words adjust the campaign that stands instead of asking for another."""
    if state.intent is None or _FRESH.search(words.text):
        return False
    return bool(_CHANGES.search(words.text)) or alters(words.text) or _names_a_limit(words)


def _names_a_limit(words: Words) -> bool:
    return bool(words.of_kind("tier") or words.of_kind("money") or words.of_kind("score") or _people(words))


def says_anything(words: Words) -> bool:
    """Whether the words say something of a campaign."""
    kinds = ("tier", "kpi", "category", "behaviour", "money", "score")
    return any(words.of_kind(kind) for kind in kinds) or _PRODUCT.search(words.text) is not None or bool(_people(words))


def picks_tiers(words: Words) -> bool:
    """Whether the words ask for people of some tiers: 只要VVIP."""
    return bool(words.of_kind("tier")) and _CHANGES.search(words.text) is not None


def planned(words: Words) -> Intent:
    """What a fresh plan asks for; what it does not say is as usual: VVIP and VIP from a score of 80."""
    usual = Intent()
    tiers = _named_tiers(words)
    selection = usual.selection.model_copy(
        update={
            "tiers": tiers or usual.selection.tiers,
            "min_score": _score(words) or (0 if "Member" in tiers else usual.selection.min_score),
            "behaviours": _behaviours(words.of_kind("behaviour")),
            "size": _size(words, None),
        }
    )
    product = _PRODUCT.search(words.text)
    return Intent(
        category=_category(words) or usual.category,
        kpi=_kpi(words) or usual.kpi,
        product=product["product"] if product else None,
        selection=selection,
        budget=_budget(words),
    )


def changed(words: Words, before: Intent, reached: int) -> Intent:
    """The earlier intent with what the words change, and nothing else. `reached` is how many it picked."""
    selection = _changed_selection(words, before.selection, reached)
    product = _PRODUCT.search(words.text)
    return before.model_copy(
        update={
            "category": _category(words) or before.category,
            "kpi": _kpi(words) or before.kpi,
            "product": product["product"] if product else before.product,
            "selection": selection,
            "budget": _changed_budget(words, before.budget),
        }
    )


def _changed_budget(words: Words, before: int | None) -> int | None:
    return _budget(words) or (None if lifts_budget(words.text) else scaled_budget(words.text, before) or before)


def _changed_selection(words: Words, before: Selection, reached: int) -> Selection:
    tiers = _changed_tiers(words, before.tiers)
    size = _size(words, reached) or scaled_size(words.text, reached)
    if size is None and not words.of_kind("tier"):
        # Who names tiers asks for other people, so the number that was asked for before no longer holds: it may have
        # been reached with people of other tiers.
        size = before.size
    return Selection(
        tiers=tiers,
        min_score=_changed_score(words, before, tiers),
        behaviours=_changed_behaviours(words, before),
        size=size,
    )


def _changed_score(words: Words, before: Selection, tiers: tuple[Tier, ...]) -> int:
    joined = "Member" in tiers and "Member" not in before.tiers
    return _score(words) or (0 if joined or lifts_score(words.text) else before.min_score)


def _changed_behaviours(words: Words, before: Selection) -> tuple[Behaviour, ...]:
    removed = [entity for entity in words.of_kind("behaviour") if _is_removed(words, entity)]
    added = [entity for entity in words.of_kind("behaviour") if entity not in removed]
    kept = (each for each in before.behaviours if each not in _behaviours(removed))
    return tuple(dict.fromkeys((*kept, *_behaviours(added))))


def _is_removed(words: Words, behaviour: Entity) -> bool:
    before = words.before(behaviour)
    return _REMOVES.search(before) is not None and _LACKS.search(_NOT_WANTED.sub("", before)) is None


def _changed_tiers(words: Words, before: tuple[Tier, ...]) -> tuple[Tier, ...]:
    wanted: set[Tier] = set()
    added: set[Tier] = set()
    removed: set[Tier] = set()
    for entity in words.of_kind("tier"):
        tier = _TIER_WORDS[str(entity.value).upper()]
        if _REMOVES.search(words.before(entity)) or _REMOVES_AFTER.search(words.after(entity)):
            removed.add(tier)
        elif _ADDS.search(words.before(entity)) or _ADDS_AFTER.search(words.after(entity)):
            added.add(tier)
        else:
            wanted.add(tier)
    kept = (wanted or set(before)) | added
    return tuple(tier for tier in TIERS if tier in kept - removed) or before


def _named_tiers(words: Words) -> tuple[Tier, ...]:
    named = {_TIER_WORDS[str(entity.value).upper()] for entity in words.of_kind("tier")}
    removed = {
        _TIER_WORDS[str(entity.value).upper()]
        for entity in words.of_kind("tier")
        if _REMOVES.search(words.before(entity))
    }
    return tuple(tier for tier in TIERS if tier in named - removed)


def _size(words: Words, reached: int | None) -> int | None:
    """How many people are asked for: a number, or so many more or fewer than were reached."""
    for entity in _people(words):
        amount = _amount(entity.value)
        if amount is None or amount < 1:
            continue
        if reached is not None and _MORE.search(words.before(entity)):
            amount += reached
        elif reached is not None and _FEWER.search(words.before(entity)):
            amount = reached - amount
        return max(1, min(amount, _LARGEST))
    return None


def _people(words: Words) -> list[Entity]:
    return [
        entity
        for entity in words.of_kind("count")
        if isinstance(entity.value, dict)
        and entity.value.get("unit") in _PEOPLE
        and _OF_SOMETHING_ELSE.match(words.after(entity)) is None
    ]


def _amount(value: JsonValue) -> int | None:
    if not isinstance(value, dict):
        return None
    for name in ("amount", "high", "low"):
        amount = value.get(name)
        if isinstance(amount, int | float):
            return int(amount)
    return None


def _budget(words: Words) -> int | None:
    for entity in words.of_kind("money"):
        amount = _amount(entity.value)
        if amount is not None and amount > 0:
            return amount
    return None


def _score(words: Words) -> int | None:
    for entity in words.of_kind("score"):
        if isinstance(entity.value, int):
            return min(entity.value, 100)
    return None


def _kpi(words: Words) -> Kpi | None:
    return _named(words, "kpi", _KPIS)


def _category(words: Words) -> Category | None:
    return _named(words, "category", _CATEGORIES)


def _named(words: Words, kind: str, names: tuple[tuple[str, Name], ...]) -> Name | None:
    texts = " ".join(str(entity.value) for entity in words.of_kind(kind))
    return next((name for pattern, name in names if re.search(pattern, texts, re.IGNORECASE)), None) if texts else None


def _behaviours(entities: Sequence[Entity]) -> tuple[Behaviour, ...]:
    texts = [str(entity.value) for entity in entities]
    return tuple(name for pattern, name in _BEHAVIOURS if any(re.search(pattern, text) for text in texts))
