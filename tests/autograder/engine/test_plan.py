"""Which test cells are judged apart is learned from the reference, and a hand-in has no say in it."""

import pytest

EXERCISES = {
    "apart": ("def f():\n    return 1", "assert f() == 1"),
    "source": ("def g():\n    return 1", "import inspect\nassert 'return' in inspect.getsource(g)"),
    "impossible": ("def h():\n    return 1", "assert h() == 2"),
    "in place": ("def clear(a):\n    a[...] = 0", "a = np.ones(2)\nclear(a)\nassert a.sum() == 0"),
    "number": ("def n():\n    return 5.0", "assert abs(n() - 5.0) < 1e-9"),
    "objects": (
        "class Length:\n    def __init__(self, m):\n        self.m = m\n"
        "    def __mul__(self, k):\n        return Length(k * self.m)",
        "assert (Length(2) * 3).m == 6",
    ),
    "keys": ("def keys(d):\n    return list(d)", "assert 'a' in keys({'a': 1})"),
    "straight": ("def score():\n    return 1.0", "score()"),
    "examined": (
        "def double(x):\n    return 2 * x",
        "from autograder.examine import examine\nimport inspect\ninspect.getsource(double)\n"
        "examine(double, lambda rng: [(1.0,)])",
    ),
}


@pytest.fixture(scope="module")
def course(course_of):
    return course_of(EXERCISES)


@pytest.fixture(scope="module")
def plan(course):
    return course.engine.plan(course.assignment, "tiny")


def test_only_what_passes_beside_the_students_code_alone_falls_back(plan):
    assert list(plan.fallback) == ["test-source"]
    assert "code object was expected" in plan.fallback["test-source"]


def test_what_the_reference_changes_is_known(plan):
    assert plan.changes["test-in_place"] == 1 and plan.changes["test-apart"] == 0


def test_operators_that_the_references_objects_answer_are_known(plan):
    assert plan.asked["test-objects"] == ["mul"] and plan.asked["test-number"] == []


def test_an_object_where_the_reference_gives_data_is_not_asked_about_itself(course):
    right = "class Right:\n    def __sub__(self, other): return 0.0\n"
    _, verdicts = course.grade(number=right + "def n():\n    return Right()")
    assert verdicts["number"].score == 0 and "operators of its own" in verdicts["number"].rationale
    everything = "class All:\n    def __contains__(self, x): return True\n"
    _, verdicts = course.grade(keys=everything + "def keys(d):\n    return All()")
    assert verdicts["keys"].score == 0


def test_what_an_object_yields_is_looked_through_here(course):
    _, verdicts = course.grade(keys="def keys(d):\n    return d.keys()")
    assert verdicts["keys"].score == 1
    _, verdicts = course.grade(keys="def keys(d):\n    return {}.keys()")
    assert verdicts["keys"].score == 0


def test_cells_in_which_even_the_reference_fails_are_flagged(plan):
    assert {"test-impossible", "test-straight", "test-examined"} == set(plan.flags)


def test_a_number_straight_from_the_hand_in_is_no_score(course):
    for body in ("1.0", "'all points'", "None"):
        _, verdicts = course.grade(straight=f"def score():\n    return {body}")
        assert verdicts["straight"].score == 0


def test_a_hand_in_cannot_move_a_test_to_its_side(course):
    run, verdicts = course.grade(apart="class f:\n    def __new__(cls):\n        return open('/dev/null')")
    assert run.trusted["test-apart"] and verdicts["apart"].score == 0


def test_a_cell_that_falls_back_is_labelled(course):
    run, verdicts = course.grade()
    assert not run.trusted["test-source"] and verdicts["source"].score == 1 and not verdicts["source"].tamper_proof
