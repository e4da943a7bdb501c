"""What `examine` guarantees for every exercise, in a grader's process and in a stock kernel."""

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from autograder.examine import FINDING, CouldNotTell, ExamineFailed, plans, public_sheet
from autograder.exercise import context
from autograder.exercise.context import Context
from autograder.exercise.solutions import Solutions, execute

DOUBLE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n"
CASES = "def cases(rng):\n    yield (np.array([1.0]),)\n    yield (rng.normal(size=3),)\n"
TEST = "check(double)\n### BEGIN HIDDEN TESTS\n" + CASES + "examine(double, cases, public=1)\n### END HIDDEN TESTS\n"


@pytest.fixture
def grade(assign):
    """grade(student's code, solution, test) -> (findings, what the last line gave or raised)"""

    def run(student, solution=DOUBLE, test=TEST, key=b"key", folder="ada", names=None, **more):
        assignment = assign(solution, test, **more)
        space = {"np": np} if names is None else names
        exec(dedent(student), space)
        findings = []
        tests = {**space}
        execute("from autograder.examine import *\nfrom coursekit.desk import check\n", tests, "<imports>")
        with context.using(Context(Solutions(assignment), key, space, folder, findings.append)):
            *body, last = dedent(test).rstrip().replace("### END HIDDEN TESTS", "").rstrip().rpartition("\nexamine(")
            execute("import os; os.environ['COURSEKIT_GRADING'] = 'here'", {}, "<env>")
            try:
                execute("".join(body[:1]), tests, "<test>")
                tests["_"] = None
                execute(f"_ = examine({last}", tests, "<test>")
                return findings, tests["_"]
            except (ExamineFailed, CouldNotTell) as problem:
                return findings, problem
            finally:
                del os.environ["COURSEKIT_GRADING"]

    return run


def test_right(grade):
    [found], result = grade("def double(x):\n    return x + x")
    assert (found["status"], found["fraction"], result) == ("passed", 1.0, None)


def test_wrong(grade):
    [found], result = grade("def double(x):\n    return x")
    assert (found["status"], found["fraction"]) == ("failed", 0.0)
    assert isinstance(result, ExamineFailed)
    assert result._render_traceback_() == [str(result)] == ["double(x): entry [0] is 1.0, not 2.0."]


def test_a_name_that_is_not_there(grade):
    [found], _ = grade("", test=TEST.replace("examine(double", "examine('double'").replace("check(double)", ""))
    assert (found["status"], found["rationale"]) == ("failed", "double is not there: no cell that ran defines it.")


def test_all_cases_are_drawn_before_the_first_call_and_the_reference_runs_first(grade):
    log = []
    solution = "def double(x):\n    log.append('reference')\n    return 2 * x"
    test = ("def cases(rng):\n    log.append('draw')\n    yield 1\n    log.append('draw')\n    yield 2\n"
            "examine(double, cases, public=1)")
    import builtins
    builtins.log = log
    try:
        grade("def double(x):\n    log.append('student')\n    return 2 * x", solution, test)
    finally:
        del builtins.log
    first_student = log.index("student")
    assert "draw" not in log[first_student:]
    assert "reference" not in log[first_student:]
    assert "draw" not in log[log.index("reference"):]


def test_what_a_student_changes_reaches_neither_the_reference_nor_later_cases(grade):
    [found], _ = grade("def double(x):\n    x[...] = 0\n    return x")
    assert found["rationale"] == "double(x) changes its argument x in place: what was passed in must stay as it was."


def test_hidden_cases_depend_on_the_key_and_public_ones_do_not(assign):
    assignment = assign(DOUBLE, TEST)
    drawn = {key: [t.case for t in plans(assignment, key)[0].trials] for key in (b"a", b"b")}
    assert drawn[b"a"][0] == drawn[b"b"][0]
    assert len(drawn[b"a"]) == 2                 # the case without chance is not tried twice
    assert drawn[b"a"][1] != drawn[b"b"][1]
    assert drawn[b"a"] == [t.case for t in plans(assignment, b"a")[0].trials]


