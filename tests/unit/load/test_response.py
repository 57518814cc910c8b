"""The load generator's reading of HTTP and server-sent events, however the bytes are cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.load.response import EventReader, MalformedError, ResponseReader, ServerEvent

EVENTS = (
    b"retry: 2000\nevent: accepted\nid: 0-1\ndata: {}\n\n"
    b'event: delta\nid: 7-1\ndata: {"text":"a"}\n\n: heartbeat\n\nevent: completed\nid: 7-2\ndata: {"text":"a"}\n\n'
)
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" + b"".join(
    b"%x\r\n%b\r\n" % (len(part), part) for part in (EVENTS[:40], EVENTS[40:], b"")
)
CUTS = st.lists(st.integers(0, len(STREAM)), max_size=12)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cuts), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(edges) if begin < end]


@given(CUTS)
def test_a_chunked_response_reads_the_same_however_it_is_cut(cuts: list[int]) -> None:
    body: list[bytes] = []
    reader = ResponseReader(body.append)
    complete = [reader.feed(piece) for piece in pieces(STREAM, cuts)]
    assert complete == [False] * (len(complete) - 1) + [True]
    assert (reader.status, b"".join(body)) == (200, EVENTS)


@given(st.lists(st.integers(0, len(EVENTS)), max_size=12))
def test_events_read_the_same_however_they_are_cut(cuts: list[int]) -> None:
    reader = EventReader()
    assert [event for piece in pieces(EVENTS, cuts) for event in reader.feed(piece)] == [
        ServerEvent(b"accepted", b"0-1", b"{}"),
        ServerEvent(b"delta", b"7-1", b'{"text":"a"}'),
        ServerEvent(b"completed", b"7-2", b'{"text":"a"}'),
    ]


def test_a_response_with_a_length_is_complete_when_its_body_is() -> None:
    body: list[bytes] = []
    reader = ResponseReader(body.append)
    assert not reader.feed(b"HTTP/1.1 503 Unavailable\r\nContent-Length: 4\r\n\r\nno")
    assert reader.feed(b"pe")
    assert (reader.status, body) == (503, [b"no", b"pe"])


def test_a_response_of_unknown_length_is_refused() -> None:
    with pytest.raises(MalformedError):
        ResponseReader(print).feed(b"HTTP/1.1 200 OK\r\n\r\n")
