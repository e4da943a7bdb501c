"""The whole way from folders to marks, with a runner that starts no kernels."""

import json
import pickle
import shutil

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.authoring.author import build
from autograder.bookkeeping import gradebook as books
from autograder.bookkeeping.record import load
from autograder.course import Course
from autograder.exercise.solutions import is_test
from autograder.grade import Task, grade, made_for, mark_one
from autograder.intake.collect import collect
from autograder.job import Run
from autograder.restore import is_marked

NAME = "week05_tiny"
calls = []


def runner(job):
    """Passes each test of a notebook that nowhere says WRONG; breaks where one says CRASH."""
    calls.append((job.student, job.assignment.version))
    text = str(job.notebook)
    if "CRASH" in text:
        raise RuntimeError("out of paper")
    run = Run(job.notebook)
    for cell in job.notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
        if is_test(cell):
            good = "WRONG" not in text
            run.findings[cell.metadata.nbgrader.grade_id] = [
                {"exercise": "", "status": "passed" if good else "failed", "fraction": float(good), "rationale": "so"}]
    return run


@pytest.fixture
def course(built):
    calls.clear()
    return Course.load(built)


def hand_in(course, student, source="x = 1", version=1, raw=None):
    folder = course.folder("submitted", NAME, student)
    folder.mkdir(parents=True, exist_ok=True)
    nb = nbformat.v4.new_notebook(metadata={"coursekit": {"version": version}}, cells=[
        nbformat.v4.new_code_cell(source, metadata={"nbgrader": {"grade_id": "solution-double"}})])
    (folder / f"{NAME}.ipynb").write_bytes(json.dumps(nb).encode() if raw is None else raw)


def graded(course, **options):
    fresh = []
    records = grade(course, NAME, runner=runner, tell=lambda record, of, new: fresh.append((record.student, new)),
                    **options)
    return {record.student: record for record in records}, dict(fresh)


def scores(course):
    with books.opened(course) as gradebook:
        return {student: mark[0] for student, mark in books.totals(gradebook, NAME).items()}


def test_each_hand_in_gets_its_marks_and_its_executed_notebook(course):
    hand_in(course, "ada")
    hand_in(course, "bob", "x = 'WRONG'")
    hand_in(course, "eve", raw=b"not a notebook")
    records, fresh = graded(course)
    assert fresh == {"ada": True, "bob": True, "eve": True}
    assert {who: record.score for who, record in records.items()} == {"ada": 8.5, "bob": 0, "eve": 0}
    assert scores(course) == {"ada": 8.5, "bob": 0, "eve": 0}
    for student in records:
        path = course.folder("autograded", NAME, student) / f"{NAME}.ipynb"
        nb = nbformat.read(path, as_version=4)
        nbformat.validate(nb)
        MetadataValidator().validate_nb(nb)
        assert not path.stat().st_mode & 0o222
    assert "could not be graded" in nb.cells[0].source
    assert "not JSON" in records["eve"].unreadable[NAME]
    assert all(v.rationale == records["eve"].unreadable[NAME] for v in records["eve"].all_verdicts)
    assert sorted(student for student, _ in calls) == ["ada", "bob"]
    assert load(course, NAME, "bob") == records["bob"]


def test_a_fault_of_ours_costs_nobody_else_and_is_tried_again(course):
    hand_in(course, "ada")
    hand_in(course, "bob", "x = 'CRASH'")
    records, _ = graded(course)
    assert records["ada"].score == 8.5
    verdict = records["bob"].all_verdicts[0]
    assert verdict.status == "could_not_tell" and "RuntimeError: out of paper" in verdict.rationale
    _, fresh = graded(course)
    assert fresh == {"ada": False, "bob": True}


def test_what_has_not_changed_is_skipped(course):
    hand_in(course, "ada")
    hand_in(course, "bob")
    graded(course)
    hand_in(course, "bob", "x = 'WRONG'")
    assert graded(course)[1] == {"ada": False, "bob": True}
    assert graded(course, again=True)[1] == {"ada": True, "bob": True}
    (course.root / "secret.key").write_text("ab" * 32 + "\n")
    assert graded(course)[1] == {"ada": True, "bob": True}
    sheet = course.root / NAME / "assignment.toml"
    sheet.write_text(sheet.read_text() + "\n[limits]\ncell_seconds = 1\n")
    assert graded(course)[1] == {"ada": True, "bob": True}


def test_what_lay_beside_a_notebook_is_filed_with_it(course):
    hand_in(course, "ada")
    came, filed = (course.folder(step, NAME, "ada") for step in ("submitted", "autograded"))
    for name, content in {"submission_secret.txt": b"s", "plot.png": b"\x89PNG", "page.html": b"<script>"}.items():
        (came / name).write_bytes(content)
    graded(course)
    assert {path.name for path in filed.iterdir()} == {f"{NAME}.ipynb", "submission_secret.txt", "plot.png"}
    assert graded(course)[1] == {"ada": False}
    (filed / "plot.png").unlink()
    assert graded(course)[1] == {"ada": True} and (filed / "plot.png").read_bytes() == b"\x89PNG"


def test_an_extension_holds_for_a_first_hand_in(course):
    hand_in(course, "ada")
    sheet = course.root / "course.toml"
    sheet.write_text(sheet.read_text() + f"""
[late]
percent_per_day = 100
[assignments.{NAME}]
due = 2026-01-10T12:00:00
extensions = {{ada = "2 days"}}
""")
    (course.folder("submitted", NAME, "ada") / "timestamp.txt").write_text("2026-01-12 11:00:00 UTC\n")
    course = Course.load(course.root)
    graded(course)
    with books.opened(course) as gradebook:
        submission = gradebook.find_submission(NAME, "ada")
        assert (submission.extension.days, submission.late_submission_penalty or 0, submission.score) == (2, 0, 8.5)


