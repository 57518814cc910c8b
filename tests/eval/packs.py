"""The packs that are evaluated, each with a folder of labelled utterances beside this file.

A folder holds `intents.csv` (kind, intent, text), `dialogues.json` (what was said, shown and asked before) and
`relations.csv` (relation, dialogue, text, and where they are labelled: referents, rewritten).
"""

import asyncio
import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from services.agent.understanding import Core, Utterance
from shared.domains.base import AnyDomain, Dialogue, Exchange, Gazetteer, Language, Question, Referent
from shared.domains.insights import DOMAIN as INSIGHTS
from shared.domains.luxury import DOMAIN as LUXURY
from shared.domains.orders import DOMAIN as ORDERS
from shared.domains.property import DOMAIN as PROPERTY
from shared.domains.shop import DOMAIN as SHOP
from shared.events.replies import Clarification
from tests.eval.boutique import pack as boutique
from tests.support.insights import FiguresInMemory
from tests.support.orders import DeskInMemory
from tests.support.property import FakeTools
from tests.support.shop import ShopInMemory

_HERE = Path(__file__).parent
NOT_SURE = "none"
"""The label of utterances that mean nothing to a pack."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's language, and the names its tables would give."""

    name: str
    language: Language
    names: Gazetteer

    def core(self) -> Core:
        """A core as the agent has it: trained without names, then given them."""
        return Core(self.language, Gazetteer({})).with_names(self.names)


@dataclass(frozen=True, slots=True)
class Labelled:
    """An utterance and the intent it means: near to the training utterances, far from them, or meaning nothing."""

    kind: str
    intent: str
    text: str


@dataclass(frozen=True, slots=True)
class Related:
    """An utterance in a dialogue. Empty labels were not given."""

    relation: str
    dialogue: Dialogue
    text: str
    referents: tuple[str, ...]
    rewritten: str


def _installed(domain: AnyDomain, tools: object) -> Pack:
    names = asyncio.run(domain.gazetteer(tools)) if domain.gazetteer else Gazetteer({})  # type: ignore[arg-type]
    return Pack(domain.name, domain.language, names)


def _boutique() -> Pack:
    return Pack("boutique", boutique.LANGUAGE, boutique.NAMES)


PACKS: Mapping[str, Callable[[], Pack]] = {
    "property": partial(_installed, PROPERTY, FakeTools()),
    "shop": partial(_installed, SHOP, ShopInMemory("ana")),
    "luxury": partial(_installed, LUXURY, None),
    "insights": partial(_installed, INSIGHTS, FiguresInMemory()),
    "orders": partial(_installed, ORDERS, DeskInMemory("luigi")),
    "boutique": _boutique,
}


def labelled(pack: str) -> list[Labelled]:
    """The pack's labelled utterances."""
    with (_HERE / pack / "intents.csv").open(encoding="utf-8") as file:
        return [Labelled(**row) for row in csv.DictReader(file)]


def related(pack: Pack, core: Core) -> list[Related]:
    """The pack's utterances in dialogues; `core` reads what was said before."""
    declared = json.loads((_HERE / pack.name / "dialogues.json").read_text(encoding="utf-8"))
    dialogues = {name: _dialogue(each, pack, core) for name, each in declared.items()}
    with (_HERE / pack.name / "relations.csv").open(encoding="utf-8") as file:
        return [
            Related(
                row["relation"],
                dialogues[row["dialogue"]],
                row["text"],
                tuple(row["referents"].split()),
                row["rewritten"],
            )
            for row in csv.DictReader(file)
        ]


def _dialogue(declared: Mapping[str, Any], pack: Pack, core: Core) -> Dialogue:
    dialogue = Dialogue()
    for turn_no, said in enumerate(declared["said"], start=1):
        understood = core.understand([Utterance(said["text"], dialogue)])[0]
        exchange = Exchange(
            turn_no=turn_no, text=said["text"], intent=said["intent"], entities=understood.entities, reply="..."
        )
        dialogue = Dialogue(language="en", last_intent=said["intent"], recent=(*dialogue.recent, exchange))
    names = {value: written[0] for values in pack.names.names.values() for value, written in values.items() if written}
    shown = tuple(Referent(kind="item", id=each, name=names.get(each, each)) for each in declared["shown"])
    return dialogue.model_copy(update={"shown": shown, "question": _question(declared.get("question"))})


def _question(declared: Mapping[str, Any] | None) -> Question | None:
    if declared is None:
        return None
    clarification = Clarification(question=declared["text"], options=tuple(declared["options"]))
    return Question(about=declared["about"], clarification=clarification, asked_in=1)
