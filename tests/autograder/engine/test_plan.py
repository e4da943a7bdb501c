"""Which test cells are judged apart is learned from the reference, and a hand-in has no say in it."""

import pytest

EXERCISES = {
    "apart": ("def f():\n    return 1", "assert f() == 1"),
    "source": ("def g():\n    return 1", "import inspect\nassert 'return' in inspect.getsource(g)"),
    "impossible": ("def h():\n    return 1", "assert h() == 2"),
    "in place": ("def clear(a):\n    a[...] = 0", "a = np.ones(2)\nclear(a)\nassert a.sum() == 0"),
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
    assert "FunctionProxy" in plan.fallback["test-source"]


def test_what_the_reference_changes_is_known(plan):
    assert plan.changes["test-in_place"] == 1 and plan.changes["test-apart"] == 0


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
