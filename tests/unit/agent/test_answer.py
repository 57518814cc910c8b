"""Understand, decide, say: what a pack is given and how its words are told."""

from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agent.answer import Answering
from services.agent.live import Live
from services.agent.sentences import sentences
from services.agent.session import Remembered, Session
from services.agent.understanding import RECALL, Utterance
from shared.domains.base import AnyDomain, Decision, Dialogue, Domain, Language, Question, Referent, Scope, Turn
from shared.domains.person import Profile
from shared.errors import Retry
from shared.events.ids import TenantId
from shared.events.replies import Clarification, DataPart, Understood
from shared.events.turns import Command, TurnSubmitted
from tests.unit.agent.builders import NOW, TENANT, Seen, place, session, submitted
from tests.unit.agent.fakes import MarksInMemory

KNOWN = Profile(user_id="ana", domain="shoes", name="Ana")


@dataclass
class Bench:
    """Answers with one pack that decides as told and remembers what it was given."""

    decision: Decision[Seen]
    heard: list[Utterance] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    turns: list[Turn[Any]] = field(default_factory=list)
    frames: MarksInMemory = field(default_factory=MarksInMemory)
    intent: str = "search"

    @property
    def answering(self) -> Answering:
        return Answering({"shoes": self._pack()}, self._tools, self, self, lambda: NOW)

    async def understand(self, domain: str, tenant_id: TenantId, utterance: Utterance) -> Understood:
        self.heard.append(utterance)
        return Understood(intent=self.intent, confidence=0.8, language="en")

    async def recall(self, turn: TurnSubmitted, session: Session) -> Profile | None:
        return KNOWN

    def _tools(self, domain: AnyDomain, scope: Scope) -> str:
        self.scopes.append(scope)
        return f"tools of {domain.name}"

    def _pack(self) -> AnyDomain:
        async def decide(turn: Turn[Seen], tools: str, progress: object) -> Decision[Seen]:
            assert tools == "tools of shoes"
            self.turns.append(turn)
            return self.decision

        return Domain(
            name="shoes",
            title="Shoes",
            greeting="Hello!",
            language=Language(intents={}),
            state=Seen,
            decide=decide,
            tools=lambda _database, _scope: "",
        )

    async def said(self) -> list[tuple[str, Any]]:
        """Answer a turn and return the frames that were written."""
        live = Live(self.frames, place(), now_ms=1)
        await self.answering(submitted(), session(), live)
        await live.end()
        return [(frame.event, orjson.loads(frame.data)) for each in self.frames.appends for frame in each.frames]


@dataclass(frozen=True)
class Told:
    """Memory that tells this."""

    decision: Decision[Seen] | None

    async def decide(self, turn: Turn[Any]) -> Decision[Seen] | None:
        return self.decision


def decided(text: str = "Here.", **more: Any) -> Decision[Seen]:
    return Decision(text=text, state=Seen(count=2), **more)


async def test_the_pack_sees_what_was_said_what_is_remembered_and_who_talks() -> None:
    bench = Bench(decided())
    before = session(turn_no=4, remembered=Remembered(dialogue=Dialogue(last_intent="greet"), pack={"count": 1}))

    answer = await bench.answering(submitted(language="en"), before, Live(bench.frames, place(), now_ms=1))

    [turn] = bench.turns
    assert (turn.no, turn.session_no, turn.state, turn.person) == (5, 2, Seen(count=1), KNOWN)
    assert turn.understood.intent == "search"
    assert turn.dialogue == before.remembered.dialogue
    assert bench.heard == [Utterance("red ones", before.remembered.dialogue, "en")]
    assert answer.remembered.pack == {"count": 2}


async def test_the_scope_of_tools_comes_from_the_turn() -> None:
    bench = Bench(decided())

    await bench.said()

    assert bench.scopes == [Scope(TENANT, "ana")]


