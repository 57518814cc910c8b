"""Managers' own words through the real understanding core."""

from typing import Any

import pytest

from shared.domains.base import Decision
from shared.domains.luxury.outcomes import CampaignApplied
from shared.domains.luxury.state import LuxuryState
from tests.support.luxury import CUSTOMERS, talk
from tests.support.talk import Talk

LAUNCH = "我要为春季新款手袋上市做一次推广，目标是提升转化率"


async def held(*words: str) -> Talk:
    """A session in which all of it was said."""
    session = talk()
    for each in words:
        await session.say(each)
    return session


def campaign(session: Talk) -> LuxuryState:
    state = session.state
    assert isinstance(state, LuxuryState)
    return state


def tiers_of(session: Talk) -> dict[str, int]:
    by_id = {customer.id: customer for customer in CUSTOMERS}
    chosen = [by_id[id_].tier for id_ in campaign(session).audience_ids]
    return {tier: chosen.count(tier) for tier in dict.fromkeys(chosen)}


def analysis(decision: Decision[Any]) -> Any:
    return next(part.value for part in decision.data if part.kind == "analysis")


async def test_the_three_turns_of_the_handbag_launch() -> None:
    session = talk()

    fresh = analysis(await session.say(LAUNCH))
    assert (fresh["is_modification"], fresh["previous_intent"]) == (False, None)
    assert fresh["intent"]["product"] == "春季新款手袋"
    assert fresh["intent"]["kpi"] == "conversion"
    assert tiers_of(session) == {"VVIP": 7, "VIP": 8}
    assert session.steps.labels == ["正在理解活动目标", "正在筛选目标客户", "正在预测活动效果"]

    only = analysis(await session.say("只要VVIP客户，去掉VIP"))
    assert (only["is_modification"], only["previous_intent"]) == (True, fresh["intent"])
    assert {**only["intent"], "selection": None} == {**fresh["intent"], "selection": None}
    assert tiers_of(session) == {"VVIP": 7}
    assert [person["name"] for person in only["audience"]] == [
        "林婉清",
        "周景行",
        "沈若溪",
        "陆承宇",
        "顾念慈",
        "许嘉言",
        "苏慕白",
    ]

    wide = await session.say("扩大到200人")
    assert analysis(wide)["previous_intent"] == only["intent"]
    assert len(campaign(session).audience_ids) == 200
    counts = tiers_of(session)
    assert counts["VVIP"] == 7
    assert counts["VIP"] > 0
    assert counts["Member"] > 0
    assert analysis(wide)["relaxed"] == ["等级范围由VVIP放宽到VIP和Member", "评分下限由80分降到62分"]
    assert "为达到人数，等级范围由VVIP放宽到VIP和Member；评分下限由80分降到62分。" in wide.text


async def test_those_added_for_the_size_are_the_best_of_the_others() -> None:
    session = await held(LAUNCH, "只要VVIP客户，去掉VIP", "扩大到200人")

    chosen = set(campaign(session).audience_ids)
    scores_in = [each.score for each in CUSTOMERS if each.id in chosen and each.tier != "VVIP"]
    scores_out = [each.score for each in CUSTOMERS if each.id not in chosen]
    assert min(scores_in) >= max(scores_out)


async def test_a_budget_is_respected_by_the_prediction() -> None:
    session = await held(LAUNCH, "只要VVIP，预算控制在50万以内")

    state = campaign(session)
    assert tiers_of(session) == {"VVIP": 7}
    assert state.intent is not None
    assert state.metrics is not None
    assert state.intent.budget == 500_000
    assert state.metrics.cost <= 500_000


