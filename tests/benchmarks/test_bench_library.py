"""A smoke run of the benchmark, and bounds that hold on any machine: ratios within one run, never milliseconds."""

import json

import pytest

from tests.benchmarks import bench_library

pytestmark = pytest.mark.bench


# The full run shows 2.5, 1.9, 3.2 and 1.9: that leaves room for a busy machine, but not for steps of twice the time.
LEAST = {"J1": 1.5, "J3": 1.2, "J6-1": 1.7, "J6-32": 1.2}
# The job's matrix products alone take at least this share of our time.
SHARE = {"J2": 0.35, "J4": 1 / 1.6, "J5": 0.5, "J6-1024": 0.45}
BOUNDS = {**{(name, "textbook"): least for name, least in LEAST.items()},
          **{(name, "floor"): share for name, share in SHARE.items()}}


@pytest.fixture(scope="module")
def measure(tmp_path_factory):
    def run():
        out = tmp_path_factory.mktemp("bench") / "library.json"
        bench_library.main(["--smoke", "--out", str(out)])
        return json.loads(out.read_text(encoding="utf-8"))
    return run


@pytest.fixture(scope="module")
def smoke(measure):
    return measure()


@pytest.fixture(scope="module")
def ratios(smoke, measure):
    """(job, ratio) -> its value; the better of two runs where one missed a bound, since a machine may be busy."""
    found = {key: smoke[key[0]][key[1]] for key in BOUNDS}
    if any(found[key] <= bound for key, bound in BOUNDS.items()):
        again = measure()
        found = {key: max(value, again[key[0]][key[1]]) for key, value in found.items()}
    return found


def test_every_job_has_its_ratios(smoke):
    for name in bench_library.JOBS:
        assert {"floor", "textbook"} <= set(smoke[name])
    assert smoke["machine"]["cores"] >= 1 and smoke["memory MiB"]["coursekit"] > 0


def test_everybody_computes_the_same(smoke):
    for name in ("J1", "J2", "J4", "J6-32"):
        values = smoke[f"{name} computed"]
        # J1 and J2: ours is the mean over the epoch, the textbook's that of the last batch.
        tolerance = 1e-3 if name in ("J4", "J6-32") else 0.3
        assert values["coursekit"] == pytest.approx(values["textbook"], rel=tolerance)


@pytest.mark.parametrize("name, least", LEAST.items())
def test_the_textbook_version_takes_longer(ratios, name, least):
    assert ratios[name, "textbook"] > least


@pytest.mark.parametrize("name, share", SHARE.items())
def test_jobs_of_large_products_stay_near_them(ratios, name, share):
    assert ratios[name, "floor"] > share


def test_kernels_are_chosen_by_the_library_not_by_the_shell(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    assert "OPENBLAS_CORETYPE" not in bench_library.environment()
    assert bench_library.environment()["OPENBLAS_NUM_THREADS"] == "1"