def test_exercises_do_not_share_their_draws(assign):
    both = assign(DOUBLE + "\ntriple = double\n", CASES + "examine(double, cases)\nexamine(triple, cases)")
    one, other = plans(both, b"key")
    # Public and hidden draws: the second case of each is random.
    assert one.trials[1].case != other.trials[1].case
    assert one.trials[2].case != other.trials[2].case


def test_two_cells_may_call_their_helpers_the_same(assign):
    assignment = assign(DOUBLE, TEST.replace("cases", "drawn").replace("yield (np.array([1.0]),)", "yield (helper(),)")
                        .replace("def drawn", "def helper():\n    return np.array([1.0])\ndef drawn"))
    nb = assignment.notebooks["week01_tiny"]
    twin = json.loads(json.dumps(nb["cells"][-1]).replace("np.array([1.0])", "np.array([7.0])"))
    nb["cells"].append(twin)
    first, second = plans(assignment)
    assert [exam.trials[0].case.args[0].tolist() for exam in (first, second)] == [[1.0], [7.0]]


def test_memorised_public_cases_do_not_help(assign, grade):
    trials = plans(assign(DOUBLE, TEST.replace("public=1", "public=2")), b"")[0].trials[:2]
    known = {t.case.args[0].tobytes(): t.expected.value for t in trials}
    [found], _ = grade("def double(x):\n    return known[x.tobytes()]", test=TEST.replace("public=1", "public=2"),
    names={"known": known, "np": np})
    assert found["status"] == "failed"
    assert found["case"]["raised"].startswith("KeyError")


def test_public_inputs_are_rounded_before_the_answers_are_computed(assign):
    exam = plans(assign(DOUBLE, TEST.replace("public=1", "public=2")), b"k")[0]
    x = exam.trials[1].case.args[0]
    assert all(float(f"{v:.9e}") == v for v in x)
    np.testing.assert_array_equal(exam.trials[1].expected.value, 2 * x)
    hidden = exam.trials[2].case.args[0]
    assert not all(float(f"{v:.9e}") == v for v in hidden)


def test_an_alias_of_an_easy_function_is_judged_as_the_hard_one(grade):
    solution = "def easy(x):\n    return x\n\ndef hard(x):\n    return 2 * x"
    test = "def cases(rng):\n    yield 1\nexamine(hard, cases)"
    [found], _ = grade("def easy(x):\n    return x\nhard = easy", solution, test)
    assert (found["exercise"], found["status"]) == ("hard", "failed")


@pytest.mark.parametrize("student", [
    "class Evil:\n    def __eq__(self, o): return True\n    def __getattr__(self, n): raise SystemExit\n"
    "def double(x): return Evil()",
    "class A(np.ndarray):\n    def __array_finalize__(self, o): raise ValueError\n"
    "def double(x): return np.ndarray.__new__(A, (1,))",
    "def double(x): return np.frombuffer(b'\\xff\\xff\\xff\\x7f', dtype='U1')",
    "def double(x): return [10**6] * 2000000",
    "class E(Exception):\n    def __str__(self): raise ValueError\ndef double(x): raise E",
    "class E(ValueError):\n    student_traceback = 3\ndef double(x): raise E(object())",
    "def double(x): raise SystemExit(0)",
    "def double(x): return double(x)",
    "double = 3",
    "class double:\n    def __init__(self, x): pass",
    "def double(x): return {x.tobytes(): 1}",
    "def double(x): return {float('nan'): x, 'a': {}}",
], ids=range(12))
def test_an_error_from_the_students_data_is_the_students(grade, student):
    [found], _ = grade(student)
    assert (found["status"], found["fraction"]) == ("failed", 0.0)
    json.dumps(found, allow_nan=False)


def test_an_error_of_the_judgement_itself_on_the_students_data_is_still_a_failure(grade, monkeypatch):
    import autograder.exercise.examination as module

    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(module, "judge", broken)
    [found], _ = grade("def double(x):\n    return 2 * x")
    assert (found["status"], found["fraction"]) == ("failed", 0.0)


