"""A pack that answers at once: what remains of a turn's time is the platform's own."""

from shared.domains.base import Decision, Domain, Language, Progress, Scope, State, Turn
from shared.domains.person import Profile, Scores
from shared.events.profiles import Factor, Score
from shared.events.signals import Signal
from shared.runtime.postgres import Database
from tests.load.script import DOMAIN as NAME
from tests.load.script import REPLY

INTENTS = {
    "opening_hours": (
        "when are you open",
        "what are your opening hours",
        "what time do you close today",
        "are you open on sunday",
        "when does the library open tomorrow",
        "do you close for the holidays",
    ),
    "renew": (
        "renew my books",
        "can I keep this book longer",
        "please extend my loan",
        "I want to renew the novel I borrowed",
        "extend the loan by two weeks",
        "could you renew everything I have",
    ),
    "fine": (
        "how much do I owe",
        "what is the fine for a late book",
        "I lost a book, what does it cost",
        "why was I charged a fee",
        "can I pay my fine here",
        "my book is late, is there a charge",
    ),
    "events": (
        "is there a reading group",
        "what events are on this week",
        "do you have something for children",
        "when is the next author evening",
        "are there workshops this month",
        "tell me about the story hour",
    ),
    "thanks": (
        "thank you",
        "thanks a lot",
        "that was helpful",
        "great, thanks for your help",
        "much appreciated",
        "many thanks",
    ),
}


class Visit(State):
    """What the pack remembers of a session."""

    answered: int = 0


async def answer(turn: Turn[Visit], tools: None, progress: Progress) -> Decision[Visit]:
    """The fixed reply, with what a pack usually learns from a turn."""
    learned = (
        Signal(kind="view", name=f"book-{turn.no % 3}"),
        Signal(kind="preference", name="branch", value="main"),
    )
    return Decision(text=REPLY, state=Visit(answered=turn.state.answered + 1), signals=learned)


def no_tools(database: Database, scope: Scope) -> None:
    """The pack has no data of its own."""


def score(profile: Profile) -> Scores:
    """Two factors: what was looked at, and how often the person spoke."""
    views, turns = min(profile.total_views, 5), min(profile.turns, 5)
    looked = Factor(name="views", value=views, maximum=5, because=f"{profile.total_views} views")
    spoke = Factor(name="turns", value=turns, maximum=5, because=f"{profile.turns} turns")
    return Scores(
        engagement=Score(value=views, factors=(looked,)),
        intent=Score(value=turns, factors=(spoke,)),
        temperature="warm" if views + turns >= 10 else "cold",
        stage="awareness",
    )


DOMAIN: Domain[Visit, None] = Domain(
    name=NAME,
    title="Library desk",
    greeting="Welcome to the library.",
    language=Language(intents=INTENTS),
    state=Visit,
    decide=answer,
    tools=no_tools,
    formulas={"instant.1": score},
)
