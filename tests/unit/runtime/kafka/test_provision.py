"""The topics as Kafka is told about them."""

from shared.events.topics import TOPICS
from shared.runtime.kafka.provision import Scale, wanted_topics


def test_every_topic_and_its_dead_letters_are_wanted() -> None:
    names = [topic.name for topic in wanted_topics(TOPICS, partitions=Scale.LOCAL, replication=Scale.LOCAL)]
    assert sorted(names) == sorted([name for topic in TOPICS for name in (topic.name, f"{topic.name}.dead")])


def test_local_topics_have_one_replica_and_production_ones_three_of_which_two_answer() -> None:
    (local, *_) = wanted_topics(TOPICS, partitions=Scale.LOCAL, replication=Scale.LOCAL)
    (production, *_) = wanted_topics(TOPICS, partitions=Scale.PRODUCTION, replication=Scale.PRODUCTION)
    assert (local.num_partitions, local.replication_factor) == (TOPICS[0].local_partitions, 1)
    assert (production.num_partitions, production.replication_factor) == (TOPICS[0].partitions, 3)
    assert production.topic_configs["min.insync.replicas"] == "2"
    assert "min.insync.replicas" not in local.topic_configs


def test_records_are_deleted_after_their_retention_and_dead_letters_may_be_larger() -> None:
    live, dead, *_ = wanted_topics(TOPICS, partitions=Scale.LOCAL, replication=Scale.LOCAL)
    day = 24 * 3600 * 1000
    assert live.topic_configs == {"cleanup.policy": "delete", "retention.ms": str(7 * day), "segment.ms": str(day)}
    assert dead.topic_configs["max.message.bytes"] == str(2 * 1024 * 1024)