@pytest.mark.parametrize(("solution", "test", "words"), [
    ("def double(x):\n    return 2 * y", TEST, "NameError"),
    ("def double(x):\n    x += x\n    return x", TEST, "changes its argument"),
    ("def double(x):\n    return (v for v in x)", TEST, "generator"),
    (DOUBLE, "def cases(rng):\n    yield 1 / 0\nexamine(double, cases)", "ZeroDivisionError"),
    (DOUBLE, "def cases(rng):\n    yield (lambda x: x,)\nexamine(double, cases)", "function"),
    (DOUBLE, "def cases(rng):\n    return []\nexamine(double, cases)", "yields nothing"),
    (DOUBLE, "def cases(rng):\n    yield Case(1.0, law={'mean': 3})\nexamine(double, cases)", "mean="),
    (DOUBLE, "def cases(rng):\n    yield Case(np.ones(99), law={'zeros': 0.5})\nexamine(double, cases)",
    "too far from"),
    (DOUBLE, "def cases(rng):\n    yield Case(1.0, law={'zeros': 0.5})\nexamine(double, cases)", "no array"),
    (DOUBLE, "def cases(rng):\n    yield 1\nexamine(double, cases, parts=('a', 'b'), points=2)", "parts"),
    (DOUBLE, "def cases(rng):\n    yield Case(1, raises=ValueError)\nexamine(double, cases)", "raises nothing|gives"),
    ("def double(x):\n    return np.linalg.inv(x)",
     "def cases(rng):\n    yield np.zeros((2, 2))\nexamine(double, cases)",
     "LinAlgError"),
    ("def other(x):\n    return x", TEST, "which exercise"),
    ("raise ValueError('broken cell')\ndef double(x): pass", TEST, "broken cell"),
], ids=range(14))
def test_an_error_of_the_exercise_is_could_not_tell(grade, solution, test, words):
    import re
    [found], problem = grade("def double(x):\n    return 2 * x", solution, test)
    assert found["status"] == "could_not_tell"
    assert re.search(words, found["rationale"])
    assert isinstance(problem, CouldNotTell)


def test_an_exception_that_the_reference_raises_in_so_many_words_is_asked_for(grade):
    solution = "def root(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x**0.5"
    test = "def cases(rng):\n    yield 4.0\n    yield -1.0\nexamine(root, cases)"
    [found], _ = grade("def root(x):\n    return x**0.5", solution, test)
    assert found["rationale"].startswith("root(-1.0) gives the complex number")
    [found], _ = grade("def root(x):\n    assert x >= 0\n    return x**0.5", solution, test)
    assert found["rationale"] == "root(-1.0) raises AssertionError, where it should raise ValueError."
    [found], _ = grade("import math\ndef root(x):\n    return math.sqrt(x)", solution, test)
    assert found["status"] == "passed"


PAIR = "def pair(x):\n    return x + 1, x + 2\n"
PAIR_TEST = "def cases(rng):\n    yield 1\nexamine(pair, cases, parts={}, points=4)"


@pytest.mark.parametrize(("parts", "points"), [("('a', 'b')", 2.0), ("{'a': 1, 'b': 3}", 1.0)])
def test_a_part_of_the_points(grade, parts, points):
    [found], result = grade("def pair(x):\n    return x + 1, 0", PAIR, PAIR_TEST.format(parts))
    assert found["fraction"] == points / 4
    assert (type(result), result) == (float, points)


def test_nothing_right_is_an_error_and_no_zero(grade):
    # nbgrader takes a cell that ends quietly for full marks.
    _, result = grade("def pair(x):\n    return 0, 0", PAIR, PAIR_TEST.format("('a', 'b')"))
    assert isinstance(result, ExamineFailed)


def test_a_known_mistake_is_named(grade):
    wrong = {"double": {"squared": "def double(x):\n    return x ** 2"}}
    [found], _ = grade("def double(x):\n    return x * x", wrong=wrong)
    assert (found["misconception"], found["hint"]) == ("squared", "Why?")


def test_a_mistake_that_cannot_run_costs_nobody_a_verdict(grade):
    [found], _ = grade("def double(x):\n    return x * x", wrong={"double": {"bad": "1 / 0",
    "squared": "def double(x):\n    return x ** 2"}})
    assert (found["status"], found["misconception"]) == ("failed", "squared")


