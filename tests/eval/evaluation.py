"""Runs a pack's core over its labelled utterances."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.agent.understanding import Core, Utterance
from shared.domains.base import Dialogue
from shared.events.replies import Entity
from tests.eval.packs import NOT_SURE, Labelled, Pack, labelled, related
from tests.eval.scores import Outcome


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All outcomes of a pack."""

    near: tuple[Outcome, ...]
    far: tuple[Outcome, ...]
    negative: tuple[Outcome, ...]
    relations: tuple[Outcome, ...]
    referents: tuple[Outcome, ...]
    rewritten: tuple[Outcome, ...]


def evaluate(pack: Pack) -> Evaluation:
    """Every labelled utterance of a pack, understood."""
    core = pack.core()
    said = labelled(pack.name)
    relations, referents, rewritten = _in_dialogues(pack, core)
    near, far, negative = (
        _intents(core, [each for each in said if each.kind == kind]) for kind in ("near", "far", "negative")
    )
    return Evaluation(near, far, negative, relations, referents, rewritten)


def _intents(core: Core, said: Sequence[Labelled]) -> tuple[Outcome, ...]:
    understood = core.understand([Utterance(each.text, Dialogue()) for each in said])
    return tuple(
        Outcome(each.text, each.intent, found.intent or NOT_SURE, found.confidence)
        for each, found in zip(said, understood, strict=True)
    )


def _in_dialogues(pack: Pack, core: Core) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...], tuple[Outcome, ...]]:
    said = related(pack, core)
    understood = core.understand([Utterance(each.text, each.dialogue) for each in said])
    pairs = list(zip(said, understood, strict=True))
    relations = tuple(Outcome(each.text, each.relation, found.relation) for each, found in pairs)
    referents = tuple(
        Outcome(each.text, " ".join(each.referents), " ".join(_meant(found.entities)))
        for each, found in pairs
        if each.referents
    )
    rewritten = tuple(
        Outcome(each.text, each.rewritten, found.rewritten or "") for each, found in pairs if each.rewritten
    )
    return relations, referents, rewritten


def _meant(entities: Sequence[Entity]) -> list[str]:
    return [str(each.value) for each in entities if each.kind == "referent"]
