from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agent.understanding.entities.numerals import number
from services.agent.understanding.entities.quantities import read
from services.agent.understanding.entities.readings import Situation
from services.agent.understanding.normalisation import normalise


def found(text: str, currency: str = "INR") -> list[tuple[str, object, str]]:
    words = normalise(text)
    readings = read(words, Situation(currency))
    return [(each.kind, each.value, words.entity("", None, each.start, each.end).text) for each in readings]


@pytest.mark.parametrize(
    ("text", "amount", "currency", "bound", "place"),
    [
        ("under 1.2 Cr please", 12_000_000, "INR", "max", "under 1.2 Cr"),
        ("90L", 9_000_000, "INR", "exact", "90L"),
        ("fifty lakh", 5_000_000, "INR", "exact", "fifty lakh"),
        ("half a crore", 5_000_000, "INR", "exact", "half a crore"),
        ("₹1,20,00,000", 12_000_000, "INR", "exact", "₹1,20,00,000"),
        ("at least $500k", 500_000, "USD", "min", "at least $500k"),
        ("S$ 2.5 million or less", 2_500_000, "SGD", "max", "S$ 2.5 million or less"),
        ("around 3M", 3_000_000, "INR", "about", "around 3M"),
        ("¥1.8M", 1_800_000, "CNY", "exact", "¥1.8M"),
        ("预算控制在50万以内", 500_000, "INR", "max", "控制在50万以内"),
        ("预算不要超过10万", 100_000, "INR", "max", "不要超过10万"),
        ("别超过八万", 80_000, "INR", "max", "别超过八万"),
        ("超过10万", 100_000, "INR", "min", "超过10万"),
        ("五十万左右", 500_000, "INR", "about", "五十万左右"),
        ("一万五以上", 15_000, "INR", "min", "一万五以上"),
        ("1.5亿", 150_000_000, "INR", "exact", "1.5亿"),
        ("３０００元", 3_000, "CNY", "exact", "３０００元"),
        ("rs500", 500, "INR", "exact", "rs500"),
        ("RM 1,200", 1_200, "MYR", "exact", "RM 1,200"),
        ("两三万以内", 30_000, "INR", "max", "两三万以内"),
        ("my budget is 8500000", 8_500_000, "INR", "exact", "8500000"),
    ],
)
def test_money_is_read_with_its_bound_and_currency(
    text: str, amount: int, currency: str, bound: str, place: str
) -> None:
    assert found(text) == [("money", {"amount": amount, "bound": bound, "currency": currency}, place)]


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("80-90L", 8_000_000, 9_000_000, "INR"),
        ("80 lakh to 1.2 crore", 8_000_000, 12_000_000, "INR"),
        ("between 80 and 90 lakhs", 8_000_000, 9_000_000, "INR"),
        ("$500k to $1M", 500_000, 1_000_000, "USD"),
        ("¥500k–1.8M", 500_000, 1_800_000, "CNY"),
        ("50到80万", 500_000, 800_000, "INR"),
        ("两三万", 20_000, 30_000, "INR"),
        ("十几万", 100_000, 200_000, "INR"),
        ("rm50 - rm80", 50, 80, "MYR"),
        ("$500-1M", 500, 1_000_000, "USD"),
        ("三十到五十万", 300_000, 500_000, "INR"),
    ],
)
def test_the_first_end_of_a_range_borrows_scale_and_currency(text: str, low: int, high: int, currency: str) -> None:
    assert found(text) == [("money", {"low": low, "high": high, "bound": "range", "currency": currency}, text)]


@pytest.mark.parametrize(
    ("text", "kind", "amount", "unit", "bound"),
    [
        ("400 boxes", "count", 400, "boxes", "exact"),
        ("扩大到200人", "count", 200, "人", "exact"),
        ("50k users", "count", 50_000, "users", "exact"),
        ("3 dozen boxes", "count", 36, "boxes", "exact"),
        ("two bikes", "count", 2, "bikes", "exact"),
        ("at least 1200 sqft", "area", 1200, "sqft", "min"),
        ("120平以上", "area", 120, "sqm", "min"),
        ("above 2.5%", "percent", 2.5, "%", "min"),
        ("10 inch", "size", 10, "inch", "exact"),
        ("for 20 years", "duration", 20, "years", "exact"),
    ],
)
def test_a_unit_decides_the_kind(text: str, kind: str, amount: float, unit: str, bound: str) -> None:
    assert [(each[0], each[1]) for each in found(text)] == [(kind, {"amount": amount, "unit": unit, "bound": bound})]


@pytest.mark.parametrize(
    "text", ["2BHK", "one of them", "a kid", "一个", "5m", "abc1234", "双11", "which one", "covid-19"]
)
def test_a_number_without_evidence_is_no_quantity(text: str) -> None:
    assert found(text) == []


def test_lower_case_l_is_lakh_only_where_people_pay_in_rupees() -> None:
    assert found("90 l", currency="INR")[0][0] == "money"
    assert found("90 l", currency="USD") == []


@pytest.mark.parametrize(("sign", "code"), [("₹", "INR"), ("S$", "SGD"), ("US$", "USD"), ("€", "EUR"), ("¥", "CNY")])
@pytest.mark.parametrize(
    ("scale", "factor"), [("", 1), ("k", 1000), (" lakh", 10**5), (" crore", 10**7), ("万", 10**4)]
)
@given(hundredths=st.integers(min_value=1, max_value=99_999))
def test_money_round_trips(sign: str, code: str, scale: str, factor: int, hundredths: int) -> None:
    amount = Decimal(hundredths) / 100
    ((kind, value, text),) = found(f"about {sign}{amount}{scale}!")
    assert (kind, text) == ("money", f"about {sign}{amount}{scale}")
    assert isinstance(value, dict)
    assert value["currency"] == code
    assert value["amount"] == pytest.approx(float(amount * factor))


def chinese(value: int) -> str:
    """A number below 100,000,000 in Chinese numerals."""
    if value >= 10_000:
        rest = value % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return f"{chinese(value // 10_000)}万" + (gap + chinese(rest) if rest else "")
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            text, zero = f"{text}{'零' if zero else ''}{'零一二三四五六七八九'[digit]}{name}", False
        else:
            zero = bool(text)
    return text


@given(value=st.integers(min_value=1, max_value=99_999_999))
def test_chinese_numerals_round_trip(value: int) -> None:
    assert number(chinese(value)) == value


@pytest.mark.parametrize(("text", "amount"), [("VIP和会员，300人", 300), ("red,300 boxes", 300), ("1,200 boxes", 1200)])
def test_a_number_after_a_comma_is_a_number_of_its_own(text: str, amount: int) -> None:
    ((kind, value, _),) = found(text)

    assert kind == "count"
    assert isinstance(value, dict)
    assert value["amount"] == amount
