from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from shared.domains.dates import clock, resolve, span
from tests.unit.agent.understanding.bikes import kinds, understand, values

TODAY = date(2026, 11, 19)
"""A Thursday."""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", "2026-11-20"),
        ("tommorow", "2026-11-20"),
        ("the day after tomorrow", "2026-11-21"),
        ("yesterday", "2026-11-18"),
        ("in 3 days", "2026-11-22"),
        ("2 weeks ago", "2026-11-05"),
        ("on Saturday", "2026-11-21"),
        ("this saturday", "2026-11-21"),
        ("next Saturday", "2026-11-28"),
        ("last monday", "2026-11-16"),
        ("Wednesday next week", "2026-11-25"),
        ("this weekend", "2026-11-21"),
        ("on the 25th", "2026-11-25"),
        ("Dec 25", "2026-12-25"),
        ("3rd of january", "2027-01-03"),
        ("2026-12-25", "2026-12-25"),
        ("25/12/2026", "2026-12-25"),
        ("明天", "2026-11-20"),
        ("大后天", "2026-11-22"),
        ("下周六", "2026-11-28"),
        ("上周三", "2026-11-11"),
        ("周末", "2026-11-21"),
        ("三天后", "2026-11-22"),
        ("12月25日", "2026-12-25"),
    ],
)
def test_a_day_is_understood_and_resolves(text: str, day: str) -> None:
    (value,) = values(understand(text), "date")
    assert resolve(value, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("last month", "2026-10-01", "2026-10-31"),
        ("this quarter", "2026-10-01", "2026-12-31"),
        ("next week", "2026-11-23", "2026-11-29"),
        ("past 7 days", "2026-11-13", "2026-11-19"),
        ("last three months", "2026-08-20", "2026-11-19"),
        ("year to date", "2026-01-01", "2026-11-19"),
        ("Q3 2025", "2025-07-01", "2025-09-30"),
        ("in March", "2026-03-01", "2026-03-31"),
        ("last december", "2025-12-01", "2025-12-31"),
        ("in 2025", "2025-01-01", "2025-12-31"),
        ("上个季度", "2026-07-01", "2026-09-30"),
        ("上个月", "2026-10-01", "2026-10-31"),
        ("最近7天", "2026-11-13", "2026-11-19"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("2025年第三季度", "2025-07-01", "2025-09-30"),
    ],
)
def test_a_period_is_understood_and_spans(text: str, first: str, last: str) -> None:
    (value,) = values(understand(text), "period")
    assert span(value, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 4pm", time(16)),
        ("at 4:30 p.m.", time(16, 30)),
        ("16:30", time(16, 30)),
        ("12 am", time(0)),
        ("at 4", time(16)),
        ("at 11", time(11)),
        ("half past 4", time(16, 30)),
        ("quarter to five", time(16, 45)),
        ("in the morning", time(10)),
        ("下午三点", time(15)),
        ("上午10点半", time(10, 30)),
        ("晚上八点一刻", time(20, 15)),
        ("明天三点", time(15)),
    ],
)
def test_a_time_is_understood_and_resolves(text: str, expected: time) -> None:
    (value,) = values(understand(text), "time")
    assert clock(value) == expected


@pytest.mark.parametrize(
    "text",
    ["may I ask", "I sat down", "march on", "2026-02-30", "31 Nov", "24/7", "一点", "有点贵", "3号线", "每周一次"],
)
def test_without_a_cue_nothing_is_a_date(text: str) -> None:
    assert not kinds(understand(text)) & {"date", "time"}


@pytest.mark.parametrize("text", ["good morning", "早上好", "晚上好"])
def test_a_greeting_is_no_time(text: str) -> None:
    assert "time" not in kinds(understand(text))


@given(
    today=st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)),
    value=st.one_of(
        st.fixed_dictionaries(
            {"weekday": st.integers(1, 7), "which": st.sampled_from(["coming", "this", "next", "last"])}
        ),
        st.fixed_dictionaries({"month": st.just(2), "day": st.just(29)}),
        st.fixed_dictionaries({"day": st.integers(1, 31)}),
        st.fixed_dictionaries({"relative": st.fixed_dictionaries({"months": st.integers(-30, 30)})}),
        st.fixed_dictionaries(
            {"period": st.sampled_from(["week", "month", "quarter", "year"]), "offset": st.integers(-9, 9)}
        ),
        st.fixed_dictionaries({"quarter": st.integers(1, 4), "which": st.sampled_from(["last", "next"])}),
    ),
)
def test_every_value_spans_days_in_order(value: JsonValue, today: date) -> None:
    first, last = span(value, today)
    assert first <= last
    assert resolve(value, today) == first


@given(today=st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), weekday=st.integers(1, 7))
def test_weekdays_fall_where_their_word_says(today: date, weekday: int) -> None:
    days = {which: resolve({"weekday": weekday, "which": which}, today) for which in ("last", "this", "coming", "next")}
    assert {day.isoweekday() for day in days.values()} == {weekday}
    assert days["last"] < today <= days["this"] <= days["coming"]
    assert today < days["coming"]
    assert today < days["next"]


@pytest.mark.parametrize("value", [None, 3, "tomorrow", {}, {"hour": 4}])
def test_what_is_no_date_is_refused(value: JsonValue) -> None:
    with pytest.raises(ValueError, match="not a date"):
        resolve(value, TODAY)
