"""Cursors lead back to their keys and nothing else is one."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.http import Problem
from shared.runtime.http.cursors import Cursors


@dataclass(frozen=True)
class Key:
    total: float
    user_id: str
    id: UUID


CURSORS = Cursors(Key)


@given(st.builds(Key, st.floats(allow_nan=False, allow_infinity=False), st.text(), st.uuids()))
def test_cursor_leads_back_to_its_key(key: Key) -> None:
    cursor = CURSORS.encode(key)

    assert cursor is not None
    assert cursor.isascii()
    assert CURSORS.decode(cursor) == key


def test_no_key_is_no_cursor() -> None:
    assert CURSORS.encode(None) is None
    assert CURSORS.decode(None) is None


@pytest.mark.parametrize("cursor", ["", "x", "é", "e30", "bnVsbA", "W10", str(uuid4())])
def test_anything_else_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        CURSORS.decode(cursor)
    assert (refused.value.status, refused.value.code) == (422, "invalid_cursor")
