"""A pack that talks for a while: "talk 3 0.1 20" takes three steps of 0.1 s and says twenty sentences.

Each attempt marks whatever it says with a word of its own, so that text of two attempts is never the same.
"""

import asyncio
from uuid import uuid4

from shared.domains.base import Decision, Domain, Language, Progress, Scope, State, Turn
from shared.domains.person import Profile, Scores
from shared.events.profiles import Factor, Score
from shared.events.replies import DataPart
from shared.events.turns import Text
from shared.runtime.postgres import Database

_SENTENCES = ("{word} says {number} things. ", "{word} 说了第{number}句。", "{word} asks: é{number}? ")


async def decide(turn: Turn[State], tools: None, progress: Progress) -> Decision[State]:
    """Talk."""
    words = turn.input.text if isinstance(turn.input, Text) else "talk 0 0 1"
    _, steps, pause, sentences = words.split()
    word = uuid4().hex[:8]
    for number in range(int(steps)):
        await progress.step(f"{word} {number}")
        await asyncio.sleep(float(pause))
    said = [_SENTENCES[number % 3].format(word=word, number=number) for number in range(int(sentences))]
    return Decision(text="".join(said), state=State(), data=(DataPart(kind="word", value=word),))


def _tools(database: Database, scope: Scope) -> None:
    return None


def _score(profile: Profile) -> Scores:
    score = Score(value=0.0, factors=(Factor(name="none", value=0.0, maximum=1.0, because="not scored"),))
    return Scores(engagement=score, intent=score, temperature="cold", stage="awareness")


DOMAIN = Domain(
    name="talkative",
    title="Talkative",
    greeting="Ask me to talk.",
    language=Language(
        intents={
            "talk": ("talk", "talk to me", "talk for a while", "say more"),
            "stop": ("stop", "be quiet", "enough now", "no more"),
        }
    ),
    state=State,
    decide=decide,
    tools=_tools,
    formulas={"streams.1": _score},
)
