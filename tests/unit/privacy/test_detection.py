"""What is found in texts, and where. How much of it: tests/eval/privacy."""

import pytest

from shared.privacy.detection import Detector, Kind, Known
from tests.eval.privacy.evaluation import evaluate, read_set, scores

DETECTOR = Detector()


def found(text: str, known: Known | None = None) -> list[tuple[str, str]]:
    spans = DETECTOR.find(text, known or Known())
    return [(span.kind.value, text[span.start : span.end]) for span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("手机号是13800138000", [("PHONE", "13800138000")]),
        ("手机１３８００１３８０００谢谢", [("PHONE", "１３８００１３８０００")]),
        ("① call 98765\u200b43210", [("PHONE", "98765\u200b43210")]),
        ("邮箱abc@example.com谢谢", [("EMAIL", "abc@example.com")]),
        ("㎏ S9458073J", [("NRIC", "S9458073J")]),
    ],
)
def test_spans_are_where_it_was_written_whatever_the_script(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("number", ["S9458073A", "8990 9514 5471", "4472 0198 6039 5476", "DE89370400440532013001"])
def test_a_number_with_a_wrong_checksum_is_none(number: str) -> None:
    assert found(number) == []


@pytest.mark.parametrize(
    "text",
    ["order 81234567", "Invoice 30569309025904", "订单号13800138000", "₹ 9876543210", "tracking no. 9876543210"],
)
def test_numbers_that_are_said_to_be_something_else_are_left(text: str) -> None:
    assert found(text) == []


def test_an_address_around_a_number_is_one_find() -> None:
    text = "Deliver to Blk 123 Ang Mo Kio Ave 3 #12-34 Singapore 560123"

    assert found(text) == [("ADDRESS", "Blk 123 Ang Mo Kio Ave 3 #12-34 Singapore 560123")]


def test_what_is_known_of_the_writer_is_found_without_any_cue() -> None:
    known = Known(names=frozenset(["Arjun Mehta", "小林"]), phones=frozenset(["+6591234567"]))

    text = "arjun mehta and Arjun, but not Arjuna; 小林; 9123-4567"
    assert found(text, known) == [("NAME", "arjun mehta"), ("NAME", "Arjun"), ("NAME", "小林"), ("PHONE", "9123-4567")]


def test_confidence_tells_a_checksum_from_a_guess() -> None:
    email, name = DETECTOR.find("a@example.com, regards,\nAnita")

    assert (email.kind, name.kind) == (Kind.EMAIL, Kind.NAME)
    assert email.confidence > name.confidence


@pytest.mark.parametrize(("name", "recall", "precision"), [("tune", 0.98, 0.98), ("heldout", 0.85, 0.94)])
def test_as_much_is_found_as_is_published(name: str, recall: float, precision: float) -> None:
    overall = list(scores(evaluate(DETECTOR, read_set(name))))[-1]

    assert overall.recall is not None
    assert overall.precision is not None
    assert (overall.recall >= recall, overall.precision >= precision) == (True, True)
