"""A pack that does what it is told, for tests that need a slow, failing or stateful agent.

"say hello" answers "hello"; "count" answers how many turns came before; "slowly 5 hello" announces a step, takes five
seconds and answers "hello"; "recall a" answers "a after. b c." with what was recalled before, "steadily 4 0.5 a"
the same with four steps half a second apart; "fail" raises at every attempt; "die" kills the process that runs it.

Turns that recall have an outcome and a signal of their own. Every attempt at any turn is noted in the file that
`PARLEY_SCRIPTED_LEDGER` names, if it does.
"""

import asyncio
import json
import os
import signal
import time
from typing import ClassVar, Final

from shared.domains.base import Decision, Domain, Language, Progress, Scope, State, Turn
from shared.domains.person import Profile, Scores
from shared.events.outcomes import Outcome
from shared.events.profiles import Factor, Score
from shared.events.signals import Signal
from shared.events.turns import Text
from shared.runtime.postgres import Database

LEDGER: Final = "PARLEY_SCRIPTED_LEDGER"


class Counted(State):
    """How many turns were answered, and what was recalled in them, in order."""

    turns: int = 0
    recalled: tuple[str, ...] = ()


class Recalled(Outcome):
    """A turn recalled the ones before."""

    type: ClassVar[str] = "parley.scripted.recalled.v1"

    number: int


def recalled_by(words: str) -> str | None:
    """What a turn with these words adds to what later turns recall, if anything."""
    verb, *rest = words.split() or [""]
    return rest[-1] if rest and verb in {"recall", "steadily"} else None


def recollection(tag: str, before: tuple[str, ...]) -> str:
    """What a turn that recalls answers."""
    return f"{tag} after. {' '.join(before) or 'nothing'}."


async def decide(turn: Turn[Counted], tools: None, progress: Progress) -> Decision[Counted]:
    """Do as told."""
    words = turn.input.text if isinstance(turn.input, Text) else turn.input.name
    verb, _, rest = words.partition(" ")
    _note(turn)
    if verb == "fail":
        raise ValueError("told to fail")
    if verb == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if verb == "slowly":
        seconds, _, rest = rest.partition(" ")
        await progress.step("Taking my time")
        await asyncio.sleep(float(seconds))
    if verb == "steadily":
        steps, pause, _ = rest.split()
        for number in range(int(steps)):
            await progress.step(f"Step {number + 1}")
            await asyncio.sleep(float(pause))
    tag = recalled_by(words)
    if tag is not None:
        return _recall(turn, tag)
    text = f"{turn.state.turns} before" if verb == "count" else rest
    return Decision(text=text or words, state=turn.state.model_copy(update={"turns": turn.state.turns + 1}))


def _recall(turn: Turn[Counted], tag: str) -> Decision[Counted]:
    before = turn.state
    number = before.turns + 1
    return Decision(
        text=recollection(tag, before.recalled),
        state=Counted(turns=number, recalled=(*before.recalled, tag)),
        signals=(Signal(kind="view", name=f"item-{number}"),),
        outcomes=(turn.outcome(Recalled, number=number),),
    )


def _note(turn: Turn[Counted]) -> None:
    file = os.environ.get(LEDGER)
    if file is None:
        return
    shown = {"at": time.time(), "process": os.getpid(), "turn": str(turn.id), "session": str(turn.session_id)}
    line = json.dumps(shown | {"turn_no": turn.no, "recalled": turn.state.recalled})
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)


def _tools(database: Database, scope: Scope) -> None:
    return None


def _score(profile: Profile) -> Scores:
    turns = Factor(name="turns", value=float(profile.turns), maximum=10.0, because=f"{profile.turns} turns")
    score = Score(value=turns.value, factors=(turns,))
    return Scores(engagement=score, intent=score, temperature="cold", stage="awareness")


DOMAIN = Domain(
    name="scripted",
    title="Scripted",
    greeting="Tell me what to do.",
    language=Language(
        intents={
            "say": ("say hello", "say something", "say it again", "say good morning"),
            "count": ("count", "count the turns", "count them", "how many so far"),
        }
    ),
    state=Counted,
    decide=decide,
    tools=_tools,
    outcomes=(Recalled,),
    formulas={"scripted.1": _score},
)
