"""The catalogue is complete, and a seed decides what is drawn from it."""

from itertools import islice

from shared.runtime.failpoints import POINTS
from tests.faults.catalogue import CATALOGUE
from tests.faults.rig.fault import EVERYTHING
from tests.faults.rig.together import drawn

ELSEWHERE = ("erasure.", "gateway.before_send", "gateway.after_send")
"""No turn of the rig passes these: tests of erasure and of the channel kill there."""


def test_every_failpoint_that_a_turn_passes_kills_some_service_once() -> None:
    killed = [point for fault in CATALOGUE.values() for point in POINTS if point in fault.name.replace(",", "").split()]
    assert sorted(killed) == sorted(point for point in POINTS if not point.startswith(ELSEWHERE))


def test_every_service_and_server_is_broken_by_itself() -> None:
    alone = [fault.breaks for fault in CATALOGUE.values() if len(fault.breaks) <= 2]
    assert frozenset().union(*alone) == EVERYTHING


def test_a_seed_draws_the_same_faults_again() -> None:
    first, again, other = ([name for name, _ in islice(drawn(CATALOGUE, seed), 40)] for seed in (7, 7, 8))
    assert first == again != other


def test_faults_drawn_together_break_different_things() -> None:
    drawings = [name.split("+") for name, _ in islice(drawn(CATALOGUE, 1), 200)]
    for names in drawings:
        broken = [each for name in names for each in CATALOGUE[name].breaks]
        assert len(broken) == len(set(broken))
    assert {len(names) for names in drawings} == {1, 2, 3}
