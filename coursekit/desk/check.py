"""What a student calls: check a function at once, ask for a hint, see how far one is.

    check(count_dense)      tries the public cases; the first that fails is shown as a small table
    hint(count_dense)       one more step towards the solution at each call
    progress()              every exercise and question of the notebook, and how it stands
    ask("units", Number("8*8"))     a lecture's question, answered at once

Everything needed lies in the notebook itself (the cell with `desk.load`), so this works offline.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar

from coursekit.desk import table
from coursekit.desk.naming import name_of
from coursekit.desk.quiz import KINDS, NoAnswer, Question, drawn
from coursekit.desk.sheet import Exercise, Sheet
from coursekit.trial import judge

PASSED, ANSWERED, FAILED, OPEN = "passes", "answered", "not yet", "not tried"

_sheet: Sheet | None = None
_standing: dict[str, str] = {}      # exercise or question -> how its last check ended
_hinted: dict[str, int] = {}
_aside: ContextVar[bool] = ContextVar("aside", default=False)


class CheckFailed(AssertionError):
    """A check that failed, after it has been shown: one line, no traceback of the checking code."""

    def _render_traceback_(self):      # IPython asks for it
        return [str(self)]


def _told(kind, problem, trace) -> None:
    """Plain Python's way to end on an exception, without the traceback where a check failed."""
    if issubclass(kind, CheckFailed):
        print(problem, file=sys.stderr)
    else:
        sys.__excepthook__(kind, problem, trace)


def load(text: str) -> None:
    """Take what the notebook knows of its assignment; the cell named "desk" does this."""
    global _sheet
    _sheet = Sheet.from_json(text)
    _standing.clear()
    _hinted.clear()


@contextmanager
def standing_aside():
    """Within it `check` says nothing: somebody else is about to judge."""
    token = _aside.set(True)
    try:
        yield
    finally:
        _aside.reset(token)


def check(subject, *, through=None) -> None:
    """Try `subject` on the public cases of its exercise and show the first that fails.

    `subject` is the function or class itself, or the name of a question or a variable in quotes; `through` drives
    what is no plain function. Raises CheckFailed after showing what is wrong. Under the grader it does nothing:
    there the hidden tests decide.
    """
    if _aside.get() or os.environ.get("COURSEKIT_GRADING"):
        return
    sheet = _loaded()
    frame = sys._getframe(1)
    name = name_of(subject, frame, sheet.exercises)
    if name in sheet.questions:
        _check_form(name, sheet.questions[name], frame.f_globals)
    elif name in sheet.exercises:
        if type(subject) is str:
            if name not in frame.f_globals:
                _fail(name, f"{name} is not there yet: run the cell that defines it.")
            subject = frame.f_globals[name]
        _check_exercise(name, sheet.exercises[name], subject, through)
    else:
        what = f"{name!r}" if name else "this"
        _fail(
            "", f"{what} is no exercise of this notebook; there are {', '.join([*sheet.exercises, *sheet.questions])}."
        )


def hint(subject) -> None:
    """Print the next hint for an exercise; after the last one it starts again."""
    sheet = _loaded()
    name = name_of(subject, sys._getframe(1), sheet.exercises)
    hints = sheet.exercises[name].hints if name in sheet.exercises else ()
    if not hints:
        print(f"There is no hint for {name or 'this'}.")
        return
    step = _hinted.get(name, 0) % len(hints)
    _hinted[name] = step + 1
    print(f"Hint {step + 1} of {len(hints)}: {hints[step]}")


def progress() -> None:
    """Print each exercise and question with how its last check ended."""
    sheet = _loaded()
    width = max(map(len, [*sheet.exercises, *sheet.questions]), default=0)
    for names, what, good in ((sheet.exercises, "exercises pass", PASSED), (sheet.questions,
        "questions are answered", ANSWERED)):
        for name in names:
            print(f"{name.ljust(width)}  {_standing.get(name, OPEN)}")
        if names:
            print(f"{sum(_standing.get(name) == good for name in names)} of {len(names)} {what}.")


