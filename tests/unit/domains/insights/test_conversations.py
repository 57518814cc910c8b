"""Questions about campaign figures in people's own words, through the real understanding core."""

from typing import Any

import pytest

from shared.domains.base import Decision
from tests.support.insights import talk


def part(decision: Decision[Any], kind: str) -> Any:
    """The data of this kind beside the words."""
    return next(each.value for each in decision.data if each.kind == kind)


async def answer(*queries: str) -> Decision[Any]:
    """Ask all of it in one session; the last decision."""
    session = talk()
    for query in queries[:-1]:
        await session.say(query)
    return await session.say(queries[-1])


async def test_the_scenario_of_click_rate_last_month_and_the_es_market() -> None:
    session = talk()

    first = await session.say("What was click rate last month?")
    assert "click rate in October 2026 was 2.5%" in first.text
    assert part(first, "table")["rows"] == [["October 2026", "all markets", "click rate", 2.5]]
    assert part(first, "follow_up")["is_follow_up"] is False

    second = await session.say("How does that compare to ES market?")
    analysis = part(second, "follow_up")
    assert (analysis["is_follow_up"], analysis["previous_topic"]) == (True, "click rate")
    assert [message["content"] for message in analysis["context_messages"]] == [
        "What was click rate last month?",
        first.text,
    ]
    assert part(second, "table") == {"columns": ["metric", "ES", "all markets"], "rows": [["click rate", 3.19, 2.5]]}
    assert "ES 3.2% and all markets 2.5%" in second.text


@pytest.mark.parametrize(
    ("query", "beginning"),
    [
        ("clik rate in spain last mnth", "The click rate in October 2026 was 3.2% for ES"),
        ("WHAT WAS CLICK RATE LAST MONTH?", "The click rate in October 2026 was 2.5% for all markets"),
        ("tell us the ctr", "The click rate in October 2026 was 2.5% for all markets"),
        ("open rate in Q3 for Germany and France", "Open rate in Q3 2026: DE 30.8% and FR 31.5%."),
        ("email versus sms click rate in September", "Click rate in September 2026: email 2.5% and SMS 3.4%."),
        ("top 3 markets by conversions", "Conversions by market in October 2026, highest first: 1. US"),
        ("worst market by open rate", "Open rate by market in October 2026, lowest first: 1. DE"),
        ("which channel has the best click rate", "Click rate by channel in October 2026, highest first: 1. SMS"),
        ("click rate trend over the last 6 months", "Click rate by month for all markets: May 2026 2.4%"),
        ("weekly clicks in September", "Clicks by week for all markets: week of 31 August 2026"),
        (
            "how does the open rate of last month compare with the month before",
            "Open rate: October 2026 33.1% and September 2026",
        ),
        ("opens and clicks last month", "In October 2026, for all markets: opens 120,947 and clicks 9,145."),
    ],
)
async def test_questions_are_answered_with_figure_period_and_part(query: str, beginning: str) -> None:
    assert (await answer(query)).text.startswith(beginning)


@pytest.mark.parametrize(
    ("queries", "beginning"),
    [
        (("click rate last month?", "and in ES?"), "The click rate in October 2026 was 3.2% for ES"),
        (("click rate in ES", "what about open rate?"), "The open rate in October 2026 was 35.1% for ES"),
        (("click rate", "only email"), "The click rate in October 2026 was 2.6% for email"),
        (("click rate in DE", "show me the trend"), "Click rate by month for DE: May 2026"),
        (("click rate in DE", "by channel please"), "Click rate by channel in October 2026 for DE, highest first"),
        (
            ("click rate in DE", "top 2 markets"),
            "Click rate by market in October 2026, highest first: 1. ES 3.2% and 2. UK",
        ),
        (("click rate", "compare it to last year"), "Click rate: October 2026 2.5% and October 2025"),
        (("click rate", "how does that compare to Spain and France?"), "Click rate in October 2026: ES 3.2%, FR"),
        (("click rate in ES", "clicks in Brazil"), "I have no figures of BR."),
    ],
)
async def test_follow_ups_change_what_they_name_and_keep_the_rest(queries: tuple[str, ...], beginning: str) -> None:
    decision = await answer(*queries)

    assert decision.text.startswith(beginning)
    assert part(decision, "follow_up")["is_follow_up"] is True


async def test_a_question_without_a_metric_is_asked_back_once_and_the_answer_completes_it() -> None:
    session = talk()

    asked = await session.say("how does last month compare with the month before")
    assert asked.question is not None
    assert "Which figure do you mean" in asked.text

    answered = await session.say("click rate")
    assert answered.text.startswith("Click rate: October 2026 2.5% and September 2026")
    assert answered.question is None


async def test_the_subject_may_change_instead_of_answering() -> None:
    decision = await answer("how are we doing", "top 3 markets by conversions")

    assert decision.text.startswith("Conversions by market in October 2026")


