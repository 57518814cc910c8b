"""A pack that does what it is told, for tests that need a slow, failing or stateful agent.

"say hello" answers "hello"; "count" answers how many turns came before; "slowly 5 hello" announces a step, takes five
seconds and answers "hello"; "fail" raises at every attempt; "die" kills the process that runs it.
"""

import asyncio
import os
import signal

from shared.domains.base import Decision, Domain, Language, Progress, Scope, State, Turn
from shared.domains.person import Profile, Scores
from shared.events.profiles import Factor, Score
from shared.events.turns import Text
from shared.runtime.postgres import Database


class Counted(State):
    """How many turns were answered."""

    turns: int = 0


async def decide(turn: Turn[Counted], tools: None, progress: Progress) -> Decision[Counted]:
    """Do as told."""
    words = turn.input.text if isinstance(turn.input, Text) else turn.input.name
    verb, _, rest = words.partition(" ")
    if verb == "fail":
        raise ValueError("told to fail")
    if verb == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if verb == "slowly":
        seconds, _, rest = rest.partition(" ")
        await progress.step("Taking my time")
        await asyncio.sleep(float(seconds))
    text = f"{turn.state.turns} before" if verb == "count" else rest
    return Decision(text=text or words, state=Counted(turns=turn.state.turns + 1))


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
    score=_score,
)
