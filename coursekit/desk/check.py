"""What a student calls: check a function at once; answer a lecture's question at once.

    check(count_dense)      tries the public cases; the first that fails is shown as a small table
    ask("units", Number("8*8"))     a lecture's question, answered at once

Everything needed lies in the notebook itself (the cell with `desk.load`), so this works offline.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar

from coursekit.desk import table
from coursekit.desk.guide import unknown
from coursekit.desk.naming import name_of
from coursekit.desk.quiz import KINDS, NoAnswer, Question, drawn
from coursekit.desk.sheet import Exercise
from coursekit.desk.standing import ANSWERED, FAILED, OPEN, PASSED, fail, note, sheet
from coursekit.trial import judge

_aside: ContextVar[bool] = ContextVar("aside", default=False)


@contextmanager
def standing_aside():
    """Within it `check` says nothing: somebody else is about to judge.

    >>> with standing_aside():
    ...     check("anything")                 # says nothing, although no notebook is loaded
    """
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

    >>> from coursekit.desk import standing
    >>> from coursekit.desk.sheet import Sheet
    >>> standing.load('{"assignment": "week01", "exercises": {}, "questions": {"q_units": {"kind": "number"}}}')
    >>> check("unit")
    Traceback (most recent call last):
    coursekit.desk.standing.CheckFailed: 'unit' is no exercise or question of this notebook. Did you mean 'q_units'?
    """
    if _aside.get() or os.environ.get("COURSEKIT_GRADING"):
        return
    here = sheet()
    frame = sys._getframe(1)
    name = name_of(subject, frame, here.exercises)
    if name in here.questions:
        _check_form(name, here.questions[name], frame.f_globals)
    elif name in here.exercises:
        if type(subject) is str:
            if name not in frame.f_globals:
                fail(name, f"{name} is not there yet: run the cell that defines it.")
            subject = frame.f_globals[name]
        _check_exercise(name, here.exercises[name], subject, through)
    else:
        fail("", unknown(name))


def ask(name: str, question: Question) -> None:
    """A self-check in a lecture, which answers at once: `name` is the variable that holds the typed answer.

    A known wrong answer gets its own remark; the right one is never given away.

    >>> from coursekit.desk import Number, WrongAnswer
    >>> units = 70
    >>> ask("units", Number("8*8", wrong=(WrongAnswer("8*8 + 6", "Six too many.", "Which bias is counted twice?"),)))
    Not yet. Six too many. Which bias is counted twice?
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


def _check_exercise(name: str, exercise: Exercise, subject, through) -> None:
    if not callable(subject) and through is None:
        through = _itself
    finding = judge(exercise.rules, exercise.trials, subject, through=through, wrong=exercise.wrong, hints=())
    if finding["status"] == "passed":
        note(name, PASSED)
        n = len(exercise.trials)
        how = f"passes its {n} public cases" if n > 1 else "passes its public case" if n else "is there"
        print(f"✓ {name} {how}. Hidden cases decide the mark.")
        return
    words = finding["rationale"]
    if finding["hint"]:
        words += f"\n{finding['hint']}"
    elif exercise.hints:
        words += f'\nStuck? hint("{name}")'
    if finding["case"]["raised"].partition(":")[0] == "NotImplementedError":      # a stub has nothing to show
        fail(name, words, OPEN)
    _show(finding["case"])
    fail(name, words)


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
        fail(name, f"{name}: {problem}.", OPEN if scope.get(name, ...) is ... else FAILED)
    note(name, ANSWERED)
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
    if type(student) is not str or not student.strip(" ."):
        fail(name, f"{name}: the numbers of this question are your own. Type your id where it says student_id, "
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
        caption = f"The smallest case that fails: {case['call']}"
        display({"text/plain": table.text(case), "text/html": table.html(case, caption)}, raw=True)
