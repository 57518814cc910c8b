"""What people name, line by line."""

import pytest

from shared.domains.orders.policy.lines import answer_in, other_size, wishes_in
from shared.domains.orders.policy.numerals import in_digits


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Hi, we need 400 boxes for 10 inch pizzas", [("boxes", 400, "10 inch")]),
        ('box for 10" pizza x 400', [("box pizza", 400, "10 inch")]),
        ("boxes x400 10in asap", [("boxes", 400, "10 inch")]),
        ("300 pizza boxes size 12", [("pizza boxes", 300, "12")]),
        ("400, pizza boxes, 10 inch", [("pizza boxes", 400, "10 inch")]),
        ("1.5 l soup bowls 100", [("soup bowls", 100, "1500 ml")]),
        ("200 12oz cups; 100 16oz cups", [("cups", 200, "12 oz"), ("cups", 100, "16 oz")]),
        ("400 pizza boxes 10 inch 200 paper cups", [("pizza boxes", 400, "10 inch"), ("paper cups", 200, None)]),
        (
            "pizza boxes, 400 of 10 inch and 200 of 12 inch",
            [("pizza boxes", 400, "10 inch"), ("pizza boxes", 200, "12 inch")],
        ),
        (
            "400 ten inch and 200 twelve inch pizza boxes",
            [("pizza boxes", 400, "10 inch"), ("pizza boxes", 200, "12 inch")],
        ),
        (
            "10 and 12 inch pizza boxes, 200 each",
            [("pizza boxes", 200, "10 inch"), ("pizza boxes", 200, "12 inch")],
        ),
        (
            "1,000 paper straws & 50 rolls cling film 30cm, thank you",
            [("paper straws", 1000, None), ("cling film", 50, "30 cm")],
        ),
        (
            "1) 100 burger boxes small 2) 50 burger boxes large",
            [("burger boxes", 100, "small"), ("burger boxes", 50, "large")],
        ),
        ("chopsticks and forks, 10 packs each", [("chopsticks", 10, None), ("forks", 10, None)]),
        ("half a dozen rolls of foil", [("foil", 6, None)]),
        ("200 12 oz cups and lids", [("cups", 200, "12 oz"), ("lids", None, None)]),
        ("四百个十寸的披萨盒", [("披萨盒", 400, "10 inch")]),
        ("要三百五十个12寸披萨盒和2箱纸巾", [("披萨盒", 350, "12 inch"), ("纸巾", 2, None)]),
        ("我们要300个大号纸袋", [("纸袋", 300, "large")]),
        ("nak 400 kotak pizza 10 inci", [("pizza", 400, "10 inch")]),
        ("dua ratus cawan kertas 12 oz dan seratus penutup", [("cawan kertas", 200, "12 oz"), ("penutup", 100, None)]),
    ],
)
def test_goods_are_read_line_by_line(text: str, lines: list[tuple[str, int | None, str | None]]) -> None:
    assert [(wish.words, wish.quantity, wish.size) for wish in wishes_in(text)] == lines


@pytest.mark.parametrize(
    ("text", "quantity", "size"),
    [
        ("make it 500", 500, None),
        ("改成500个", 500, None),
        ("tukar jadi 300", 300, None),
        ("no I meant 40", 40, None),
        ("sorry 12 inch not 10 inch", None, "12 inch"),
        ("ok 200 of those", 200, None),
        ("400 of the second one", 400, None),
    ],
)
def test_what_changes_or_points_names_no_goods(text: str, quantity: int | None, size: str | None) -> None:
    [wish] = wishes_in(text)
    assert (wish.words, wish.quantity, wish.size) == ("", quantity, size)


@pytest.mark.parametrize("text", ["thank you so much", "hello", "谢谢", "yes please", ""])
def test_courtesies_name_nothing(text: str) -> None:
    assert wishes_in(text) == ()


def test_an_answer_may_name_more_lines() -> None:
    said, more = answer_in("200, and 100 paper cups 12 oz")
    assert (said.words, said.quantity) == ("", 200)
    assert [(wish.words, wish.quantity, wish.size) for wish in more] == [("paper cups", 100, "12 oz")]


def test_an_answer_may_come_in_pieces() -> None:
    said, more = answer_in("no, 10 inch please, 400")
    assert (said.words, said.quantity, said.size) == ("", 400, "10 inch")
    assert more == ()


@pytest.mark.parametrize(
    "text", ["1" * 8000, "12 " * 2600, " " * 8000, "not 1" * 1600, "10 inch to " * 700, "1) " * 2600]
)
def test_no_message_is_too_long_to_read(text: str) -> None:
    assert len(wishes_in(text)) <= 100


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("switch the 10 inch boxes to 12 inch", ("10 inch", "12 inch")),
        ("10寸换成12寸", ("10 inch", "12 inch")),
        ("make it 12 inch", None),
    ],
)
def test_a_size_takes_the_place_of_another(text: str, sizes: tuple[str, str] | None) -> None:
    assert other_size(text) == sizes


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("a hundred and fifty", "150"),
        ("two thousand five hundred", "2500"),
        ("twenty-five", "25"),
        ("3 dozen", "36"),
        ("dua ratus lima puluh kotak", "250 kotak"),
        ("dua belas inci", "12 inci"),
        ("三百五个", "350个"),
        ("一千零五个", "1005个"),
        ("一百二十", "120"),
        ("一万二千", "12000"),
        ("the second one", "the second one"),
        ("第二个", "第二个"),
        ("跟上次一样", "跟上次一样"),
        ("four hundred of ten inch", "400 of 10 inch"),
    ],
)
def test_spelled_numbers_are_amounts(text: str, digits: str) -> None:
    assert in_digits(text) == digits
