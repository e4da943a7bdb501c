"""Servers on the loopback interface that tests start, ask and stop."""

import itertools
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from tests.stock import ENVIRONMENT

TOKEN = "only-for-this-test"


# Below the ports that systems give to outgoing connections, so that none takes one before its server starts, or while
# the server is started anew. Tests that run side by side have ports of their own.
EACH = 400
FIRST = 20_000 + EACH * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 30)
PORTS = itertools.cycle(FIRST + (os.getpid() + place) % EACH for place in range(EACH))


def free_port():
    """A port of the loopback interface that nobody listens at; each time another one."""
    for port in itertools.islice(PORTS, EACH):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no port from {FIRST} to {FIRST + EACH - 1} is free")


@contextmanager
def formgrader(root, folder):
    """ask(path, body) talks to the formgrader of the course at `root`, by PUT where there is a body; returns its words.

    The server keeps its settings and its log in `folder`, and is stopped by its process at the end.
    """
    (folder / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"jpserver_extensions": {
        "nbgrader.server_extensions.formgrader": True}}}))
    port = free_port()
    environment = os.environ | ENVIRONMENT | {
        "JUPYTER_CONFIG_DIR": str(folder), "HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(folder)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "server", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
             "--allow-root", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}"],
            cwd=root, env=environment, stdout=log, stderr=log)

    def ask(path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/formgrader{path}", headers={"Authorization": f"token {TOKEN}"},
            data=None if body is None else json.dumps(body).encode(), method="GET" if body is None else "PUT")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    try:
        for _ in range(600):
            try:
                ask("/api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.5)
        yield ask
    finally:
        server.terminate()
        server.wait(timeout=30)
