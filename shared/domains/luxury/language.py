"""The language of marketing managers: intents, and the words of tiers, goals, categories and behaviours."""

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import yaml

from shared.domains.base import Language

PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "tier": re.compile(
        r"(?P<value>(?<![A-Za-z])VVIP(?![A-Za-z])|(?<![A-Za-z])VIP(?![A-Za-z])|(?<![A-Za-z])members?(?![A-Za-z])"
        r"|(?:普通)?会员(?!专属)|超级贵宾|贵宾)",
        re.IGNORECASE,
    ),
    "score": re.compile(r"(?:评分|得分|分数|积分)\s*(?:在|要)?\s*(?:不低于|高于|大于|超过|至少)?\s*(?P<value>\d{2,3})"),
    "kpi": re.compile(
        r"(?P<value>转化率?|成交率|conversion|销售额|营收|收入|业绩|revenue|sales|复购率?|回购|repeat purchase|互动"
        r"|参与度?|活跃度?|engagement|拉新|新客|获客|acquisition|知名度|曝光|品牌影响|awareness)",
        re.IGNORECASE,
    ),
    "category": re.compile(
        r"(?P<value>新品|新款|上市|首发|launch|季节|当季|春夏|秋冬|seasonal|会员专属|VIP专属|贵宾专属|私享|专属活动|exclusive"
        r"|周年庆?|店庆|大促|促销|anniversary|sale(?!s)|礼品|礼物|礼盒|送礼|七夕|情人节|母亲节|圣诞|春节|gift"
        r"|个性化|定制|一对一|personali[sz]ed)",
        re.IGNORECASE,
    ),
    "behaviour": re.compile(
        r"(?P<value>高频浏览|浏览|心愿单(?:活跃|互动)?|收藏|邮件(?:响应|互动)?|常参加活动|参加活动|活动参与|出席|社交(?:互动|活跃)?|客服(?:互动)?|咨询|推荐好友|转介绍|复购过|有复购|复购的)"
    ),
}

MODIFICATIONS: Final = (
    "改",
    "调整",
    "修改",
    "去掉",
    "移除",
    "增加",
    "减少",
    "只要",
    "只选",
    "不要",
    "扩大",
    "缩小",
    "换成",
    "控制在",
    "再加",
    "加上",
    "加进",
    "加入",
    "加回",
    "纳入",
    "只保留",
    "剔除",
)


def language() -> Language:
    """The pack's language, with its intents from `intents.yaml`."""
    spoken = yaml.safe_load(files(__package__).joinpath("intents.yaml").read_text(encoding="utf-8"))
    return Language(
        intents={intent: tuple(utterances) for intent, utterances in spoken.items()},
        patterns=PATTERNS,
        modifications=MODIFICATIONS,
        currency="CNY",
    )
