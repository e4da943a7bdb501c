"""The simulation against queues whose answer is known, and a short run of the benchmark."""

import pytest

from tests.benchmarks.simulation import Costs, simulate

NOTHING = Costs(0, 0, 0, 0)


def test_a_single_worker_takes_the_sum():
    outcome = simulate(1, 10, NOTHING, [1.0, 2.0])
    assert outcome.seconds == pytest.approx(15)
    assert outcome.limit == "worker" and outcome.busy["worker"] == pytest.approx(1)


def test_workers_share_it():
    assert simulate(4, 400, NOTHING, [0.5]).seconds == pytest.approx(50)


@pytest.mark.parametrize("costs, limit", [(Costs(0.01, 0.02, 0, 0), "client"), (Costs(0, 0, 0.02, 0.01), "scheduler")])
def test_with_many_workers_the_one_that_all_pass_is_the_limit(costs, limit):
    outcome = simulate(200, 2000, costs, [1.0])
    assert outcome.limit == limit
    # 2000 times 30 ms, and the one second of the first or last on its worker.
    assert outcome.seconds == pytest.approx(60, abs=1.1)


def test_too_few_on_their_way_leave_workers_idle():
    """One hand-in on its way for one worker: nothing overlaps."""
    assert simulate(1, 10, Costs(0.1, 0.1, 0.1, 0.1), [0.6], ahead=1).seconds == pytest.approx(10)
    assert simulate(1, 100, Costs(0.1, 0.1, 0.1, 0.1), [0.6], ahead=3).seconds == pytest.approx(60.4, abs=0.5)
