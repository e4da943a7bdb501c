"""Formgrader opens on our gradebook: its own server, asked over HTTP on the loopback interface."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.parity
TOKEN = "only-for-this-test"


@pytest.fixture(scope="module")
def get(ours, tmp_path_factory):
    """get(path) asks formgrader; the server is stopped by its process at the end."""
    settings = tmp_path_factory.mktemp("jupyter")
    (settings / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"jpserver_extensions": {
        "nbgrader.server_extensions.formgrader": True}}}))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(settings), "HOME": str(settings), "JUPYTER_RUNTIME_DIR": str(settings),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "server", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
         f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={ours.root}"],
        cwd=ours.root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(path):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    try:
        for _ in range(120):
            try:
                ask("/formgrader/api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None, "the server ended"
                time.sleep(0.5)
        yield ask
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_the_assignment_is_listed_with_its_hand_ins(get, ours, name):
    listed = {entry["name"]: entry for entry in json.loads(get("/formgrader/api/assignments"))}
    assert listed[name]["num_submissions"] == len(ours.students(name)) > 40
    assert listed[name]["max_score"] == 46
    assert "Add new assignment" in get("/formgrader/manage_assignments")


def test_marks_are_ours(get, name):
    listed = {entry["student"]: entry for entry in json.loads(get(f"/formgrader/api/submissions/{name}"))}
    assert listed["s001-correct-reference"]["score"] == 42
    assert listed["s001-correct-reference"]["needs_manual_grade"] is True
    assert [entry["score"] for student, entry in listed.items() if student.endswith("empty-file")] == [0]
    assert all(entry["autograded"] for entry in listed.values())


def test_each_hand_in_opens_with_its_executed_notebook(get, name):
    opened = json.loads(get(f"/formgrader/api/submitted_notebooks/{name}/{name}"))
    assert len(opened) > 40
    for entry in opened:
        page = get(f"/formgrader/submissions/{entry['id']}/")
        assert "count_dense" in page
        assert "<script>alert(" not in page
