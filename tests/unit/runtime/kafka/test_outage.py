"""Lanes that wait for a dependency share one back-off."""

from datetime import timedelta

from shared.runtime.kafka.outage import PROBES, Outage
from shared.runtime.kafka.policy import Backoff
from shared.runtime.kafka.work import Lane
from tests.unit.runtime.kafka.members import settled


class Waiting:
    """An outage and the lanes it has let go."""

    def __init__(self, count: int) -> None:
        self.woken: list[Lane] = []
        self.outage = Outage(Backoff(timedelta()), self.woken.append)
        self.lanes = [lane_of(number) for number in range(count)]
        for lane in self.lanes:
            self.outage.wait(lane)


def lane_of(number: int) -> Lane:
    lane = Lane(number)
    lane.works.append(FakeWork())  # type: ignore[arg-type]  # an outage only marks it
    return lane


class FakeWork:
    """What an outage sees of a record."""

    def __init__(self) -> None:
        self.probing = False
        self.epoch = FakeEpoch()


class FakeEpoch:
    """What an outage sees of an assignment."""

    closing = False


async def test_a_few_lanes_try_at_a_time() -> None:
    waiting = Waiting(100)
    await settled()
    assert waiting.woken == waiting.lanes[:PROBES]
    assert all(lane.head.probing for lane in waiting.woken)


async def test_failed_probes_queue_behind_the_others() -> None:
    waiting = Waiting(PROBES + 1)
    await settled()
    for lane in waiting.woken[:]:
        waiting.outage.wait(lane)
    await settled()
    assert waiting.woken[PROBES] is waiting.lanes[PROBES]


async def test_first_success_releases_everybody() -> None:
    waiting = Waiting(100)
    await settled()
    waiting.outage.over()
    assert len(waiting.woken) == 100
    assert not waiting.outage


async def test_lanes_of_a_partition_that_moves_are_let_go() -> None:
    waiting = Waiting(3)
    waiting.lanes[1].head.epoch.closing = True
    waiting.outage.release_closing()
    assert waiting.woken == [waiting.lanes[1]]
    assert waiting.outage
    waiting.outage.over()


def test_delays_double_with_jitter_up_to_the_limit() -> None:
    backoff = Backoff(timedelta(milliseconds=200), timedelta(seconds=5))
    nominal = [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    for failures, expected in enumerate(nominal, start=1):
        assert 0.75 * expected <= backoff.seconds(failures) <= 1.25 * expected
    assert backoff.seconds(10_000) <= 6.25
