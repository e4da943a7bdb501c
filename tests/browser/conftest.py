"""A real Chromium, and a student's machine: the week's bundle unpacked in a fresh folder and environment."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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


@pytest.fixture
def student_folder(tmp_path):
    """folder(week) -> (the unpacked bundle, an environment's Python that holds the bundle's wheel)."""

    def unpack(week: str) -> tuple[Path, Path]:
        from autograder.bundle import bundle
        from autograder.course import Course

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
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        token = secrets.token_hex(8)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COURSEKIT", "JUPYTER"))}
        folders = {"JUPYTER_PATH": "jupyter", "JUPYTERLAB_SETTINGS_DIR": "settings",
                   "JUPYTER_CONFIG_DIR": "config", "IPYTHONDIR": "ipython"}
        environment |= {name: str(tmp_path / place) for name, place in folders.items()}
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
                   f"--port={port}", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
        with (tmp_path / "jupyter.log").open("w") as log:
            servers.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        address = f"http://127.0.0.1:{port}/lab?token={token}"
        for _ in range(300):
            try:
                urllib.request.urlopen(address, timeout=2).close()
                return re.sub(r"/lab\?", "/lab/tree/NOTEBOOK?", address)
            except OSError:
                time.sleep(0.2)
        raise TimeoutError(f"JupyterLab did not answer: {(tmp_path / 'jupyter.log').read_text()[-2000:]}")

    yield serve
    for server in servers:
        server.terminate()
        server.wait(timeout=20)
