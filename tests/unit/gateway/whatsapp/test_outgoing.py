"""What endings say over WhatsApp."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from services.gateway.whatsapp.outgoing import LONGEST, delivery_id, messages, pieces
from shared.events.ids import OPEN_TENANT
from shared.events.replies import DataPart, FailureReason, Reply
from tests.support.turns import Conversation

TALK = Conversation(OPEN_TENANT)
INVOICE: JsonValue = {"url": "https://shop.example/invoices/7.pdf", "filename": "invoice-7.pdf", "total": 120}


def said(text: str, *data: DataPart) -> list[object]:
    reply = Reply(text=text, data=data)
    return [each[each["type"]] for each in messages(TALK.completed(1, reply=reply))]


def test_reply_is_a_text() -> None:
    assert messages(TALK.completed(1, answer="Here are three.")) == [
        {"type": "text", "text": {"body": "Here are three.", "preview_url": False}}
    ]


@pytest.mark.parametrize("text", ["", " \n"])
def test_reply_without_words_is_nothing(text: str) -> None:
    assert said(text) == []


def test_documents_follow_the_words() -> None:
    cards = DataPart(kind="cards", value=[{"url": "https://shop.example/1"}])

    assert said("Your invoice.", cards, DataPart(kind="document", value=INVOICE)) == [
        {"body": "Your invoice.", "preview_url": False},
        {"link": "https://shop.example/invoices/7.pdf", "filename": "invoice-7.pdf"},
    ]


def test_document_of_our_own_is_a_path_until_it_is_sent() -> None:
    invoice: JsonValue = {"url": "/api/orders/invoices/7.pdf", "title": "7.pdf"}

    assert said("", DataPart(kind="document", value=invoice)) == [
        {"path": "/api/orders/invoices/7.pdf", "filename": "7.pdf"}
    ]


@pytest.mark.parametrize(
    "value", [None, "x", {}, {"url": "//elsewhere/7.pdf"}, {"url": "file:///etc/passwd"}, {"url": 7}]
)
def test_document_that_is_nowhere_to_be_fetched_is_left_out(value: JsonValue) -> None:
    assert len(said("Your invoice.", DataPart(kind="document", value=value))) == 1


@pytest.mark.parametrize(("reason", "count"), [("exhausted", 1), ("expired", 1), ("too_large", 1)])
def test_failed_turn_is_apologised_for_in_the_language_of_its_words(reason: FailureReason, count: int) -> None:
    english = messages(TALK.failed(1, "400 boxes", reason=reason))
    chinese = messages(TALK.failed(1, "四百个盒子", reason=reason))

    assert len(english) == len(chinese) == count
    assert english[0]["text"]["body"].startswith("Sorry")
    assert chinese[0]["text"]["body"].startswith("抱歉")


@pytest.mark.parametrize("reason", ["session_deleted", "unknown_session"])
def test_where_nobody_is_left_to_be_told_nothing_is_said(reason: FailureReason) -> None:
    assert messages(TALK.failed(1, reason=reason)) == []


def test_cancelled_turn_says_nothing() -> None:
    assert messages(TALK.cancelled(1)) == []


def test_long_text_is_cut_at_the_ends_of_lines_then_of_words() -> None:
    lines = "\n".join(["a" * 60] * 3)

    assert list(pieces(lines, 130)) == ["a" * 60 + "\n" + "a" * 60, "a" * 60]
    assert list(pieces("four by four", 8)) == ["four by", "four"]
    assert list(pieces("a\x00b")) == ["ab"]
    assert list(pieces("x" * 20, 8)) == ["x" * 8, "x" * 8, "x" * 4]


def test_text_of_the_longest_length_stays_whole() -> None:
    assert len(said("a" * LONGEST)) == 1
    assert len(said("a" * (LONGEST + 1))) == 2


@given(st.text(alphabet="ab \n", max_size=200), st.integers(1, 20))
def test_pieces_have_all_the_words_in_order_and_none_is_blank_or_too_long(text: str, most: int) -> None:
    found = list(pieces(text, most))

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(each.strip() and len(each) <= most for each in found)


def test_deliveries_of_a_turn_have_ids_that_are_always_the_same() -> None:
    first, second = TALK.turn_id(1), TALK.turn_id(2)

    assert delivery_id(first, 0) == delivery_id(first, 0)
    assert len({delivery_id(turn, number) for turn in (first, second) for number in range(3)}) == 6
