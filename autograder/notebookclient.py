"""nbclient's client as grading needs it: what a kernel sends becomes outputs within limits, findings and notes."""

from __future__ import annotations

import json
import logging
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbgrader.utils import is_grade

from autograder.assignment import Limits
from autograder.examine import FINDING
from autograder.job import Run

MOST_FINDINGS, MOST_FINDING_BYTES = 20, 1_000_000
LATE = "CellTimeoutError"                               # nbgrader's name for it, in the outputs
FOR_LIBRARIES_MB = 1000                                 # NumPy, SciPy, matplotlib and the kernel itself


class Client(NotebookClient):
    """nbclient's, which also collects findings, cuts output off at a limit and says whether a cell was late."""

    def __init__(self, result: Run, limits: Limits, python: bool = True, **kw):
        super().__init__(
            result.notebook, allow_errors=True, interrupt_on_timeout=True, raise_on_iopub_timeout=False,
            startup_timeout=120, shutdown_kernel="immediate", store_widget_state=False, record_timing=False,
            coalesce_streams=True,
            error_on_timeout={"ename": LATE, "evalue": "", "traceback": []},
            extra_arguments=[f"--IPKernelApp.exec_lines={memory_limit(limits)}"] if python else [], **kw)
        self.log.setLevel(logging.CRITICAL)     # a student's endless loop is no error of ours
        self.result, self.room, self.late = result, limits.output_kb * 1000, False
        self.used: dict[int, int] = {}                 # place of a cell -> bytes of its output
        self.on_cell_executed = self.look_at_reply

    def look_at_reply(self, cell, cell_index, execute_reply):
        if execute_reply["content"].get("ename") == LATE:
            self.late = True
            cell.outputs.append(error(LATE, "This cell was stopped: it took too long."))

    def output(self, outs, msg, display_id, cell_index):
        cell, content = self.nb.cells[cell_index], msg["content"]
        if msg["msg_type"] == "display_data" and FINDING in content["data"]:
            finding = content["data"].pop(FINDING)
            if is_grade(cell) and len(json.dumps(finding)) <= MOST_FINDING_BYTES:
                found = self.result.findings.setdefault(cell.metadata.nbgrader["grade_id"], [])
                if len(found) < MOST_FINDINGS:
                    found.append(finding)
        before = self.used.get(cell_index, 0)
        self.used[cell_index] = before + len(json.dumps(content, default=str))
        if self.used[cell_index] <= self.room:
            return super().output(outs, msg, display_id, cell_index)
        if before <= self.room:
            words = f"Output beyond {self.room // 1000} kB was left out."
            self.result.notes.setdefault(cell.id, []).append(words)
            outs.append(nbformat.v4.new_output("stream", name="stdout", text=f"\n[{words}]\n"))
        if msg["msg_type"] == "error":          # an error decides the mark; it is kept, briefly
            outs.append(error(content["ename"][:200], content["evalue"][:1000]))
        return None

    def handle_comm_msg(self, outs, msg, cell_index):
        """Widgets have nobody to talk to here."""

    async def listens(self, seconds: float = 5) -> bool:
        """Does the kernel answer after it was interrupted? One that does not is killed."""
        asked, end = self.kc.execute("", silent=True), time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                reply = await self.kc.get_shell_msg(timeout=max(0.1, end - time.monotonic()))
            except Exception:       # queue.Empty, or the channel of a kernel that has gone
                break
            if reply["parent_header"].get("msg_id") == asked:
                return True
        return False


def error(name: str, words: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("error", ename=name, evalue=words, traceback=[f"{name}: {words}"])


def memory_limit(limits: Limits) -> str:
    """What the kernel executes first: a bound on its memory, so that a request beyond it is a MemoryError.

    Data, not address space: the libraries reserve far more addresses than they use. Linux only.
    """
    if sys.platform != "linux":
        return ""
    most = (limits.memory_mb + FOR_LIBRARIES_MB) * 1_000_000
    return f"import resource; resource.setrlimit(resource.RLIMIT_DATA, ({most}, {most})); del resource"
