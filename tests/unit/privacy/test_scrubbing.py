"""Texts without personal data, and entities that still fit them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from shared.events.replies import Contact, Entity
from shared.privacy.detection import Detector, Known
from shared.privacy.scrubbing import Scrubber, known_from, taken_from
from tests.eval.privacy.evaluation import read_set

SCRUBBER = Scrubber(Detector())
SAMPLES = [each.text for name in ("tune", "heldout") for each in read_set(name)]


def entity(kind: str, text: str, within: str) -> Entity:
    start = within.index(text)
    return Entity(kind=kind, value=text, text=text, start=start, end=start + len(text))


def test_placeholders_say_what_was_there() -> None:
    scrubbed = SCRUBBER.scrub("我叫王小明，手机号是13800138000, a@example.com")

    assert scrubbed.text == "我叫[NAME]，手机号是[PHONE], [EMAIL]"
    assert taken_from([scrubbed.text]) == {"EMAIL": 1, "NAME": 1, "PHONE": 1}


def test_entities_move_with_the_words_and_lose_what_was_taken() -> None:
    text = "Call 9876543210 about Brigade Citrine"
    phone, project = entity("phone", "9876543210", text), entity("project", "Brigade Citrine", text)

    scrubbed = SCRUBBER.scrub(text)
    moved = SCRUBBER.entities(scrubbed, [phone, project])

    assert scrubbed.text == "Call [PHONE] about Brigade Citrine"
    assert [scrubbed.text[each.start : each.end] for each in moved] == ["[PHONE]", "Brigade Citrine"]
    assert (moved[0].value, moved[0].text, moved[1].value) == ("[PHONE]", "[PHONE]", "Brigade Citrine")


def test_a_name_that_only_the_agent_understood_is_taken() -> None:
    text = "harpreet, from Bedok"

    assert SCRUBBER.scrub(text, entities=[entity("person_name", "harpreet", text)]).text == "[NAME], from Bedok"


def test_what_a_turn_tells_of_its_writer_is_known() -> None:
    text = "I'm Arjun"
    known = known_from([entity("person_name", "Arjun", text)], Contact(phone="+6591234567"))

    assert known == Known(names=frozenset(["Arjun"]), phones=frozenset(["+6591234567"]))
    assert SCRUBBER.scrub("Thanks, Arjun! We call 91234567.", known).text == "Thanks, [NAME]! We call [PHONE]."


def test_structured_content_keeps_ids_and_figures() -> None:
    content: dict[str, JsonValue] = {
        "id": "0197d0a2-9876-7432-9000-138001380001",
        "at": "2026-11-21T12:00:00Z",
        "phone": "unusual 1",
        "lines": [{"note": "mail a@example.com", "price": 9876543210}],
    }

    assert SCRUBBER.value(content) == content | {
        "phone": "[PHONE]",
        "lines": [{"note": "mail [EMAIL]", "price": 9876543210}],
    }


@pytest.mark.parametrize("text", SAMPLES)
def test_scrubbing_twice_is_scrubbing_once(text: str) -> None:
    once = SCRUBBER.scrub(text).text

    assert SCRUBBER.scrub(once).text == once


@given(st.text(max_size=60))
def test_any_text_keeps_what_is_not_taken(text: str) -> None:
    scrubbed = SCRUBBER.scrub(text)

    assert len(scrubbed.text) - len(text) == sum(len(s.kind.placeholder) - (s.end - s.start) for s in scrubbed.spans)
    assert scrubbed.moved(len(text), len(text)) == (len(scrubbed.text), len(scrubbed.text))
