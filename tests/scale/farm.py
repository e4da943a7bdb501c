"""A real Dask cluster on the loopback interface: a scheduler and worker processes that can be killed."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.loopback import free_port

ROOT = Path(__file__).resolve().parents[2]
DASK = [sys.executable, "-m", "dask"]
ENVIRONMENT = os.environ | {
    "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error",
    # A worker that hangs is ours to notice: Dask itself gives its hand-ins to others after five minutes.
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "1 hour",
}


class Farm:
    """The processes of a cluster; leaving the block ends them all.

    preload     a module that each worker imports first: tests.scale.preload puts a runner there that starts nothing
    """

    def __init__(self, preload=None):
        self.port, self.preload = free_port(), preload
        self.scheduler, self.workers = None, []
        self.scratch = tempfile.TemporaryDirectory(prefix="farm-")
        self.pace = Path(self.scratch.name, "pace")      # seconds that each hand-in takes the preloaded runner
        self.pace.write_text("0")
        self.temporary = Path(self.scratch.name, "tmp")      # of all its processes
        self.temporary.mkdir()

    @property
    def address(self):
        return f"tcp://127.0.0.1:{self.port}"

    def __enter__(self):
        self.start_scheduler()
        return self

    def __exit__(self, *_):
        for process in [*self.workers, self.scheduler]:
            self.end(process, signal.SIGTERM, patience=10)
        self.scratch.cleanup()

    def start_scheduler(self):
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard",
                                     "--no-jupyter", "--idle-timeout", "600")
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.scheduler.poll() is None, "the scheduler ended"
                time.sleep(0.1)
        raise AssertionError("the scheduler did not start")

    def living(self):
        return [worker for worker in self.workers if worker.poll() is None]

    def fill(self, count):
        """So many workers as a test expects, whatever an earlier one did to them."""
        while len(self.living()) < count:
            self.start_worker()
        return self.living()

    def wait_for(self, count):
        """Until the scheduler knows of so many workers and no more: they start, and are missed, in their own time."""
        from distributed import Client

        with Client(self.address, set_as_default=False, timeout=600) as client:
            deadline = time.monotonic() + 600
            while len(known := client.nthreads()) != count:
                assert time.monotonic() < deadline, f"{count} workers were to be there, and are not: {known}"
                time.sleep(0.1)

    def start_worker(self, threads=1, command=(), **environment):
        words = ["worker", self.address, "--nthreads", str(threads), "--host", "127.0.0.1", "--no-dashboard",
                 "--no-nanny", "--death-timeout", "600", "--local-directory", tempfile.mkdtemp(dir=self.scratch.name)]
        if self.preload:
            words += ["--preload", self.preload]
        process = self._start(*words, command=command, **environment)
        self.workers.append(process)
        return process

    def _start(self, *words, command=(), **environment):
        environment |= {"PACE": str(self.pace), "TMPDIR": str(self.temporary)}
        with open(Path(self.scratch.name, "log"), "ab") as log:
            return subprocess.Popen([*command, *DASK, *words], env=ENVIRONMENT | environment, cwd="/", stdout=log,
                                    stderr=log, start_new_session=True)

    def end(self, process, number=signal.SIGKILL, patience=30):
        """Send a signal to a process and those that it started, and wait for it."""
        if process is None or process.returncode is not None:
            return
        self.signal(process, signal.SIGCONT)
        self.signal(process, number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            self.signal(process, signal.SIGKILL)
            process.wait()

    def signal(self, process, number):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass
