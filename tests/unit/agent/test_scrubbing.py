"""What is left of endings of every kind, and of what packs remember."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from pydantic import JsonValue

from services.agent.scrubbing.content import scrub_session
from services.agent.session import Remembered
from services.agent.store import Kept, Told
from shared.domains.base import State
from shared.events.ids import TenantId
from shared.events.replies import Feedback, TurnCompleted, TurnEnded
from shared.events.turns import Command, Text
from shared.privacy.detection import Detector
from shared.privacy.scrubbing import Scrubber
from tests.support import painted
from tests.support.turns import Conversation

SCRUBBER = Scrubber(Detector())
TALK = Conversation(tenant_id=TenantId(UUID("0197d0a2-9876-7432-9000-138001380001")))
WORDS = "call 9876543210"


def kept(event: TurnEnded, pack: dict[str, JsonValue] | None = None) -> Kept:
    remembered = None if pack is None else Remembered(pack=pack)
    return Kept(TALK.session_id, "painted", 1, (Told(event.turn_id, 1, (event.envelope(),)),), remembered)


def scrubbed(event: TurnEnded) -> TurnEnded:
    (ending,) = scrub_session(kept(event), SCRUBBER, {}).endings
    return type(event).model_validate_json(ending.envelopes[0].value)


@pytest.mark.parametrize("event", [TALK.completed(1, WORDS), TALK.failed(1, WORDS), TALK.cancelled(1, WORDS)])
def test_every_kind_of_ending_loses_what_was_personal_and_nothing_else(event: TurnEnded) -> None:
    assert scrubbed(event) == event.model_copy(update={"input": Text(text="call [PHONE]")})


def test_a_command_and_a_comment_are_scrubbed() -> None:
    feedback = Feedback(turn_id=TALK.turn_id(1), rating=1, comment="nobody rang 9876543210")
    command = Command(name="feedback", arguments={"comment": feedback.comment, "rating": 1})

    event = scrubbed(TALK.completed(1, answer="", input=command, feedback=feedback))

    assert isinstance(event, TurnCompleted)
    assert event.feedback == feedback.model_copy(update={"comment": "nobody rang [PHONE]"})
    assert event.input == Command(name="feedback", arguments={"comment": "nobody rang [PHONE]", "rating": 1})


def test_a_pack_forgets_what_it_could_not_read_without_personal_data() -> None:
    class Numbered(State):
        number: int | None = None

    pack: dict[str, JsonValue] = {"number": "9876543210"}
    domain: Any = painted.DOMAIN

    left = scrub_session(
        kept(TALK.completed(1), pack), SCRUBBER, {"painted": replace(domain, state=Numbered)}
    ).remembered

    assert left == Remembered(pack={})
