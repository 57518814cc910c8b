"""Back-pressure of one partition that is far ahead of its lowest unfinished offset."""

from shared.runtime.kafka.offsets import SPAN, Tracker
from shared.runtime.kafka.records import Partition
from shared.runtime.kafka.valve import Valve
from shared.runtime.kafka.work import Epoch
from tests.unit.runtime.kafka.fakes import FakeConsumer, FakeLog

STUCK, FREE = Partition("topic", 0), Partition("topic", 1)


def test_partition_pauses_before_its_commit_could_not_tell_what_is_finished() -> None:
    consumer = FakeConsumer(FakeLog())
    consumer.assign([STUCK, FREE])
    valve = Valve(lambda: consumer, high=100)
    stuck, free = Epoch(STUCK, Tracker(0)), Epoch(FREE, Tracker(0))
    epochs = {STUCK: stuck, FREE: free}
    for offset in range(SPAN // 2):
        stuck.tracker.track(offset)
        if offset:
            stuck.tracker.finish(offset)

    valve.grown(1, epochs.values())
    assert consumer.paused == {STUCK}
    valve.shrunk(1, epochs)
    assert consumer.paused == {STUCK}

    stuck.tracker.finish(0)
    valve.shrunk(0, epochs)
    assert consumer.paused == set()


def test_partition_that_is_too_far_ahead_stays_paused_when_the_others_resume() -> None:
    consumer = FakeConsumer(FakeLog())
    consumer.assign([STUCK, FREE])
    valve = Valve(lambda: consumer, high=10)
    stuck = Epoch(STUCK, Tracker(0))
    stuck.tracker.track(0)
    stuck.tracker.track(SPAN)
    valve.grown(10, [stuck])
    assert consumer.paused == {STUCK, FREE}
    valve.shrunk(5, {STUCK: stuck})
    assert consumer.paused == {STUCK}


def test_shut_valve_stays_shut() -> None:
    consumer = FakeConsumer(FakeLog())
    consumer.assign([FREE])
    valve = Valve(lambda: consumer, high=10)
    valve.shut()
    valve.shrunk(0, {})
    assert consumer.paused == {FREE}