async def test_words_come_sentence_by_sentence_then_the_question_then_the_data() -> None:
    asked = Question(about="size", clarification=Clarification(question="Which size?"), asked_in=1)
    bench = Bench(decided("Two fit. Which size?", question=asked, data=(DataPart(kind="cards", value=[1]),)))

    assert await bench.said() == [
        ("delta", {"text": "Two fit. "}),
        ("delta", {"text": "Which size?"}),
        ("clarification", {"question": "Which size?", "options": []}),
        ("data", {"kind": "cards", "value": [1]}),
    ]


async def test_the_policys_better_reading_of_the_words_is_what_counts() -> None:
    better = Understood(intent="compare", confidence=1.0)
    bench = Bench(decided(understood=better))

    answer = await bench.answering(submitted(), session(), Live(bench.frames, place(), now_ms=1))

    assert answer.understood == better
    assert answer.remembered.dialogue.last_intent == "compare"


async def test_a_question_about_earlier_sessions_leaves_the_session_as_it_was() -> None:
    bench = Bench(decided("from the pack"), intent=RECALL)
    dialogue = Dialogue(last_intent="search", language="zh", shown=(Referent(kind="shoe", id="1", name="Runner"),))
    before = session(turn_no=4, remembered=Remembered(dialogue=dialogue, pack={"count": 1}))
    told = Decision(text="Last time you asked.", state=Seen(count=1))

    live = Live(bench.frames, place(), now_ms=1)
    answer = await replace(bench.answering, talk=Told(told))(submitted(), before, live)
    await live.end()

    assert bench.turns == []
    assert answer.decision == told
    assert answer.understood.intent == RECALL
    assert answer.remembered == Remembered(dialogue=dialogue.model_copy(update={"language": "en"}), pack={"count": 1})
    assert [frame.event for each in bench.frames.appends for frame in each.frames] == ["delta"]


async def test_what_asks_for_nothing_of_the_past_after_all_is_the_packs() -> None:
    bench = Bench(decided("from the pack"), intent=RECALL)

    answer = await replace(bench.answering, talk=Told(None))(
        submitted(), session(), Live(bench.frames, place(), now_ms=1)
    )

    assert answer.decision.text == "from the pack"


async def test_a_command_is_not_understood_as_words() -> None:
    bench = Bench(decided())
    turn = submitted(input=Command(name="apply"))

    await bench.answering(turn, session(), Live(bench.frames, place(), now_ms=1))

    assert bench.heard == []
    assert bench.turns[0].understood == Understood()


async def test_what_goes_badly_is_counted_from_turn_to_turn_whatever_the_pack_remembers() -> None:
    bench = Bench(decided(understood=Understood()))
    known, reasons = session(), []

    for _ in range(4):
        answer = await bench.answering(submitted(), known, Live(bench.frames, place(), now_ms=1))
        known = replace(known, turn_no=known.turn_no + 1, remembered=answer.remembered)
        reasons.append(answer.escalation)

    assert reasons == [None, None, "not_understood", None]
    assert known.remembered.dialogue.watch.escalated


async def test_a_pack_that_is_not_installed_here_may_be_elsewhere() -> None:
    bench = Bench(decided())

    with pytest.raises(Retry, match="hats"):
        await bench.answering(submitted(domain="hats"), session(), Live(bench.frames, place(), now_ms=1))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One. Two!", ["One. ", "Two!"]),
        ("Up to ₹1.2 Cr: fine.", ["Up to ₹1.2 Cr: fine."]),
        ("1. Runner\n2. Walker\n", ["1. Runner\n", "2. Walker\n"]),
        ("为您找到两款。要看吗？", ["为您找到两款。", "要看吗？"]),
        ("In 2028? Yes.", ["In 2028? ", "Yes."]),
        ("Really?! Yes", ["Really?! ", "Yes"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, pieces: list[str]) -> None:
    assert sentences(text) == pieces


@given(st.text())
def test_the_pieces_are_the_text_to_the_letter(text: str) -> None:
    assert "".join(sentences(text)) == text
