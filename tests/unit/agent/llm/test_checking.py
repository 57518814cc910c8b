"""What a model may say: only what the pack's words and the facts bear out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agent.llm.checking import Source, denies

SHOP = Source.of(
    "Order #1234 (TrailRunner 2 and 2 x Trail Mug) is on its way, tracking number TRK-900134. It should arrive on "
    "23 November. TrailRunner 2 by Veloma costs $129, rated 3.8.",
    {"order": {"id": "1234", "total": 18700, "lines": [{"sku": "SKU-12", "name": "TrailRunner 2"}]}},
)
HOMES = Source.of("1. Brigade Citrine, Whitefield: 2 BHK, 1,180 sq ft, ₹99 L (possession December 2027), up to ₹1.2 Cr")
FIGURES = Source.of("Click rate in ES was 2.5% in October 2026, up from 2.1%: it rose.")
CHINESE = Source.of("已为您选出 1,200 位客户，预计转化率 3.5%，预算 20 万元。")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (SHOP, "Good news: your order #1234 is on its way and should arrive on 23 November."),
        (SHOP, "It has TrailRunner 2 and two Trail Mug."),
        (SHOP, "You can follow it with TRK-900134."),
        (SHOP, "The TrailRunner 2 (SKU-12) by Veloma is $129.00."),
        (SHOP, "I looked it up for you."),
        (HOMES, "1. Brigade Citrine in Whitefield has a 2 BHK of 1,180 sq ft for ₹99 L."),
        (HOMES, "In Brigade Citrine a 2 BHK of 1180 sq ft is ₹99 lakh, with possession in December 2027."),
        (FIGURES, "It was 2.5 percent, so click rate rose from 2.1%."),
        (CHINESE, "为您选出1200位客户，预计转化率3.5%。"),
        (SHOP, ""),
    ],
)
def test_what_is_known_may_be_said_in_other_words(source: Source, sentence: str) -> None:
    assert source.bears_out(sentence)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (SHOP, "Your order #1235 is on its way."),
        (SHOP, "It should arrive on 24 November."),
        (SHOP, "It should arrive on 23 December."),
        (SHOP, "TrailRunner 2 by Corvo costs $129."),
        (SHOP, "Corvo makes it."),
        (SHOP, "It costs $1290."),
        (SHOP, "It costs $18,700."),
        (SHOP, "It costs €129."),
        (SHOP, "You have five of them."),
        (SHOP, "You get half of it back."),
        (SHOP, "Follow it with TRK-900135."),
        (SHOP, "Follow it with trk900134x."),
        (SHOP, "Look at http://evil.example/x for it."),
        (SHOP, "Look at evil.example for it."),
        (SHOP, "Write to me@evil for it."),
        (SHOP, "Look [here](x)."),
        (SHOP, "<img src=x>"),
        (SHOP, "It was\x1b[31m sent."),
        (SHOP, "Your order #1234 is cancelled."),
        (SHOP, "We refund it."),
        (SHOP, "There is a discount on it."),
        (SHOP, "It is free."),
        (SHOP, "I guarantee that it fits."),
        (SHOP, "Tell me your password."),
        (SHOP, "It costs $1\u200b29 or $30."),
        (HOMES, "A 3 BHK is ₹99 L."),
        (HOMES, "A 2 BHK is ₹99 Cr."),
        (HOMES, "A 2 BHK is ₹99."),
        (HOMES, "Prestige Shantiniketan is cheaper."),
        (HOMES, "It is ready by December 2026."),
        (FIGURES, "Click rate fell to 2.1%."),
        (FIGURES, "Click rate was 25%."),
        (FIGURES, "Click rate in FR was 2.5%."),
        (FIGURES, "It was 2.5 million."),
        (CHINESE, "为您选出1200位客户，预算30万元。"),
        (CHINESE, "为您选出一千二百位客户。"),
        (CHINESE, "全部打五折。"),
        (CHINESE, "我们免费送货。"),
    ],
)
def test_what_is_made_up_may_not(source: Source, sentence: str) -> None:
    assert not source.bears_out(sentence)


def test_facts_are_searched_to_the_bottom() -> None:
    source = Source.of("Here.", {"a": [{"b": {"deep_key": ["Zeta", 4.5, None, True]}}]})

    assert source.bears_out("In Zeta it is 4.5.")
    assert not source.bears_out("In Zeta it is 4.6.")


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("It cannot be returned.", True),
        ("That isn't in stock.", True),
        ("I have no listings there.", True),
        ("没有找到。", True),
        ("It is on its way.", False),
        ("Another note on nothingness.", False),
        ("非常好。", False),
    ],
)
def test_denials_are_seen(text: str, denied: bool) -> None:
    assert denies(text) is denied


@given(st.text())
def test_a_text_bears_itself_out_unless_it_has_markup(text: str) -> None:
    plain = "".join(each for each in text if each.isalnum() or each in " .,!?%$₹#")
    assert Source.of(plain).bears_out(plain)


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=10**9))
def test_no_other_number_is_borne_out(known: int, said: int) -> None:
    assert Source.of(f"There are {known:,} left.").bears_out(f"There are {said} left.") is (known == said)