async def test_a_tight_budget_lowers_the_effect_and_then_the_number() -> None:
    session = await held("做一个周年庆促销方案，VIP和会员")
    wide = campaign(session)
    await session.say("预算控制在10万以内")
    tight = campaign(session)

    assert wide.metrics is not None
    assert tight.metrics is not None
    assert tight.metrics.cost <= 100_000 < wide.metrics.cost
    assert tight.metrics.estimated_revenue < wide.metrics.estimated_revenue
    assert set(tight.audience_ids) <= set(wide.audience_ids)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("去掉VIP",), {"VVIP": 7}),
        (("把会员也加进来",), {"VVIP": 7, "VIP": 129, "Member": 339}),
        (("减少到10个人",), {"VVIP": 7, "VIP": 3}),
        (("再多选5人",), {"VVIP": 7, "VIP": 13}),
        (("评分90以上的才要",), {"VVIP": 6}),
        (("只要VVIP", "扩大到9人"), {"VVIP": 7, "VIP": 2}),
        (("only VVIP please",), {"VVIP": 7}),
        (("expand to 20 people",), {"VVIP": 7, "VIP": 13}),
        (("只要VVIP客户", "扩大到200人", "只要VVIP，预算控制在50万以内"), {"VVIP": 7}),
        (("只要VVIP客户", "扩大到200人", "人数减半"), {"VVIP": 7, "VIP": 74, "Member": 19}),
        (("扩大到200人", "drop the members"), {"VVIP": 7, "VIP": 8}),
        (("评分90以上的才要", "不要评分限制"), {"VVIP": 7, "VIP": 129}),
        (("只要VVIP客户", "撤销"), {"VVIP": 7, "VIP": 8}),
        (("把会员也加进来", "把会员去掉"), {"VVIP": 7, "VIP": 129}),
        (("把VIP去掉",), {"VVIP": 7}),
        (("不用VIP了",), {"VVIP": 7}),
        (("去掉VVIP", "加回VVIP"), {"VVIP": 7, "VIP": 8}),
        (("只要VVIP客户", "扩大到20人", "undo that"), {"VVIP": 7}),
    ],
)
async def test_modifications_change_what_they_name(words: tuple[str, ...], expected: dict[str, int]) -> None:
    session = await held(LAUNCH, *words)

    assert tiers_of(session) == expected
    assert campaign(session).turns[-1].is_modification


async def test_behaviours_narrow_the_audience() -> None:
    session = await held(LAUNCH, "只选邮件响应高的客户")

    by_id = {customer.id: customer for customer in CUSTOMERS}
    chosen = [by_id[id_] for id_ in campaign(session).audience_ids]
    assert chosen
    assert all("email_responsive" in customer.behaviours for customer in chosen)


@pytest.mark.parametrize(
    ("words", "budget"),
    [
        (("预算30万", "把预算翻倍"), 600_000),
        (("预算30万", "预算减半"), 150_000),
        (("预算30万", "取消预算限制"), None),
        (("预算30万", "预算不限"), None),
        (("预算30万", "没有预算限制了"), None),
        (("预算30万", "不用预算限制了"), None),
        (("预算30万", "预算不要超过20万"), 200_000),
        (("预算30万", "目标改成拉新"), 300_000),
    ],
)
async def test_a_budget_is_changed_scaled_and_lifted(words: tuple[str, ...], budget: int | None) -> None:
    intent = campaign(await held(LAUNCH, *words)).intent

    assert intent is not None
    assert intent.budget == budget


async def test_a_behaviour_that_is_no_longer_asked_for_narrows_no_more() -> None:
    session = await held(LAUNCH, "只选邮件响应高的客户", "去掉邮件响应的条件")

    assert tiers_of(session) == {"VVIP": 7, "VIP": 8}


@pytest.mark.parametrize("words", ["去掉林婉清", "只要30岁以下的女性", "扩大到0人", "调整一下人群", "只要VVIP和VIP"])
async def test_what_changes_nothing_is_not_told_as_a_change(words: str) -> None:
    decision = await (await held(LAUNCH)).say(words)

    assert decision.text.startswith("方案没有变化")
    assert "已按您的要求调整" not in decision.text


async def test_tiers_alone_begin_a_campaign() -> None:
    assert tiers_of(await held("只要VVIP")) == {"VVIP": 7}


async def test_people_who_are_missing_are_counted() -> None:
    decision = await (await held(LAUNCH)).say("扩大到10000人")

    assert "少9525人" in decision.text