@pytest.mark.parametrize("query", ["It is raining", "what was our revenue", "forecast next quarter", "tell me a joke"])
async def test_what_is_no_question_about_figures_gets_told_what_is(query: str) -> None:
    decision = await answer("click rate last month?", query)

    assert decision.text.startswith("That is not in the figures I have. I can answer questions about sends")
    assert "from March 2025 to October 2026, by market (DE, ES, FR, UK and US)" in decision.text
    assert part(decision, "follow_up")["is_follow_up"] is False


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("click rate in Italy", "I have no figures of IT. The markets I know are DE, ES, FR, UK and US."),
        ("click rate in 2019", "I have no figures of 2019: they go from March 2025 to October 2026."),
        ("click rate on instagram", "I have no figures of instagram. The channels I know are email, push and SMS."),
    ],
)
async def test_a_question_outside_the_data_says_what_there_is(query: str, reason: str) -> None:
    assert (await answer(query)).text == reason


@pytest.mark.parametrize(
    ("queries", "reason"),
    [
        (("clicks", "What's the bounce rate?"), "I have no figures of bounce rate. I have sends, opens, clicks"),
        (("clicks", "and on Mars?"), "I have no figures of Mars. The markets I know are DE, ES, FR, UK and US, the"),
        (("clicks", "and in septmber?"), "I have no figures of septmber."),
    ],
)
async def test_what_there_are_no_figures_of_is_not_answered_with_others(queries: tuple[str, ...], reason: str) -> None:
    decision = await answer(*queries)

    assert decision.text.startswith(reason)
    assert not [each for each in decision.data if each.kind == "table"]


@pytest.mark.parametrize("query", ["and in total?", "and for all markets?", "what is the rate", "and for last month?"])
async def test_words_that_name_no_part_are_no_unknown_part(query: str) -> None:
    assert "I have no figures" not in (await answer("clicks in ES", query)).text


async def test_two_markets_are_compared_after_two_periods_were() -> None:
    decision = await answer("open rate for Germany", "and the month before?", "CTR in Spain vs France")

    assert decision.text.startswith("Click rate in October 2026: ES 3.2% and FR 2.4%.")


@pytest.mark.parametrize(
    ("queries", "beginning"),
    [
        (("best month ever for opens",), "Opens by month in March 2025 to October 2026, highest first: 1. "),
        (("best month for opens", "and worst?"), "Opens by month in March 2025 to October 2026, lowest first: 1. "),
        (
            ("click rate in September and August?", "clickrate in the UK & in spain last month pls"),
            "Click rate in October 2026: UK 2.6% and ES 3.2%.",
        ),
        (("clicks", "what does that mean", "September 2026"), "The clicks in September 2026 were"),
        (("click rate trend", "for the whole year"), "Click rate by month for all markets: January 2026"),
        (("clicks in Q2 vs Q1", "by how much did it grow"), "Clicks: Q2 2026 22,587 and Q1 2026 21,264."),
    ],
)
async def test_what_is_compared_is_what_was_named(queries: tuple[str, ...], beginning: str) -> None:
    decision = await answer(*queries)

    assert decision.text.startswith(beginning)


async def test_a_remark_does_not_take_the_place_of_the_topic() -> None:
    decision = await answer("click rate", "it is raining", "what about conversions?")

    assert part(decision, "follow_up")["previous_topic"] == "click rate"


async def test_why_is_not_answered_with_figures_alone() -> None:
    decision = await answer("which market has the best click rate", "why did it drop?")

    assert decision.text.startswith("The figures show what happened, not why. Click rate by month for all markets")


@pytest.mark.parametrize(
    ("queries", "beginning"),
    [
        (("上个月点击率是多少？",), "The click rate in October 2026 was 2.5% for all markets"),
        (("上个月点击率是多少？", "那德国呢？"), "The click rate in October 2026 was"),
        (("¿cuál fue la tasa de clics el mes pasado?",), "The click rate in October 2026 was 2.5% for all markets"),
        (("what about conversions in FR?", "by market"), "Conversions by market in October 2026, highest first: 1. US"),
    ],
)
async def test_metrics_and_markets_are_known_by_other_names(queries: tuple[str, ...], beginning: str) -> None:
    decision = await answer(*queries)

    assert decision.text.startswith(beginning)
    assert "德国" not in queries[-1] or "for DE" in decision.text


async def test_at_most_the_last_five_messages_are_context() -> None:
    decision = await answer("click rate", "and in ES?", "and in DE?", "and in FR?")

    context = part(decision, "follow_up")["context_messages"]
    assert [message["role"] for message in context] == ["assistant", "user", "assistant", "user", "assistant"]
    assert context[-2]["content"] == "and in DE?"


async def test_every_figure_in_the_words_is_in_the_facts() -> None:
    decision = await answer("opens and clicks by market last month", "click rate in ES")

    assert decision.facts["rows"] == part(decision, "table")["rows"]