def test_strictly_a_folder_without_a_notebook_is_no_hand_in(course):
    hand_in(course, "ada")
    came = course.folder("submitted", NAME, "bob")
    came.mkdir(parents=True)
    (came / "notes.txt").write_text("I was ill.")
    assert set(graded(course, strict=True)[0]) == set(scores(course)) == {"ada"}
    assert set(graded(course)[0]) == set(scores(course)) == {"ada", "bob"}


@pytest.mark.parametrize("lost", ["record", "autograded", "gradebook"])
def test_a_run_that_was_killed_is_finished_by_the_next(course, lost, empty_gradebook):
    hand_in(course, "ada")
    graded(course)
    if lost == "record":
        (course.root / "build" / "verdicts" / NAME / "ada.json").write_text('{"student": "ada", "verd')
    elif lost == "autograded":
        (course.folder("autograded", NAME, "ada") / f"{NAME}.ipynb").unlink()
    else:
        shutil.copy(empty_gradebook, course.root / "build" / "gradebook.db")
    records, fresh = graded(course)
    assert fresh == {"ada": True}
    assert records["ada"].score == 8.5 and scores(course) == {"ada": 8.5}


def test_marks_that_cannot_be_written_are_told_and_cost_nobody_else(course):
    long = "x" * 252            # a folder may be called so, the record's file may not
    hand_in(course, "ada")
    hand_in(course, long)
    hand_in(course, "zoe")
    with pytest.raises(OSError, match="these marks could not be written, all others are: x+"):
        graded(course)
    assert load(course, NAME, "ada").score == load(course, NAME, "zoe").score == 8.5


def test_only_the_named_students(course):
    hand_in(course, "ada")
    hand_in(course, "bob")
    assert set(graded(course, students=["bob"])[0]) == {"bob"}


def test_a_loose_folder_needs_no_submitted_folder(course, tmp_path):
    hand_in(course, "ada")
    loose = tmp_path / "downloads"
    loose.mkdir()
    shutil.move(course.folder("submitted", NAME, "ada") / f"{NAME}.ipynb", loose / "ada.ipynb")
    assert graded(course, submissions=loose)[0]["ada"].score == 8.5


def test_a_hand_in_of_an_older_version_is_graded_against_it(course):
    frozen = course.root / "versions" / NAME / "1.json"
    frozen.parent.mkdir(parents=True)
    frozen.write_text(course.assignment(NAME).to_json())
    text = course.root / NAME / f"{NAME}.py"
    text.write_text(text.read_text().replace('test="double" points=1.5', 'test="double" points=3'))
    sheet = course.root / NAME / "assignment.toml"
    sheet.write_text(sheet.read_text().replace("version = 1", "version = 2"))
    build(course, NAME)
    hand_in(course, "old", version=1)
    hand_in(course, "new", version=2)
    hand_in(course, "odd", version=7)
    records, _ = graded(course)
    assert {call[0]: call[1] for call in calls} == {"old": 1, "new": 2, "odd": 2}
    assert {who: record.max_score for who, record in records.items()} == {"old": 8.5, "new": 10, "odd": 10}
    assert "Made for version 1" in records["old"].notes[0]
    assert "never released" in records["odd"].notes[0]
    assert "version" not in str(records["new"].notes)
    assert scores(course) == {"old": 10, "new": 10, "odd": 10}     # the gradebook knows the points of today


def test_a_task_can_cross_to_another_process(course):
    hand_in(course, "ada")
    assignment = course.assignment(NAME)
    task = Task("ada", tuple(collect(course, NAME, [NAME])), assignment, (), b"k", "d", runner, False)
    marked = mark_one(pickle.loads(pickle.dumps(task)))
    assert pickle.loads(pickle.dumps(marked)).record.score == 8.5
    assert made_for(course, assignment, task.hand_ins) == (assignment, ())


def test_hostile_output_cannot_act_in_formgrader(course, monkeypatch):
    def hostile(job):
        run = runner(job)
        for cell in run.notebook.cells:
            if cell.cell_type == "code" and is_marked(cell):
                cell.outputs = [nbformat.v4.new_output("display_data", {
                    "text/html": "<b>bold</b><script>alert(1)</script><img src=x onerror=alert(1)>",
                    "application/javascript": "alert(1)", "image/svg+xml": "<svg onload=alert(1)>"})]
        return run
    hand_in(course, "ada")
    hand_in(course, "bob", raw=json.dumps({"cells": [
        {"cell_type": "markdown", "source": "a < b, $a<b$ <script>alert(2)</script> <img/src=x onerror=alert(2)>"},
        {"cell_type": "markdown", "source": "<svg\nonload=alert(2)>", "id": "answer-why"},
    ]}).encode())
    grade(course, NAME, runner=hostile)
    text = (course.folder("autograded", NAME, "ada") / f"{NAME}.ipynb").read_text()
    assert "<b>bold</b>" in text
    assert "alert(1)" not in text and "onerror" not in text
    text = (course.folder("autograded", NAME, "bob") / f"{NAME}.ipynb").read_text()
    assert "a < b, $a<b$ &lt;script>alert(2)&lt;/script> &lt;img/src=x" in text and "&lt;svg" in text
