"""The page about events lists every topic as it is made, and every event of the platform."""

import pytest

from deploy.local.settings import REPOSITORY
from shared.events.catalogue import EVENTS
from shared.events.topics import TOPICS, Topic

PAGE = (REPOSITORY / "docs" / "events.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_is_listed_as_it_is_made(topic: Topic) -> None:
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{topic.name}` |")]
    _, _, key, carried, partitions, kept, _ = row.split("|")

    assert key.strip() == topic.keyed_by
    assert partitions.strip() == f"{topic.partitions}, {topic.local_partitions}"
    assert kept.strip() == f"{topic.retention.days} days"
    for event in EVENTS:
        assert (f"`{event.__name__}`" in carried) == (event.topic == topic)
