"""What a hidden test calls: judge the student's work against the reference.

    def cases(rng):                                  # smallest first: the first failure is what a student is shown
        yield np.array([[1.0]]), np.array([[2.0]])
        yield rng.normal(size=(3, 2)), rng.normal(size=(2, 4))
    examine(dense_forward, cases, public=2)

    examine(Dense, cases, through=use)               # a class, driven by the function `use(Dense, *case)`
    examine(dense_backward, cases, parts=("dX", "dW", "db"), points=3)      # partial credit
    examine("n_params")                              # a variable
    examine("q_mnist", Number("(28*28 + 1)*64 + (64 + 1)*10"), points=1)    # a typed answer

Every exercise is held to the same, without its author asking: see `examine`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping

from autograder.assignment import Assignment
from autograder.exercise import context
from autograder.exercise.context import Context
from autograder.exercise.examination import AuthorError, Examination
from autograder.exercise.quiz import QuizPaper
from autograder.exercise.solutions import Solutions, execute, is_test
from coursekit.desk import table
from coursekit.desk.check import standing_aside
from coursekit.desk.naming import name_of
from coursekit.desk.quiz import Choice, Choices, Expression, Number, Order, Question, WrongAnswer
from coursekit.findings import finding
from coursekit.outcome import Case

__all__ = ["Case", "Choice", "Choices", "CouldNotTell", "ExamineFailed", "Expression", "Number", "Order", "WrongAnswer",
           "examine", "plans", "public_sheet"]

FINDING = "application/vnd.coursekit.finding+json"


class ExamineFailed(AssertionError):
    """The student's work is not right; its text is the finding's rationale."""

    def _render_traceback_(self):
        return [str(self)]


class CouldNotTell(Exception):
    """The exercise itself is at fault, so nothing is said of the student's work."""

    def _render_traceback_(self):
        return [str(self)]


def examine(
    subject,
    cases: Callable | Question | None = None,
    *,
    public: int | None = None,
    through: Callable | None = None,
    changes: Iterable[str] = (),
    parts: Iterable[str] | Mapping[str, float] = (),
    points: float | None = None,
    rtol: float | None = None,
    silent: bool = False,
) -> float | None:
    """Judge `subject` against the reference of the same name; None for full marks, a float for a part.

    subject   the student's function or class, or the name of a variable or question
    cases     cases(rng) yields tuples of arguments, or `Case`s; or the Question that a typed answer belongs to
    public    how many of the first cases the student's notebook carries (default 2)
    through   through(subject, *case) -> plain data, drives what is no plain function
    changes   names of the arguments that the exercise wants changed in place
    parts     names of the result's entries, judged one by one, with their weights where these differ
    rtol      relative tolerance instead of the course's (coursekit.agreement)
    silent    whether a NumPy warning is a mistake

    What is guaranteed: all cases are drawn before the first call. The reference runs first, on its own copies.
    Each call gets fresh arguments; one that changes them fails unless `changes` says so. Only exact plain types are
    compared, by shape, kind and the course's tolerance; NaN fails. With a generator among the arguments (a throw-away
    copy), the same state must give the same result, another state another one, and the generator must advance,
    wherever the reference does so.

    Raises:
        ExamineFailed: nothing earned; the text says what was asked and what came.
        CouldNotTell: the reference, the cases or the question fail.
    """
    frame = sys._getframe(1)
    here = context.current(frame.f_globals)
    if isinstance(cases, Question):
        exam = QuizPaper(subject, cases, points, here)
    else:
        name = name_of(subject, frame, here.solutions.homes)
        weights = dict(parts) if isinstance(parts, Mapping) else dict.fromkeys(parts, 1)
        shown = (2 if cases is not None else 0) if public is None else public
        exam = Examination(name, cases, shown, through, weights, tuple(changes), rtol, silent, points, here)
    if here.recording is not None:
        here.recording.append(exam)
        return None
    return _publish(_judge(exam, subject, here), points, here)


def _judge(exam: Examination | QuizPaper, subject, here: Context) -> dict:
    if not exam.name:
        words = f"which exercise is {subject!r:.60} meant for? Pass its name as a string."
        return finding("", "could_not_tell", 0.0, words)
    if type(subject) is str:
        try:
            subject = here.names[subject]
        except Exception:     # a missing name, or one that a remote namespace cannot give
            return finding(exam.name, "failed", 0.0, f"{exam.name} is not there: no cell that ran defines it.")
    return exam.judge(subject)


def _publish(found: dict, points: float | None, here: Context) -> float | None:
    """Tell the finding to whoever listens, then in nbgrader's own way: a float for a part, an exception for nothing."""
    if here.report:
        here.report(found)
    words = " ".join(filter(None, [found["rationale"], found["hint"]])) or f"{found['exercise']}: right."
    case = f"\n{table.text(found['case'])}" if found["case"] else ""
    _display({FINDING: found, "text/plain": words + case})
    if found["status"] == "could_not_tell":
        raise CouldNotTell(words)
    if found["fraction"] == 1:
        return None
    if found["fraction"] > 0 and points:
        return float(points * found["fraction"])
    raise ExamineFailed(words)


def _display(bundle: dict) -> None:
    ipython = sys.modules.get("IPython")     # not imported: nothing to display to
    if ipython and ipython.get_ipython() is not None:
        ipython.display.display(bundle, raw=True)


def plans(assignment: Assignment, key: bytes = b"") -> list[Examination | QuizPaper]:
    """Every `examine` call of an assignment, noted instead of judged, by running its test cells among the references.

    Raises:
        ValueError: a test cell fails; the message names it.
    """
    solutions = Solutions(assignment)
    noted: list = []
    for stem, nb in assignment.notebooks.items():
        names = dict(solutions.namespace(stem))
        with context.using(Context(solutions, key, names, recording=noted)), standing_aside():
            for cell in filter(is_test, nb["cells"]):
                grade_id = cell["metadata"]["nbgrader"]["grade_id"]
                # Noted calls are judged later: each cell keeps its own helpers, whatever a later one calls its own.
                own = dict(names)
                try:
                    execute(cell["source"], own, f"<{stem} {grade_id}>")
                    names.update(own)
                except Exception as problem:
                    said = f"{type(problem).__name__}: {problem}"
                    raise ValueError(f"{assignment.name}, cell {grade_id}: {said}") from problem
    return noted


def public_sheet(assignment: Assignment) -> dict:
    """What the student's notebook carries for `check`, as data for JSON (coursekit.desk.sheet); {} for nothing.

    Raises:
        ValueError: an exercise is at fault; the message names it.
    """
    exercises, questions = {}, {}
    for plan in plans(assignment):
        try:
            kept = questions if isinstance(plan, QuizPaper) else exercises
            kept[plan.name] = plan.public_data()
        except AuthorError as problem:
            raise ValueError(f"{assignment.name}: {problem}") from problem
    if not exercises and not questions:
        return {}
    return {"assignment": assignment.name, "exercises": exercises, "questions": questions}
