"""Stored envelopes come back as they were, so that publishing again publishes the same bytes."""

from hypothesis import given
from hypothesis import strategies as st

from deploy.contract.examples import example_of
from shared.events.catalogue import EVENTS
from shared.events.envelope import Envelope, freeze, thaw

text = st.text(st.characters(exclude_categories=["Cs"]))
utf8 = text.map(str.encode)
envelopes = st.builds(Envelope, text, utf8, utf8, st.lists(st.tuples(text, utf8)).map(tuple))


@given(st.lists(envelopes).map(tuple))
def test_thawed_envelopes_are_the_frozen_ones(stored: tuple[Envelope, ...]) -> None:
    assert thaw(freeze(stored)) == stored


@given(st.lists(envelopes).map(tuple))
def test_freezing_again_gives_the_same_bytes(stored: tuple[Envelope, ...]) -> None:
    assert freeze(thaw(freeze(stored))) == freeze(stored)


def test_real_events_survive_storage_to_the_byte() -> None:
    stored = tuple(example_of(event).envelope() for event in EVENTS)

    assert thaw(freeze(stored)) == stored


def test_what_was_stored_by_an_earlier_version_can_be_read() -> None:
    stored = b'[{"topic":"parley.replies","key":"t:s","value":"{}","headers":[["ce_id","1"]]}]'

    assert thaw(stored) == (Envelope("parley.replies", b"t:s", b"{}", (("ce_id", b"1"),)),)


def test_a_header_is_found_by_its_name() -> None:
    envelope = Envelope("t", b"k", b"v", (("a", b"1"), ("a", b"2")))

    assert (envelope.header("a"), envelope.header("b")) == ("1", None)
