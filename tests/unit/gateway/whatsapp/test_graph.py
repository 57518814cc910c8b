"""What a response of the Graph API says about a message."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.gateway.whatsapp.graph import Answer, Refused, Rejected, Sent, Unanswered, answer_of


def answered(status: int, body: Any = None, **headers: str) -> Answer:
    content = {} if body is None else {"json": body}
    return answer_of(httpx.Response(status, headers=headers, **content))


def error(code: int, message: str = "Message") -> dict[str, Any]:
    return {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A"}}


def test_accepted_message_has_an_id() -> None:
    body = {"messaging_product": "whatsapp", "contacts": [{"wa_id": "1"}], "messages": [{"id": "wamid.1"}]}

    assert answered(200, body) == Sent("wamid.1")


@pytest.mark.parametrize("body", [None, {}, {"messages": []}, []])
def test_success_without_an_id_is_no_answer(body: Any) -> None:
    assert answered(200, body) == Unanswered("HTTP 200 without an id")


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, 130429), (401, 190), (400, 130429), (400, 131056), (400, 80007), (500, 131000), (503, 2), (500, 1)],
)
def test_what_passes_is_refused_for_now(status: int, code: int) -> None:
    assert answered(status, error(code)) == Refused(f"{code} Message")


@pytest.mark.parametrize(
    ("header", "expected"),
    [("7", timedelta(seconds=7)), ("", None), ("soon", None), ("-1", None), ("9" * 12, None), ("²", None)],
)
def test_retry_after_is_taken_at_its_word_where_it_is_one(header: str, expected: timedelta | None) -> None:
    response = httpx.Response(429, headers=[(b"retry-after", header.encode("latin-1"))])

    assert answer_of(response) == Refused("HTTP 429", expected)


@pytest.mark.parametrize(("status", "code"), [(400, 131047), (400, 131026), (401, 0), (403, 131031), (404, 100)])
def test_what_never_passes_is_rejected_with_its_reason(status: int, code: int) -> None:
    assert answered(status, error(code, "Why " * 100)) == Rejected((f"{code} " + "Why " * 100)[:200])


@pytest.mark.parametrize("status", [502, 504])
def test_proxy_that_knows_nothing_is_no_answer(status: int) -> None:
    assert answered(status) == Unanswered(f"HTTP {status}")
    assert answered(status, error(2)) == Refused("2 Message")


def test_redirect_is_not_followed() -> None:
    assert answered(302, location="http://elsewhere.example") == Rejected("HTTP 302")
