"""Every topic: what it carries, how it is keyed, how many partitions, how long it is kept."""

from dataclasses import dataclass
from datetime import timedelta

_DAY = timedelta(days=1)
_CONTENT = 7 * _DAY
_FACTS = 90 * _DAY


def dead_topic(name: str) -> str:
    """The topic where records of the topic `name` go that can never succeed."""
    return f"{name}.dead"


@dataclass(frozen=True, slots=True)
class Topic:
    """A Kafka topic. `segment` bounds how long a record outlives its retention: only closed segments expire."""

    name: str
    keyed_by: str
    partitions: int
    local_partitions: int
    retention: timedelta
    segment: timedelta
    description: str

    @property
    def dead(self) -> "Topic":
        """Where records go that can never succeed; they hold content, so they keep no longer than content does."""
        return Topic(
            dead_topic(self.name),
            self.keyed_by,
            6,
            1,
            _CONTENT,
            _DAY,
            f"Records of {self.name} that failed, and why.",
        )


TURNS = Topic(
    "parley.turns",
    "tenant:session",
    24,
    6,
    _CONTENT,
    _DAY,
    "What was asked of a session, in the order it was accepted.",
)
REPLIES = Topic(
    "parley.replies",
    "tenant:session",
    24,
    6,
    _CONTENT,
    _DAY,
    "How each turn ended: exactly one record a turn.",
)
SIGNALS = Topic(
    "parley.signals", "tenant:user", 24, 6, _FACTS, 7 * _DAY, "What a turn told about a person. No free text."
)
PROFILES = Topic("parley.profiles", "tenant:user", 12, 6, _FACTS, 7 * _DAY, "What profiles concluded about a person.")
OUTCOMES = Topic(
    "parley.outcomes",
    "tenant:session",
    12,
    6,
    _FACTS,
    7 * _DAY,
    "What a conversation led to, for other systems.",
)
PRIVACY = Topic("parley.privacy", "tenant:user", 6, 1, _FACTS, 7 * _DAY, "Erasure of a person: asked for and done.")

TOPICS = (TURNS, REPLIES, SIGNALS, PROFILES, OUTCOMES, PRIVACY)