def test_a_class_is_driven(grade):
    solution = ("class Sum:\n    def __init__(self):\n        self.n = 0\n"
                "    def add(self, k):\n        self.n += k\n        return self.n")
    test = ("def use(cls, *steps):\n    s = cls()\n    return [s.add(k) for k in steps]\n"
            "def cases(rng):\n    yield 1, 2\nexamine(Sum, cases, through=use)")
    [found], _ = grade(solution, solution, test)
    assert found["status"] == "passed"
    [found], _ = grade(solution.replace("+=", "="), solution, test)
    assert found["rationale"] == "Sum(1, 2): item [1] is 2, not 3."


def test_a_variable(grade):
    test = "examine('answer')"
    assert grade("answer = np.array([3.0])", "answer = np.array([3.0])", "\n" + test)[0][0]["status"] == "passed"
    [found], _ = grade("answer = 3.0", "answer = np.array([3.0])", "\n" + test)
    assert found["rationale"] == "answer has shape (), not (1,)."
    [found], _ = grade("", "answer = np.array([3.0])", "\n" + test)
    assert found["rationale"] == "answer is not there: no cell that ran defines it."


def test_any_callable_will_do_as_a_subject(grade):
    # A stand-in for a function in another process: it cannot be looked into.
    class Remote:
        __slots__ = ()

        def __call__(self, x):
            return 2 * x

        def __eq__(self, other):
            raise TypeError("not to be compared")

        def __bool__(self):
            raise TypeError("not to be tested")

        def __repr__(self):
            return "<remote>"

        __hash__ = None

    [found], _ = grade("", names={"double": Remote(), "np": np})
    assert found["status"] == "passed"


QUIZ = """
examine('q', Number('h + 1', draw={'h': list(range(2, 50))}, course='nn',
                    wrong=(WrongAnswer('h', 'One is missing.', 'Which?'),)), points=4)"""


def own(student):
    from coursekit.desk.quiz import drawn
    return drawn("nn", student, {"h": list(range(2, 50))})["h"]


def test_a_question_is_marked_by_the_folders_numbers(grade):
    [found], result = grade(f"student_id = 'Ada '\nq = {own('ada') + 1}", "q = 1", QUIZ)
    assert (found["status"], result) == ("passed", None)
    [found], _ = grade(f"student_id = 'ada'\nq = {own('ada')}", "q = 1", QUIZ)
    assert found["rationale"] == f"q: {own('ada')} is not right: one is missing."
    assert found["hint"] == "Which?"


def test_a_wrong_id_says_so(grade):
    assert own("ada") != own("grace")
    [found], _ = grade(f"student_id = 'grace'\nq = {own('grace') + 1}", "q = 1", QUIZ)
    assert found["status"] == "failed"
    assert "the id typed is 'grace', the hand-in is 'ada'" in found["rationale"]
    [found], _ = grade("q = 1", "q = 1", QUIZ)
    assert "no id was typed" in found["rationale"]
    [found], _ = grade("q = 1", "q = 1", QUIZ, folder="")
    assert "type your id first" in found["rationale"]


def test_an_order_earns_a_part(grade):
    test = "\nexamine('q', Order('dfbaec', before=('d<b', 'f<b', 'b<a', 'a<e', 'e<c')), points=3)"
    assert grade("q = 'fdbaec'", "q = ''", test)[1] is None
    assert grade("q = 'dfbace'", "q = ''", test)[1] == 2.5
    assert isinstance(grade("q = 'ceabfd'", "q = ''", test)[1], ExamineFailed)


@pytest.mark.parametrize("typed", ["...", "None", "'many'", "[1]", "object()", "10**400", "float('nan')"])
def test_what_is_no_answer_is_not_right(grade, typed):
    [found], _ = grade(f"q = {typed}", "q = ''", "\nexamine('q', Number('26'))")
    assert (found["status"], found["fraction"]) == ("failed", 0.0)


def test_a_question_without_an_answer_is_the_authors_fault(grade):
    [found], _ = grade("q = 3", "q = ''", "\nexamine('q', Number('1/0'))")
    assert found["status"] == "could_not_tell"


