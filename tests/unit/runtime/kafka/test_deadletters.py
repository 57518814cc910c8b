"""A dead letter keeps the record whole, and gives it back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Reject
from shared.events.envelope import Envelope
from shared.runtime.kafka import deadletters
from tests.unit.runtime.kafka.fakes import FakeRecord

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def buried(record: FakeRecord, error: Exception | None = None) -> Envelope:
    return deadletters.bury(
        record,
        group="agent",
        reason=deadletters.REJECTED,
        error=error or Reject("no such thing"),
        attempts=1,
        at=AT,
    )


def read_back(envelope: Envelope) -> FakeRecord:
    return FakeRecord(9, envelope.key, envelope.value, envelope.headers, topic=envelope.topic)


def test_dead_letter_says_where_it_came_from_and_why() -> None:
    letter = buried(FakeRecord(7, b"key", b"value", (("ce_type", b"some.event.v1"),), topic="turns", partition=3))
    assert letter.topic == "turns.dead"
    assert (letter.key, letter.value) == (b"key", b"value")
    assert dict(letter.headers) == {
        "ce_type": b"some.event.v1",
        "x-dead-reason": b"rejected",
        "x-dead-error": b"Reject: no such thing",
        "x-dead-source-topic": b"turns",
        "x-dead-source-partition": b"3",
        "x-dead-source-offset": b"7",
        "x-dead-group": b"agent",
        "x-dead-attempts": b"1",
        "x-dead-at": b"2026-01-02T03:04:05+00:00",
    }


@given(
    st.binary(max_size=50),
    st.binary(max_size=50),
    st.lists(
        st.tuples(st.text(max_size=10).filter(lambda name: not name.startswith("x-dead-")), st.binary(max_size=9))
    ),
)
def test_revived_letter_is_the_original(key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> None:
    revived = deadletters.revive(read_back(buried(FakeRecord(0, key, value, headers, topic="turns"))))
    assert revived == Envelope("turns", key, value, tuple(headers))


def test_second_death_is_the_one_that_is_told() -> None:
    first = buried(FakeRecord(0, topic="turns"), Reject("first"))
    again = deadletters.revive(read_back(first))
    second = buried(FakeRecord(5, again.key, again.value, again.headers, topic=again.topic), Reject("second"))
    errors = [value for name, value in second.headers if name == deadletters.ERROR]
    assert errors == [b"Reject: second"]


def test_long_and_unencodable_errors_are_cut() -> None:
    letter = buried(FakeRecord(0), Reject("\ud800" + "x" * 10_000))
    assert len(dict(letter.headers)[deadletters.ERROR]) <= 1000


def test_ordinary_record_cannot_be_revived() -> None:
    with pytest.raises(ValueError, match="no dead letter"):
        deadletters.revive(FakeRecord(0))