async def test_the_goal_and_the_category_change_alone() -> None:
    session = await held(LAUNCH, "只要VVIP客户", "目标改成提高复购", "换成周年庆活动")

    intent = campaign(session).intent
    assert intent is not None
    assert (intent.kpi, intent.category, intent.product) == ("repeat_purchase", "anniversary_sale", "春季新款手袋")
    assert tiers_of(session) == {"VVIP": 7}


async def test_a_correction_changes_what_it_names_alone() -> None:
    session = await held(LAUNCH, "只要VVIP客户", "换成七夕活动", "不对，还是新品上市")

    intent = campaign(session).intent
    assert intent is not None
    assert (intent.category, tiers_of(session)) == ("new_product_launch", {"VVIP": 7})


async def test_a_behaviour_is_no_goal() -> None:
    intent = campaign(await held(LAUNCH, "只要心愿单活跃的", "只选社交互动多的客户")).intent

    assert intent is not None
    assert (intent.kpi, intent.selection.behaviours) == ("conversion", ("wishlist_engagement", "social_engagement"))


@pytest.mark.parametrize("words", ["what is the ROI?", "为什么ROI这么低", "名单发给我"])
async def test_questions_about_the_plan_are_answered_from_it(words: str) -> None:
    assert (await (await held(LAUNCH)).say(words)).text.startswith("当前方案：")


@pytest.mark.parametrize("words", ["太多了", "少一点", "太贵了", "再便宜一点吧"])
async def test_how_much_is_asked_where_it_was_not_said(words: str) -> None:
    assert (await (await held(LAUNCH)).say(words)).text.startswith("请告诉我具体的人数或预算")


async def test_a_new_plan_starts_afresh() -> None:
    session = await held(LAUNCH, "只要VVIP，预算控制在50万以内", "策划一次七夕礼品推荐活动，面向会员，目标拉新")

    record = campaign(session).turns[-1]
    assert record.is_modification is False
    assert record.intent is not None
    assert record.intent.budget is None
    assert list(tiers_of(session)) == ["Member"]


async def test_applying_names_the_campaign_and_tells_other_systems_once() -> None:
    session = await held(LAUNCH)

    applied = await session.command("apply")
    again = await session.command("apply")
    (outcome,) = applied.outcomes
    assert isinstance(outcome, CampaignApplied)
    assert outcome.audience_ids == campaign(session).audience_ids
    assert [effect.statement for effect in applied.effects] == ["apply", "reach"]
    assert (again.outcomes, again.effects) == ((), ())
    assert again.facts["campaign_id"] == applied.facts["campaign_id"] == outcome.campaign_id

    await session.say("只要VVIP客户")
    changed = await session.command("apply")
    assert changed.facts["campaign_id"] != outcome.campaign_id


async def test_a_campaign_that_did_not_change_is_not_handed_over_again() -> None:
    session = await held(LAUNCH)
    applied = await session.command("apply")
    await session.say("只要VVIP和VIP")
    again = await session.command("apply")

    assert again.facts["campaign_id"] == applied.facts["campaign_id"]
    assert (again.outcomes, again.effects) == ((), ())


async def test_without_a_campaign_there_is_nothing_to_apply() -> None:
    decision = await talk().command("apply")

    assert decision.text == "还没有可以应用的活动方案，请先描述您的活动。"
    assert decision.effects == ()


@pytest.mark.parametrize("words", ["下雨了", "讲个笑话", "谢谢", "你好", "为什么选这些人"])
async def test_talk_leaves_the_campaign_as_it_is(words: str) -> None:
    session = await held(LAUNCH)
    before = campaign(session)
    await session.say(words)

    after = campaign(session)
    assert (after.intent, after.audience_ids) == (before.intent, before.audience_ids)
    assert not after.turns[-1].is_modification


async def test_no_one_fits_is_said() -> None:
    decision = await (await held(LAUNCH)).say("预算5000元")

    assert "没有符合条件的客户" in decision.text
