import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.sse import EventId, StreamEvent, one_line

IDS = st.builds(EventId, st.integers(0, 10**16 - 1), st.integers(0, 10**10 - 1))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(IDS, st.sampled_from(["delta", "completed"]), JSON, st.sampled_from([None, 2]))
def test_any_client_reads_back_what_was_framed(event_id: EventId, name: str, value: object, indent: int | None) -> None:
    data = json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass")
    block = StreamEvent(event_id, name, data).encode()
    assert block.endswith(b"\n\n")
    # Some clients split lines as Unicode does, some only at line feeds: both must see the same three lines.
    text = block.decode("utf-8", "surrogatepass")
    assert text.splitlines() == text[:-1].split("\n")
    fields = dict(line.split(": ", 1) for line in text[:-2].split("\n"))
    assert (fields["event"], EventId.parse(fields["id"])) == (name, event_id)
    assert json.loads(fields["data"]) == value


@given(IDS, IDS)
def test_ids_compare_as_their_numbers_do(one: EventId, other: EventId) -> None:
    assert (one < other) == ((one.attempt, one.n) < (other.attempt, other.n))
    assert EventId.parse(str(one)) == one


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "-1", "1-2-3", "a-1", "1-b", " 1-1", "1-1\n", "+1-1", "12345678901234567-1", "１-1", "1-1 "]
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an event id"):
        EventId.parse(text)


def test_data_without_line_ends_stays_as_it_is() -> None:
    data = '{"text":"¡señor, 你好! \\n"}'.encode()
    assert one_line(data) is data
