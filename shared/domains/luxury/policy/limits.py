"""Changes that name no number: a limit lifted, doubled or halved, or the last change taken back."""

import re
from typing import Final

_LIFTED: Final = (
    r"(?:(?:取消|去掉|不要|不用|不再|不设|不限制?|没有|无需|放开|\bno|without|remove)[^，。,.;；\d]{{0,4}}?{limit}"
    r"|{limit}[^，。,.;；\d]{{0,2}}?(?:不限|无上限|取消|去掉))"
)
_BUDGET: Final = re.compile(_LIFTED.format(limit="(?:预算|budget)") + r"(?![^，。,.;；]{0,3}(?:超|\d))", re.IGNORECASE)
_SCORE: Final = re.compile(_LIFTED.format(limit="(?:评分|得分|分数|score)"), re.IGNORECASE)
_SCALED: Final = (
    r"{what}[^，。,.;；\d]{{0,6}}?"
    r"(?:(?P<half>减半|砍半|[减缩]少?一半)|(?P<double>翻倍|翻一番|加倍|[加扩]大?一倍))"
)
_PEOPLE: Final = re.compile(_SCALED.format(what="(?:人数|人群|规模|人)"))
_MONEY: Final = re.compile(_SCALED.format(what="(?:预算|投入)"))
_VAGUE: Final = re.compile(
    r"\W*(?:人数?|预算|价格|费用|这|还是|有点|稍微|能不能|可以|再|更|太|多|少|贵|便宜|高|低|大|小|一点|一些|点儿?|些|了|吗|啊|吧)"
    r"{2,8}\W*|\W*too (?:many|few|much|expensive)\W*",
    re.IGNORECASE,
)
_TAKEN_BACK: Final = re.compile(
    r"撤销|撤回|还原|(?:恢复|退回|回)到?(?:上一|之前|原来)|\b(?:undo|revert|take (?:it|that) back)\b", re.IGNORECASE
)


def lifts_budget(text: str) -> bool:
    """Whether there is to be no budget: 取消预算限制."""
    return _BUDGET.search(text) is not None


def lifts_score(text: str) -> bool:
    """Whether any score will do: 不限评分."""
    return _SCORE.search(text) is not None


def alters(text: str) -> bool:
    """Whether a limit is lifted, doubled or halved."""
    return any(pattern.search(text) for pattern in (_PEOPLE, _MONEY, _BUDGET, _SCORE))


def is_vague(text: str) -> bool:
    """Whether more or less is wanted, without saying of what and how much: 太多了."""
    return _VAGUE.fullmatch(text) is not None


def scaled_size(text: str, reached: int) -> int | None:
    """How many people are wanted where the number is doubled or halved: 人数减半."""
    return _scaled(_PEOPLE.search(text), reached)


def scaled_budget(text: str, budget: int | None) -> int | None:
    """The budget where it is doubled or halved: 预算翻倍. None when there is none."""
    return _scaled(_MONEY.search(text), budget)


def takes_back(text: str) -> bool:
    """Whether the last change is to be undone: 撤销."""
    return _TAKEN_BACK.search(text) is not None


def _scaled(found: re.Match[str] | None, amount: int | None) -> int | None:
    if found is None or not amount:
        return None
    return max(1, amount // 2) if found["half"] else amount * 2
