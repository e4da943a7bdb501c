"""A PostgreSQL server of the tests' own: Debian's programs, a folder that is thrown away, the loopback interface."""

import os
import secrets
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.bookkeeping import gradebook as books
from autograder.course import Course
from tests.loopback import free_port
from tests.scale.gradebooks import fill

USER = "autograder"


def programs():
    """The folder with initdb and pg_ctl; Debian keeps them off the PATH. None if PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def server():
    """The URL of a fresh server, without a database's name; it ends with the block."""
    place = programs()
    if place is None:
        pytest.skip("PostgreSQL's initdb is not installed (Debian: apt-get install postgresql)")
    as_user = []
    if os.geteuid() == 0:       # PostgreSQL refuses root
        as_user = ["runuser", "-u", "postgres", "--"]
    folder = Path(tempfile.mkdtemp(prefix="autograder-postgres-"))
    password, port = secrets.token_hex(8), free_port()
    (folder / "password").write_text(password)
    if as_user:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres")

    def run(*words):
        done = subprocess.run([*as_user, *map(str, words)], cwd="/", capture_output=True, text=True)
        assert done.returncode == 0, f"{words[0]}: {done.stdout}{done.stderr}"

    data = folder / "data"
    run(place / "initdb", "-D", data, "-U", USER, "-E", "UTF8", "--locale=C", "--auth=scram-sha-256",
        f"--pwfile={folder / 'password'}")
    try:
        run(place / "pg_ctl", "-D", data, "-w", "-t", "600", "-l", folder / "log", "-o",
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}", "start")
        yield f"postgresql+psycopg://{USER}:{password}@127.0.0.1:{port}"
    finally:
        run(place / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres():
    pytest.importorskip("psycopg")
    with server() as url:
        yield url


@pytest.fixture
def make_database(postgres):
    """make_database() is the URL of a new, empty database."""
    def make():
        import psycopg

        name = f"course_{secrets.token_hex(4)}"
        with psycopg.connect(f"{postgres}/postgres".replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"{postgres}/{name}"
    return make


@pytest.fixture
def database(make_database):
    return make_database()


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    root = tmp_path_factory.mktemp("gradebook")
    with books.opened(Course.load(root)):       # nbgrader itself would look for the program alembic on the PATH
        pass
    fill(f"sqlite:///{root / 'gradebook.db'}")
    return root / "gradebook.db"


@pytest.fixture
def rich_gradebook(filled, tmp_path):
    return Path(shutil.copy(filled, tmp_path / "rich.db"))
