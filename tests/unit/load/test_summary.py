"""How cells become rows and ratios."""

from tests.load.cell import Candidate, CellResult
from tests.load.probe import Measured
from tests.load.summary import compare, percentile, summarise


def cell(candidate: Candidate, at_once: int, times: list[int], number: int = 0) -> CellResult:
    measured = Measured(turns=2 * len(times), seconds=2.0, first_token=times, whole=times)
    return CellResult(
        candidate=candidate,
        at_once=at_once,
        round=number,
        measured=measured,
        cpu_seconds={"gateway": 0.01, "generator": 0.002},
        others_cores=0.0,
    )


def test_rounds_of_one_load_are_one_row() -> None:
    (row,) = summarise([cell("parley", 1, [1000, 3000]), cell("parley", 1, [2000, 5000, 4000, 6000], 1)])
    assert (row.rate, row.rates, row.whole) == (1.5, [1.0, 2.0], (3.0, 6.0))


def test_cpu_time_is_shared_by_all_turns_also_unmeasured_ones() -> None:
    (row,) = summarise([cell("parley", 1, [1000] * 5)])
    assert row.cpu_ms == {"gateway": 1.0, "generator": 0.2}
    assert row.own_cpu_ms == 1.0


def test_targets_are_met_or_missed() -> None:
    cells = [cell("echo", 1, [4000]), cell("parley", 1, [12000]), cell("monolith", 1, [1000])]
    cells += [cell("parley", 256, [1000] * 4), cell("monolith", 256, [1000] * 4)]
    found = {(ratio.name, ratio.value, ratio.met) for ratio in compare(summarise(cells))}
    assert found == {
        ("first token p50 / echo p50, 1 at once", 3.0, False),
        ("turns/s / monolith's turns/s, 1 at once", 1.0, True),
        ("turns/s / monolith's turns/s, 256 at once", 1.0, True),
    }


def test_a_percentile_is_one_of_the_values() -> None:
    assert [percentile([5, 1, 4, 2, 3], share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 3, 5, 5]
