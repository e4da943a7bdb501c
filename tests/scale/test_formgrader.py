"""Formgrader on PostgreSQL: Jupyter's own server, asked over the loopback interface."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from autograder import gradebook as books
from autograder.course import Course
from autograder.grade import grade
from tests.benchmarks.classes import make_course
from tests.faults import child
from tests.scale.farm import free_port

pytestmark = pytest.mark.scale
TOKEN = "only-for-this-test"


@pytest.fixture
def course(database, tmp_path):
    root = make_course(tmp_path / "course", "small", 3)
    (root / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {database!r}\n")
    course = Course.load(root)
    grade(course, "small", runner=child.runner)
    return course


@pytest.fixture
def ask(course, tmp_path):
    """ask(path, body) talks to formgrader; the server is stopped by its process at the end."""
    (tmp_path / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"jpserver_extensions": {
        "nbgrader.server_extensions.formgrader": True}}}))
    port, log = free_port(), open(tmp_path / "log", "w")
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(tmp_path), "HOME": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "server", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
         f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={course.root}"],
        cwd=course.root, env=environment, stdout=log, stderr=log)

    def ask(path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/formgrader{path}", headers={"Authorization": f"token {TOKEN}"},
            data=None if body is None else json.dumps(body).encode(), method="GET" if body is None else "PUT")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    try:
        for _ in range(240):
            try:
                ask("/api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.5)
        yield ask
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def test_marks_are_shown_and_a_person_gives_one(ask, course):
    listed = {entry["student"]: entry["score"] for entry in ask("/api/submissions/small")}
    with books.opened(course) as gradebook:
        assert listed == {student: score for student, (score, _, _) in books.totals(gradebook, "small").items()}
        assert set(listed) == {"student0000", "student0001", "student0002"} and all(listed.values())
        notebook = gradebook.find_submission_notebook("small", "small", "student0001").id
    entry = next(mark for mark in ask(f"/api/grades?submission_id={notebook}") if mark["name"] == "t00")
    ask(f"/api/grade/{entry['id']}", {"manual_score": 0.25, "extra_credit": 0.5})
    with books.opened(course) as gradebook:
        mark = books.marks(gradebook, "small", "student0001")["small", "t00"]
    assert (mark.score, mark.by_hand) == (0.75, True)
