"""What is said under load: the same prompts and the same forty words for every candidate."""

from typing import Final

PIECES: Final = (
    "Thank you for your question about the library this morning. ",
    "We open at nine and close at six on weekdays. ",
    "You may keep each book for three weeks without charge. ",
    "Tell me its title and I will renew it today.",
)
"""Ten words each; each goes out as one `delta` event."""

REPLY: Final = "".join(PIECES)

EVENTS: Final = len(PIECES) + 2
"""Server-sent events a turn: `accepted`, the pieces, `completed`."""

DOMAIN: Final = "instant"

PROMPTS: Final = (
    "When do you open on Saturday?",
    "Are you open during the holidays?",
    "Can I renew the three books that I borrowed last week?",
    "Please extend my loan until the end of the month",
    "How much is the fine for a book that is two weeks late?",
    "I owe you $12, how can I pay?",
    "Is there a reading group for children this month?",
    "Thank you very much, that was helpful!",
)


def prompt(number: int) -> str:
    """The words of a user's turn with this number."""
    return PROMPTS[number % len(PROMPTS)]
