from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.idempotency import Submission, parse_key, submission_of
from services.gateway.principal import Principal
from services.gateway.store import Acceptance
from shared.events.ids import OPEN_TENANT, SessionId
from shared.runtime.http import Problem

ANN, BOB = Principal(OPEN_TENANT, "ann", "r-1"), Principal(OPEN_TENANT, "bob", "r-1")
KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"'), min_size=1, max_size=255)


def under(key: str | None = None) -> dict[str, str]:
    return {} if key is None else {"idempotency-key": key}


@given(KEYS)
def test_quoted_and_bare_keys_are_the_same_key(key: str) -> None:
    quoted = '"' + key.replace("\\", "\\\\") + '"'
    assert parse_key(quoted) == parse_key(key) == key


def test_quotes_inside_a_quoted_key_are_escaped() -> None:
    assert parse_key('"a\\"b\\\\c"') == 'a"b\\c'


@pytest.mark.parametrize("header", ["", '""', '"open', 'half"', 'a"b', "x" * 256, "tab\there", "é"])
def test_what_is_no_key_is_a_problem(header: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_key(header)
    assert refused.value.status == 400


def test_same_key_on_the_same_route_is_the_same_thing() -> None:
    first = submission_of(under("k"), ANN, "turns", "s", body=b"{}")
    assert submission_of(under('"k"'), ANN, "turns", "s", body=b"{}") == first


def test_key_means_nothing_elsewhere() -> None:
    ids = {
        submission_of(under(key), caller, *scope, body=b"").id
        for key, caller, scope in [
            ("k", ANN, ("turns", "s")),
            ("k", BOB, ("turns", "s")),
            ("k", ANN, ("turns", "t")),
            ("k", ANN, ("feedback", "s")),
            ("l", ANN, ("turns", "s")),
            ("k", ANN, ("turns", "s", "k")),
        ]
    }
    assert len(ids) == 6


def test_without_a_key_everything_is_new() -> None:
    ids = {submission_of(under(), ANN, "turns", body=b"").id for _ in range(3)}
    assert len(ids) == 3


def test_another_body_under_a_key_is_a_problem_and_the_same_keeps_its_time() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    known = Acceptance(body_hash="aa", submitted_at=at.isoformat(), session_id=SessionId(uuid4()))
    assert Submission(uuid4(), "aa").agreed(known) == at
    with pytest.raises(Problem) as refused:
        Submission(uuid4(), "bb").agreed(known)
    assert refused.value.status == 422