def ask(name: str, question: Question) -> None:
    """A self-check in a lecture, which answers at once: `name` is the variable that holds the typed answer.

    A known wrong answer gets its own remark; the right one is never given away.
    """
    scope = sys._getframe(1).f_globals
    try:
        value = question.read(_typed(name, scope), {})
    except NoAnswer as problem:
        print(f"{name}: {problem}.")
        return
    credit = question.credit(value, {})
    known = question.recognise(value, {}) if credit < 1 else None
    if credit == 1:
        print("Right!")
    elif known:
        print(f"Not yet. {known.says} {known.hint}".rstrip())
    else:
        print(f"Not yet: {credit:.0%} of it is right." if credit else "Not yet.")


def _loaded() -> Sheet:
    if _sheet is None:
        raise CheckFailed("The notebook's own data is not loaded: run the cells above first (Run > Run All Above).")
    return _sheet


def _check_exercise(name: str, exercise: Exercise, subject, through) -> None:
    if not callable(subject) and through is None:
        through = _itself
    finding = judge(exercise.rules, exercise.trials, subject, through=through, wrong=exercise.wrong, hints=())
    if finding["status"] == "passed":
        _standing[name] = PASSED
        n = len(exercise.trials)
        cases = f"its {n} public cases" if n > 1 else "its public case"
        print(
            f"{name} passes {cases}. Hidden cases decide the mark."
            if n
            else f"{name} is there. Hidden cases decide the mark."
        )
        return
    words = finding["rationale"]
    if finding["hint"]:
        words += f" {finding['hint']}"
    elif exercise.hints:
        words += f" Stuck? hint({name})"
    _show(finding["case"])
    _fail(name, words)


def _itself(value):
    return value


def _check_form(name: str, form: dict, scope: dict) -> None:
    kind = KINDS[form["kind"]]
    numbers = _numbers(name, form, scope)
    if numbers:
        print(form["ask"].format(**numbers).strip() if form.get("ask") else f"{name}: your numbers are "
              + ", ".join(f"{key} = {value}" for key, value in numbers.items()) + ".")
    question = kind(**{"answer": form.get("letters", "")} | {f: form[f] for f in kind.public})
    try:
        value = question.read(_typed(name, scope), numbers)
        if len(form.get("letters", "")) > len(value if type(value) is str else ""):
            raise NoAnswer(f"the letters {', '.join(sorted(set(form['letters']) - set(value)))} are missing")
    except NoAnswer as problem:
        _fail(name, f"{name}: {problem}.")
    _standing[name] = ANSWERED
    shown = ", ".join(sorted(value)) if type(value) is frozenset else value
    print(f"{name}: your answer reads {shown}. Whether it is right comes with the feedback.")


def _typed(name: str, scope: dict):
    typed = scope.get(name, ...)
    if typed is ... or typed is None:
        raise NoAnswer("there is no answer yet; replace the ... by yours")
    return typed


def _numbers(name: str, form: dict, scope: dict) -> dict:
    if not form.get("draw"):
        return {}
    student = scope.get("student_id", ...)
    if type(student) is not str or not student.strip():
        _fail(name, f"{name}: the numbers of this question are your own. Type your id where it says student_id, "
                    "and run that cell.")
    return drawn(form["course"], student, form["draw"])


def _show(case: dict) -> None:
    """The table of a case: HTML where there is a notebook, text elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:      # a plain Python: IPython is no dependency
        print(table.text(case))
        return
    if get_ipython() is None:
        print(table.text(case))
    else:
        display({"text/plain": table.text(case), "text/html": table.html(case)}, raw=True)


def _fail(name: str, words: str):
    if name:
        _standing[name] = FAILED
    if sys.excepthook is sys.__excepthook__:      # a script, not a notebook
        sys.excepthook = _told
    raise CheckFailed(words)
