"""Formgrader opens on our gradebook: its own server, asked over HTTP on the loopback interface."""

import json

import pytest

from tests.loopback import formgrader

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def get(ours, tmp_path_factory):
    """get(path) asks formgrader."""
    with formgrader(ours.root, tmp_path_factory.mktemp("jupyter")) as ask:
        yield ask


def test_the_assignment_is_listed_with_its_hand_ins(get, ours, name):
    listed = {entry["name"]: entry for entry in json.loads(get("/api/assignments"))}
    assert listed[name]["num_submissions"] == len(ours.students(name)) > 40
    assert listed[name]["max_score"] == 46
    assert "Add new assignment" in get("/manage_assignments")


def test_marks_are_ours(get, name):
    listed = {entry["student"]: entry for entry in json.loads(get(f"/api/submissions/{name}"))}
    assert listed["s001-correct-reference"]["score"] == 42
    assert listed["s001-correct-reference"]["needs_manual_grade"] is True
    assert [entry["score"] for student, entry in listed.items() if student.endswith("empty-file")] == [0]
    assert all(entry["autograded"] for entry in listed.values())


def test_each_hand_in_opens_with_its_executed_notebook(get, name):
    opened = json.loads(get(f"/api/submitted_notebooks/{name}/{name}"))
    assert len(opened) > 40
    for entry in opened:
        page = get(f"/submissions/{entry['id']}/")
        assert "count_dense" in page
        assert "<script>alert(" not in page
