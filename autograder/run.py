"""The plain runner: one hand-in in one fresh kernel, its cells and the tests side by side.

    run(job: Job) -> Run

is the whole interface. This runner keeps the student's code from harming the grader's
bookkeeping (a folder of its own, limits, a kernel that is killed with its children), not from
reading the tests beside it: what it judges is labelled as not tamper-proof.

One trouble costs one cell where that is possible:

    an error                 the cell; the next one runs
    a cell beyond its time   the cell: CPU time decides; the kernel is interrupted and goes on, if it listens
    the kernel's death       everything after it, nothing before it
    output without end       what is beyond the limit
"""

from __future__ import annotations

import asyncio
import copy
import math
import os
import subprocess
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient.exceptions import DeadKernelError
from nbgrader.utils import is_grade

from autograder.job import Job, Run
from autograder.notebookclient import Client, error

PACKAGES = Path(__file__).resolve().parent.parent       # where this autograder and its coursekit lie
WALL_FOR_CPU = 3                                        # wall clock that is allowed, as a multiple of CPU time


def run(job: Job) -> Run:
    """Execute the job's notebook from top to bottom and bring back outputs, findings and what befell it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as top:
        result = asyncio.run(Execution(job, Path(top)).run())
    result.wall_seconds = round(time.monotonic() - began, 3)
    return result


class Execution:
    """One run, and what is known of it so far."""

    def __init__(self, job: Job, top: Path):
        self.job, self.top = job, top
        self.limits = job.assignment.limits
        self.about = job.assignment.notebooks.get(job.stem, job.notebook).get("metadata", {})
        self.result = Run(copy.deepcopy(nbformat.from_dict(job.notebook)))
        for cell in self.result.notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                self.result.trusted |= {cell.metadata.nbgrader["grade_id"]: False} if is_grade(cell) else {}

    async def run(self) -> Run:
        client = Client(self.result, self.limits, is_python(self.about), km=self.kernel())
        try:
            await client.async_start_new_kernel(env=self.environment(), cwd=str(self.folder()),
                                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            await client.async_start_new_kernel_client()
            await self.cells(client)
        finally:
            if client.km is not None:
                await client._async_cleanup_kernel()     # kills the kernel's process group
        return self.result

    async def cells(self, client: Client) -> None:
        kernel = psutil.Process(client.km.provisioner.pid)
        end = time.monotonic() + WALL_FOR_CPU * self.limits.cpu_seconds
        for place, cell in enumerate(self.result.notebook.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            if self.result.stopped:
                self.note(cell, f"Not run: {self.result.stopped}")
                continue
            client.timeout = max(1, math.ceil(min(WALL_FOR_CPU * self.limits.cell_seconds, end - time.monotonic())))
            client.late = False
            watch = asyncio.create_task(self.watch(client, kernel))
            try:
                await client.async_execute_cell(cell, place)
                if client.late:
                    self.note(cell, f"Stopped after {self.limits.cell_seconds:g} s.")
                    self.result.stopped = "" if await client.listens() else "the code before it could not be stopped."
            except DeadKernelError:
                self.result.stopped = "Python had ended in a cell before it."
                self.note(cell, "Python ended in this cell: it was left, it crashed, or it ran out of memory.")
                cell.outputs.append(error("DeadKernelError", "Python ended in this cell."))
            finally:
                watch.cancel()
            self.result.cpu_seconds = cpu_seconds(kernel, self.result.cpu_seconds)
            if self.result.cpu_seconds > self.limits.cpu_seconds or time.monotonic() > end:
                self.result.stopped = self.result.stopped or (
                    f"the cells before it took {self.result.cpu_seconds:.0f} s, "
                    f"and {self.limits.cpu_seconds:g} s are allowed for all.")

    async def watch(self, client: Client, kernel: psutil.Process) -> None:
        """Interrupt a cell that has had its CPU time; wall time, which a busy machine stretches, is the backstop."""
        began = cpu_seconds(kernel, 0)
        while cpu_seconds(kernel, 0) - began < self.limits.cell_seconds:
            await asyncio.sleep(0.2)
        client.late = True
        await client.km.interrupt_kernel()

    def note(self, cell: nbformat.NotebookNode, text: str) -> None:
        self.result.notes.setdefault(cell.id, []).append(text)

    def folder(self) -> Path:
        """The private scratch folder, named as nbgrader's: <student>/<assignment>."""
        folder = self.top / self.job.student / self.job.assignment.name
        folder.mkdir(parents=True)
        for name, content in self.job.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder

    def kernel(self) -> AsyncKernelManager:
        """This Python's own kernel, whatever kernels people have registered; for other languages the one registered."""
        if is_python(self.about):
            manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
        else:
            manager = AsyncKernelManager(kernel_name=self.about["kernelspec"]["name"])
        if os.name == "posix":
            manager.transport = "ipc"
            manager.connection_file = str(self.top / "kernel.json")
        return manager

    def environment(self) -> dict[str, str]:
        assignment = self.top / "assignment.json"
        assignment.write_text(self.job.assignment.to_json(), encoding="utf-8")
        fonts = Path(tempfile.gettempdir()) / f"grade-matplotlib-{os.getuid() if os.name == 'posix' else 'user'}"
        return os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH")])),
            "HOME": str(self.top),                       # no history, no start-up files of whoever grades
            "IPYTHONDIR": str(self.top / "ipython"),
            "MPLCONFIGDIR": str(fonts),                  # the list of fonts takes seconds to make
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONHASHSEED": "0",                       # the same hand-in, the same order of sets
            "COURSEKIT_GRADING": str(self.top),
            "AUTOGRADER_ASSIGNMENT": str(assignment),
            "AUTOGRADER_STUDENT": self.job.student,
            "AUTOGRADER_KEY": self.job.key.hex(),
        }


def is_python(about: dict) -> bool:
    """Does the kernel that a notebook's metadata name run Python? One that nobody speaks of does.

    >>> is_python({"kernelspec": {"name": "ir", "display_name": "R"}}), is_python({})
    (False, True)
    """
    spec = about.get("kernelspec", {})
    told = spec.get("language") or about.get("language_info", {}).get("name")
    return told.lower() == "python" if told else spec.get("name", "python3").startswith("python")


def cpu_seconds(kernel: psutil.Process, before: float) -> float:
    """CPU time of the kernel and its children so far; of a kernel that has gone, what was known of it."""
    try:
        times = kernel.cpu_times()
        return round(times.user + times.system + times.children_user + times.children_system, 3)
    except psutil.Error:
        return before
