"""Hostile hand-ins: the honest mark or less, nothing changed outside, the next student unharmed."""

import hashlib
import os
import socket

import nbformat
import pytest

from autograder.engine import Engine
from autograder.judge import judge
from tests.attacks import target

pytestmark = pytest.mark.xdist_group("attacks")


# What namespaces would hide as well: these are tried once more where only the portable walls stand.
WALLS = (
    "datagrams_without_connecting", "disk_bomb", "environment", "fork_waits_for_the_test", "memory_bomb",
    "memory_bomb_shared", "nested_folders", "network", "network_by_ctypes", "proc_self_mem", "process_bomb",
    "program_reads_the_course", "reads_gradebook", "scikit_learn", "signals_to_the_grader", "subprocess_runs",
    "symlink_out_of_scratch", "thread_bomb", "traces_others", "withheld_from_disk", "writes_everywhere",
)


@pytest.fixture(scope="module")
def engine():
    with Engine(workers=1) as engine:
        yield engine


@pytest.fixture(scope="module")
def portable():
    with Engine(workers=1, namespaces=False) as engine:
        yield engine


@pytest.fixture(scope="module")
def of():
    """of[programs] is the assignment that hand-ins may start programs in, or may not."""
    return {programs: target.assignment(programs) for programs in (False, True)}


@pytest.fixture(scope="module")
def canary(tmp_path_factory):
    """A course beside the grader: what no hand-in may read or change."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("gradebook.db", "secret.key", "submitted/ada/target/target.ipynb", "nbgrader_config.py"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(target.SECRET)
    return folder


@pytest.fixture(scope="module")
def listener():
    """A port of this machine that answers, and remembers who called."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def image(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def marks(job, run):
    return {v.cell.removeprefix("test-"): v.score for v in judge(job, run)}


@pytest.mark.parametrize("attack", target.attacks(), ids=lambda attack: attack.name)
def test_attack(attack, engine, of, canary, listener):
    withstands(attack, engine, of, canary, listener)


@pytest.mark.parametrize("attack", [a for a in target.attacks() if a.name in WALLS], ids=lambda attack: attack.name)
def test_portable_walls(attack, portable, of, canary, listener):
    withstands(attack, portable, of, canary, listener)


def withstands(attack, engine, of, canary, listener):
    """The attack gets its marks at most, the course is as it was, and the next student has all of theirs."""
    before = image(canary)
    of = of[attack.programs]
    words = {"canary": str(canary), "port": str(listener.getsockname()[1]), "pid": str(os.getpid())}
    job = target.job(of, attack, words)
    run = engine.run(job)

    verdicts = judge(job, run)
    assert not [v.cell for v in verdicts if v.status == "could_not_tell"], "it was taken for the grader's own fault"
    got = {v.cell.removeprefix("test-"): v.score for v in verdicts}
    too_many = {name: mark for name, mark in got.items() if mark > attack.marks.get(name, 0)}
    assert not too_many, f"{attack.tries}: {too_many}"
    assert got["first"] == 1, "the mark before the attack was lost"
    for verdict in verdicts:
        verdict.to_json().encode()
    for cell in run.notebook.cells:
        if not cell.id.startswith("test-"):
            assert target.SECRET not in str(cell.get("outputs")), f"{cell.id} shows a secret"
            errors = [output.evalue for output in cell.get("outputs", ()) if output.output_type == "error"]
            assert "box." not in str(errors), "it takes hold of what is no longer there"
    nbformat.validate(run.notebook)
    nbformat.writes(run.notebook).encode()
    assert image(canary) == before
    with pytest.raises(BlockingIOError):
        listener.accept()

    honest = target.job(of, None, student="grace")
    assert marks(honest, engine.run(honest)) == {name: float(name not in target.NO_SCORES) for name in target.TESTS}


def test_the_corpus_names_what_it_tries():
    for attack in target.attacks():
        assert attack.tries and attack.cells
        assert set(attack.marks) <= set(target.TESTS), attack.name
        assert {name for name, _ in attack.cells} <= {"", *target.SOLUTIONS}, attack.name