def test_the_sheet_holds_public_cases_mistakes_and_forms_but_no_secret(assign):
    test = TEST + "examine('q', Number('50890'))\nexamine('q2', Order('ba', before=('b<a',)))\nexamine('v')\n"
    sheet = public_sheet(assign(DOUBLE + "v = 123456\n", test, hints=("Add.",),
                                wrong={"double": {"same": "def double(x):\n    return x",
                                    "late": "def double(x):\n    return 2 * abs(x)"}}))
    told = json.dumps(sheet, allow_nan=False)
    assert set(sheet["exercises"]) == {"double", "v"}
    assert len(sheet["exercises"]["double"]["cases"]) == 1
    assert sheet["exercises"]["double"]["hints"] == ["Add."]
    assert [w["name"] for w in sheet["exercises"]["double"]["wrong"]] == ["same"]
    assert sheet["exercises"]["v"]["cases"] == []
    for secret in ("50890", '"ba"', "123456", "return", "late"):
        assert secret not in told


def test_a_sheet_of_nothing(assign):
    assert public_sheet(assign("x = 1", "assert x == 1")) == {}


@pytest.mark.parametrize("test", ["raise ValueError('slip')",
    "def cases(rng):\n    yield 1 / 0\nexamine(double, cases)"])
def test_a_slip_in_a_test_cell_stops_the_build(assign, test):
    with pytest.raises(ValueError, match="slip|ZeroDivisionError"):
        public_sheet(assign(DOUBLE, test))


def test_under_stock_nbgrader(tmp_path, assign):
    """A kernel that nobody prepared: the course is found, the finding displayed, the part a float at the end."""
    import nbformat

    name = "week01_tiny"
    source = tmp_path / "source" / name
    source.mkdir(parents=True)
    (tmp_path / "course.toml").write_text('id = "nn"\n')
    here = tmp_path / "autograded" / "ada" / name
    here.mkdir(parents=True)
    cells = assign(PAIR, "check(pair)\n" + PAIR_TEST.format("('a', 'b')")).notebooks[name]["cells"]
    nb = nbformat.v4.new_notebook(cells=[nbformat.from_dict(c) for c in cells])
    nbformat.write(nb, source / f"{name}.ipynb")
    code = dedent(f"""
        from IPython.core.interactiveshell import InteractiveShell
        from IPython.utils.capture import capture_output
        import json
        shell = InteractiveShell.instance()
        shell.run_cell({cells[0]["source"]!r})
        shell.run_cell("def pair(x):\\n    return x + 1, 0")
        with capture_output() as captured:
            result = shell.run_cell({cells[2]["source"]!r}).result
        assert captured.outputs, captured.stdout
        print(json.dumps([result, captured.outputs[0].data[{FINDING!r}], captured.stdout, captured.stderr]))
    """)
    clean = {k: v for k, v in os.environ.items() if k != "COURSEKIT_GRADING"}
    clean["PYTHONPATH"] = str(Path(__file__).parents[2])
    # Found from the working folder, where `check` is not told to stand aside; or told by the environment.
    for script, environment in ((code.replace("check(pair)\\n", ""), {}), (code, {"COURSEKIT_GRADING": str(tmp_path)})):
        said = subprocess.run([sys.executable, "-c", script], cwd=here, capture_output=True, text=True,
            env=clean | environment)
        assert said.returncode == 0, said.stderr
        result, found, _, err = json.loads(said.stdout.splitlines()[-1])
        assert (result, found["fraction"], err) == (2.0, 0.5, "")
    assert (tmp_path / "secret.key").exists()


def test_no_course_anywhere(tmp_path, monkeypatch):
    from autograder.exercise import context as module

    for name in ("COURSEKIT_GRADING", "AUTOGRADER_ASSIGNMENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LookupError, match="no folder above"):
        module.found({})


def test_what_a_runner_wrote_down_is_what_is_judged(tmp_path, monkeypatch, assign):
    from autograder.exercise import context as module

    (tmp_path / "a.json").write_text(assign(DOUBLE, TEST).to_json(), encoding="utf-8")
    monkeypatch.setenv("AUTOGRADER_ASSIGNMENT", str(tmp_path / "a.json"))
    monkeypatch.setenv("AUTOGRADER_KEY", b"key".hex())
    monkeypatch.setenv("AUTOGRADER_STUDENT", "ada")
    here = module.found({"x": 1})
    assert (here.assignment.name, here.key, here.student, here.names) == ("week01_tiny", b"key", "ada", {"x": 1})
