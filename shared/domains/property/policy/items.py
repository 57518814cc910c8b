"""Which listings the words mean, and how to ask when that is not clear."""

from collections.abc import Sequence

from shared.domains.base import Decision, Question, Referent
from shared.domains.property.listings import Listing
from shared.domains.property.policy.context import Ask, PropertyDecision
from shared.domains.property.state import PropertyState, Step
from shared.domains.property.words import listed
from shared.events.replies import Clarification

_MOST = 4


async def meant(ask: Ask) -> tuple[Listing, ...]:
    """The listings that the turn is about, at most four: named or pointed at, else the one talked about last."""
    shown = tuple(referent.id for referent in ask.turn.dialogue.shown)
    table = ask.state.table or shown
    ids = table if ask.reading.everything else ask.reading.picks
    if not ids and ask.state.focus:
        ids = (ask.state.focus,)
    if not ids and len(shown) == 1:
        ids = shown
    return await ask.tools.named(ids[:_MOST]) if ids else ()


async def on_the_table(ask: Ask) -> tuple[Listing, ...]:
    """The listings that the turn is about, or all that were shown last when they are few."""
    return await meant(ask) or await shown_together(ask)


async def shown_together(ask: Ask) -> tuple[Listing, ...]:
    """What was talked about together last, or all that was shown last when they are few."""
    shown = tuple(referent.id for referent in ask.turn.dialogue.shown)
    return await ask.tools.named(ask.state.table or (shown if len(shown) <= _MOST else ()))


async def offered(ask: Ask, step: Step) -> tuple[Listing, ...]:
    """The listing that an offered step was about, when a plain "yes" took it up; else what the words mean."""
    found = await meant(ask)
    if not ask.reading.picks and ask.offer and ask.offer.step == step and ask.offer.listing_id:
        return await ask.tools.named([ask.offer.listing_id])
    return found


def ask_which(ask: Ask, step: str, sentence: str) -> PropertyDecision:
    """Ask which listing is meant; what was shown last are the options."""
    options = tuple(referent.name for referent in ask.turn.dialogue.shown)
    words = f"{sentence} {choices(options)}"
    return Decision(
        text=words,
        state=ask.state,
        question=question(ask, f"{step}:listing", words, options),
    )


def choices(names: Sequence[str]) -> str:
    """The options in words, or what to say without any."""
    if names:
        return f"You can pick from {listed(names, 'or')}."
    return "Tell me its name, or what you are looking for and where, and I will list some."


def question(ask: Ask, about: str, words: str, options: tuple[str, ...] = ()) -> Question:
    """A question that waits for its answer; `about` is the step and what it lacks, such as `visit:day`."""
    return Question(about=about, clarification=Clarification(question=words, options=options), asked_in=ask.turn.no)


def focused(state: PropertyState, listing: Listing) -> PropertyState:
    """The state with this listing as what "it" means."""
    return state.model_copy(update={"focus": listing.id, "table": ()})


def together(state: PropertyState, listings: Sequence[Listing]) -> PropertyState:
    """The state with these listings as what "both" means."""
    return state.model_copy(update={"focus": None, "table": tuple(listing.id for listing in listings)})


def newly_looked_at(ask: Ask, listings: Sequence[Listing]) -> tuple[str, ...]:
    """Those that the turn turns to: named in it, or not what the talk was about anyway."""
    return tuple(each.id for each in listings if each.id != ask.state.focus or each.id in ask.reading.named)


def kept_shown(ask: Ask, listings: Sequence[Listing]) -> tuple[Referent, ...] | None:
    """What later words may point at: the list that was shown if these are of it, else these."""
    shown = {referent.id for referent in ask.turn.dialogue.shown}
    return None if all(each.id in shown for each in listings) else tuple(each.referent for each in listings)
