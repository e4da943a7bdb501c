"""A real Chromium, a student's machine (a week's bundle in a fresh folder and environment), and a graded class."""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.loopback import free_port

ROOT = Path(__file__).parents[2]
WEEK = "week05_backprop"


@pytest.fixture(scope="session")
def chromium():
    """A browser page factory; the group is skipped, by name of what is missing, where there is no browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (requirements-all.lock)")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs Chromium on the PATH")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


HOSTILE = "<script>alert(1)</script><img src='http://elsewhere.example/x.png' onerror='alert(1)'>\u202e</style>"


@dataclass
class Watched:
    """A page, what it complained of, and whom it asked besides this machine (in vain)."""

    page: object
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


@pytest.fixture
def watched(chromium):
    """watched(width, scheme) -> a fresh page under watch."""
    contexts = []

    def open_page(width: int = 1280, scheme: str = "light") -> Watched:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        seen = Watched(context.new_page())

        def refuse(route):
            seen.elsewhere.append(route.request.url)
            route.abort()

        def dismiss(dialog):
            seen.complaints.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        seen.page.on("console", lambda told: seen.complaints.append(told.text) if told.type == "error" else None)
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("dialog", dismiss)
        seen.page.route(lambda url: not re.match(r"(file|data|blob|about):|http://127\.0\.0\.1[:/]", url), refuse)
        return seen

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """A course in a folder of its own, with a small class of its fifth week graded."""
    from autograder.course import Course
    from autograder.grade import grade
    from autograder.sampleclass.sample import Maker, Sample, hand_in

    root = tmp_path_factory.mktemp("course") / "assignments"
    shutil.copytree(ROOT / "assignments", root, ignore=shutil.ignore_patterns("build", "versions", "secret.key"))
    course = Course.load(root)
    maker = Maker(course, course.assignment(WEEK))
    transposed = next(wrong for wrong in maker.assignment.exercises["dense_backward"].misconceptions
                      if wrong.name == "weight-gradient-transposed")
    attacker = maker.notebook("mallory", {"solution-cross_entropy": f"def cross_entropy(p, y):\n    return {HOSTILE!r}",
                                          "answer-sure-and-wrong": HOSTILE})
    attacker.metadata.title = HOSTILE
    hand_in(course, WEEK, [
        maker.complete("ada"), maker.misconception("bob", "dense_backward", transposed), maker.quiz_mistakes("carl", 0),
        maker.in_part("dora", maker.tests[3:]), maker.untouched("emil"), maker.sample("mallory", attacker),
        Sample("ünïcode-学生", ((f"{WEEK}.ipynb", b"{"),), None)])
    grade(course, WEEK)
    return course


@pytest.fixture(scope="session")
def jupyter_server(graded, tmp_path_factory):
    """(address, token) of a Jupyter server on loopback in the graded course's folder; stopped at the end."""
    own = tmp_path_factory.mktemp("server")
    address, token, process = started(["jupyter_server", f"--ServerApp.root_dir={graded.root}"], graded.root,
                                      own / "log", {
        "JUPYTER_CONFIG_DIR": own / "config", "JUPYTER_DATA_DIR": own / "data", "JUPYTER_RUNTIME_DIR": own / "runtime",
        "IPYTHONDIR": own / "ipython"})
    try:
        answered(f"{address}/api/status?token={token}", own / "log")
        yield address, token
    finally:
        stop(process)


def started(module: list[str], folder: Path, log: Path, folders: dict) -> tuple[str, str, subprocess.Popen]:
    """A Jupyter application on a free port of this machine: its address, the token it asks for, its process."""
    port = free_port()
    token = secrets.token_hex(8)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COURSEKIT", "JUPYTER"))}
    environment |= {name: str(place) for name, place in folders.items()}
    command = [sys.executable, "-m", module[0], "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
               "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", *module[1:]]
    with log.open("w") as written:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=written, stderr=written)
    return f"http://127.0.0.1:{port}", token, process


def answered(address: str, log: Path) -> None:
    """Wait until an address answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"no answer: {log.read_text()[-2000:]}")


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=20)


@pytest.fixture
def student_folder(tmp_path):
    """folder(week) -> (the unpacked bundle, an environment's Python that holds the bundle's wheel)."""

    def unpack(week: str) -> tuple[Path, Path]:
        from autograder.course import Course
        from autograder.publishing.bundle import bundle

        archive = bundle(Course.find(ROOT / "assignments"), week)
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(tmp_path)
        folder = next(path.parent for path in tmp_path.rglob(f"{week}.ipynb") if path.name == f"{week}.ipynb")
        wheel = next(tmp_path.rglob("coursekit-*.whl"))
        environment = tmp_path / "environment"
        venv.create(environment, symlinks=True, with_pip=True)
        python = environment / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True)
        # NumPy, matplotlib and Jupyter come from this test's own environment, coursekit from the wheel alone.
        site = next((environment / "lib").glob("python*/site-packages"))
        packages = next(path for path in sys.path if path.endswith("site-packages"))
        (site / "packages.pth").write_text(packages + "\n", encoding="utf-8")
        return folder, python

    return unpack


@pytest.fixture
def jupyterlab(tmp_path):
    """serve(folder, python) -> address of a JupyterLab on loopback whose kernels run `python`; stopped at the end."""
    servers = []

    def serve(folder: Path, python: Path) -> str:
        kernel = tmp_path / "jupyter" / "kernels" / "python3"
        kernel.mkdir(parents=True)
        spec = {"argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": "Python 3", "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
        # Every cell is in the page, not only those in view, so that a test can find them; no question about news.
        settings = {"notebook-extension/tracker": {"windowingMode": "none"},
                    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}
        for name, setting in settings.items():
            file = tmp_path / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True)
            file.write_text(json.dumps(setting), encoding="utf-8")
        log = tmp_path / "jupyter.log"
        folders = {"JUPYTER_PATH": "jupyter", "JUPYTERLAB_SETTINGS_DIR": "settings",
                   "JUPYTER_CONFIG_DIR": "config", "IPYTHONDIR": "ipython"}
        address, token, process = started(["jupyterlab", f"--ServerApp.root_dir={folder}"], folder, log,
                                          {name: tmp_path / place for name, place in folders.items()})
        servers.append(process)
        answered(f"{address}/lab?token={token}", log)
        return f"{address}/lab/tree/NOTEBOOK?token={token}"

    yield serve
    for server in servers:
        stop(server)
