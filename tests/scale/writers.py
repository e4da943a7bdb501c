"""Many processes write marks into one gradebook at the same moment: by our way, or by stock nbgrader's own API.

    python writers.py COURSE ours|stock WRITERS EACH [STUDENT]

COURSE holds the assignment "small" (tests/benchmarks/classes.py), registered. Each writer opens the gradebook, waits
for all the others, and writes the hand-in of STUDENT, as all of them do, and EACH hand-ins of its own.
Prints {"errors": [...], "seconds": [of each hand-in]}.
"""

import json
import os
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades

from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.record import Record
from autograder.course import Course
from autograder.exercise.solutions import is_test
from autograder.verdict import Verdict
from tests.benchmarks.classes import hand_in

NAME = "small"


def ours(course, students, go):
    notebook = hand_in(NAME, 1)
    verdicts = {NAME: tuple(Verdict(cell.id, cell.id, "passed", 1, 1) for cell in notebook.cells if is_test(cell))}
    with books.opened(course) as gradebook:
        go()
        for student in students:
            yield from timed(lambda student=student: books.save(
                gradebook, Record(student, NAME, 1, "", verdicts, {}), {NAME: notebook}))


def stock(course, students, go):
    """The calls of `nbgrader autograde` that write: the student, the submission, then SaveAutoGrades."""
    notebook = hand_in(NAME, 1)

    def write(student):
        with Gradebook(course.db_url) as gradebook:
            gradebook.update_or_create_student(student)
        with Gradebook(course.db_url) as gradebook:
            gradebook.update_or_create_submission(NAME, student)
        SaveAutoGrades().preprocess(notebook, {"nbgrader": {
            "notebook": NAME, "assignment": NAME, "student": student, "db_url": course.db_url}})

    go()        # each step opens the gradebook by itself
    for student in students:
        yield from timed(lambda student=student: write(student))


def timed(write):
    began = time.monotonic()
    try:
        write()
        yield {"seconds": time.monotonic() - began}
    except Exception as trouble:
        yield {"error": f"{type(trouble).__name__}: {trouble}"}


def main(root, how, writers, each, *shared):
    warnings.filterwarnings("ignore")           # nbgrader's, under SQLAlchemy 2
    course = Course.load(Path(root))
    ready, start = os.pipe(), os.pipe()

    def go():
        os.write(ready[1], b".")
        os.read(start[0], 1)

    children = {}
    for number in range(writers):
        answer = os.pipe()
        child = os.fork()
        if child == 0:
            students = [*shared, *(f"w{number:02}-{count}" for count in range(each))]
            try:
                told = list({"ours": ours, "stock": stock}[how](course, students, go))
            except Exception as trouble:        # not even opened
                told = [{"error": f"{type(trouble).__name__}: {trouble}"}] * len(students)
                os.write(ready[1], b".")
            with open(answer[1], "w") as file:
                json.dump(told, file)
            os._exit(0)
        os.close(answer[1])
        children[child] = answer[0]
    for _ in children:
        os.read(ready[0], 1)
    os.write(start[1], b"!" * writers)
    told = []
    for child, answer in children.items():
        with open(answer) as file:
            told += json.load(file)
        os.waitpid(child, 0)
    print(json.dumps({"errors": [each["error"] for each in told if "error" in each],
                      "seconds": [each["seconds"] for each in told if "seconds" in each]}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:])
