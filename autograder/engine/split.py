"""One hand-in, cell by cell: the student's cells at the student's side, the test cells at the trusted one.

    an error                   costs the cell; the next one runs
    a cell beyond its time     is interrupted; one that does not listen ends the student's process
    the process's end          costs what comes after it, nothing before it
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time

import nbformat
import numpy as np

from autograder.engine import outputs
from autograder.engine.names import role
from autograder.engine.plan import NO_SCORE, Plan
from autograder.engine.process import Child, Gone, Late, Warm
from autograder.job import ASIDE, SKIP, Job, Run
from autograder.judge import judge

GRACE = 2.0             # seconds to answer an interrupt
WALL_FOR_CELL = 20      # a cell's wall clock at most, as a multiple of its seconds, however busy the machine is
MOSTLY = 0.9            # of its seconds a cell has had from the CPU, to be stopped for good; machines are not exact
WALL_FOR_ALL = 10       # a whole hand-in's time by the clock, as a multiple of the CPU time it may use: it may sleep,
                        # but a thousand cells that each sleep as long as a cell may would hold up a class for hours
MOST_OUTPUTS = 64 << 20   # characters of a hand-in's outputs together; each cell's are bounded, their number is not
START_SECONDS = 60
ASKED = "what came is an object with operators of its own where plain data is expected: the test cannot believe it"
CHANGED = "The test passes only because a function changes its argument."


class Split:
    """A run of one hand-in, once.

    write_back    False: of arguments that the reference leaves alone, the test sees no changes
    """

    def __init__(
        self, job: Job, student: Warm, trusted: Warm, plan: Plan, figures: str = "marked", write_back: bool = True
    ):
        self.job, self.plan, self.figures, self.write_back = job, plan, figures, write_back
        self.limits = job.assignment.limits
        self.run_of = Run(nbformat.from_dict(dict(job.notebook)))      # a copy, all the way down
        self.sources = {
            cell["metadata"]["nbgrader"]["grade_id"]: cell
            for cell in job.assignment.notebooks[job.stem]["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade_id")
        }
        self.occupied = 0.0                    # seconds that it has held a worker, those in line for a CPU apart
        self.weight = 0                        # characters of the outputs so far
        self.by_clock = False                  # a cell was stopped that had not had its time from the CPU
        self.changes: dict[str, int] = {}      # grade id -> arguments that the student's code changed
        self.asked: dict[str, list[str]] = {}  # grade id -> operators and methods that the student's objects answered
        ours, theirs = socket.socketpair()
        with ours, theirs:
            name = f"{job.assignment.name}/{job.stem}/{job.student}".encode()
            environment = {"COURSEKIT_GRADING": "/"}
            self.student = student.lease(_seed(hashlib.sha256(name).digest()), environment, theirs)
            try:
                self.trusted = trusted.lease(_seed(hmac.digest(job.key, name, "sha256")), environment, ours)
            except BaseException:
                self.student.close()
                raise

    def run(self) -> Run:
        began = time.monotonic()
        try:
            for child in (self.student, self.trusted):
                child.receive(START_SECONDS)
            self.trusted.send({
                "student": self.job.student, "stem": self.job.stem, "key": self.job.key,
                "fallback": list(self.plan.fallback),
            })
            if self.job.files:
                files = {name: np.frombuffer(content, np.uint8) for name, content in self.job.files.items()}
                self.student.send({"op": "files", "files": files})
            self._cells()
        finally:
            for child in (self.student, self.trusted):
                child.close()
        self.run_of.cpu_seconds = round(self.student.cpu_seconds() + self.trusted.cpu_seconds(), 4)
        self.run_of.wall_seconds = round(time.monotonic() - began, 4)
        return self.run_of

    def meddles(self) -> bool:
        """Did the student's code change arguments of the test's in a cell in which the reference leaves them alone?"""
        return any(changes and not self.plan.changes.get(name, 1) for name, changes in self.changes.items())

    def hold_to(self, other: Split) -> None:
        """Of each test the poorer of two results; `other` ran the same hand-in with the test's data left alone."""
        marks = [{each.cell: each.score for each in judge(self.job, run)} for run in (self.run_of, other.run_of)]
        for cell, theirs in zip(self.run_of.notebook.cells, other.run_of.notebook.cells, strict=True):
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in marks[0] and marks[1][name] < marks[0][name]:
                cell.outputs, self.run_of.findings[name] = theirs.outputs, other.run_of.findings.get(name, [])
                self._note(cell, CHANGED)
        self.by_clock = self.by_clock or other.by_clock

    # ------------------------------------------------------------------ cells

    def _cells(self) -> None:
        count, judged = 0, set()
        for cell in self.run_of.notebook.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            source = self.sources.get(name)
            kind = role(source) if source is not None and source["cell_type"] == "code" else "free"
            if kind == "test":
                self.run_of.trusted[name] = name not in self.plan.fallback
                if name in self.plan.fallback:
                    self._note(cell, f"{ASIDE} {self.plan.fallback[name]}")
            if kind != "test" and (not cell.source.strip() or SKIP in cell.metadata.get("tags", ())):
                continue
            if kind == "test" and name in judged:
                self._note(cell, "This cell is there a second time; the first one was judged.")
                continue
            judged.add(name)
            if self.run_of.stopped:
                self._not_run(cell)
                continue
            count += 1
            cell.execution_count = count
            if name in self.plan.flags and not self.plan.flags[name].startswith(NO_SCORE):
                self.run_of.untold[name] = self.plan.flags[name]
            if kind == "test" and name not in self.plan.fallback:
                self._test(cell, name)
            else:
                self._student_cell(cell, source["source"] if kind in ("test", "setup") else cell.source, kind)

    def _student_cell(self, cell, source: str, kind: str) -> None:
        marked = cell.metadata.get("nbgrader", {}).get("grade", False)
        figures = self.figures == "all" or (self.figures == "marked" and bool(marked))
        request = {"op": "cell", "source": source, "limit_kb": self.limits.output_kb, "figures": figures}
        try:
            self.student.send(request)
            reply = self._reply(cell, self.student)
        except Gone as gone:
            self._student_gone(cell, str(gone))
            return
        cell.outputs = self._kept(cell, outputs.to_notebook(reply.get("outputs"), self.limits.output_kb))
        if reply.get("cut") is True:
            self._note(cell, f"Output beyond {self.limits.output_kb} kB was left out.")
        if reply.get("ok") is not True and not any(o.output_type == "error" for o in cell.outputs):
            cell.outputs.append(outputs.error("Error", "the cell did not end well"))

    def _test(self, cell, name: str) -> None:
        try:
            reply = self._ask(cell, name)
            self.changes[name], self.asked[name] = reply["changes"], reply["asked"]
            if reply["ok"] and set(reply["asked"]) - set(self.plan.asked.get(name, reply["asked"])):
                # Where the reference gives data, an object could answer what the test compares with its own word.
                reply |= {"ok": False, "findings": []}
                reply["outputs"].append(dict(outputs.error("TypeError", ASKED)))
        except Gone as gone:
            cell.outputs = [outputs.error("NoResult", f"the test did not come to its end: {gone}")]
            self._note(cell, f"The test did not come to its end: {gone}.")
            self._stop(f"a test before it did not come to its end: {gone}")
            return
        cell.outputs = self._kept(cell, outputs.to_notebook(reply["outputs"], 4 * self.limits.output_kb))
        if self.plan.flags.get(name, "").startswith(NO_SCORE):  # a number for the reference, so one for everybody
            cell.outputs.append(outputs.error(NO_SCORE, "this test ends in what comes straight from the hand-in"))
        if not reply["ok"] and not any(o.output_type == "error" for o in cell.outputs):
            cell.outputs.append(outputs.error("Error", "the test did not end well"))
        if reply["findings"]:
            self.run_of.findings[name] = reply["findings"]
        if reply["broke"]:
            self.student.kill(reply["broke"])
        if reply["gone"] or reply["broke"]:
            self._student_gone(cell, self.student.last_words(), during="while this test ran")

    def _kept(self, cell, made: list) -> list:
        """The outputs, while those of all cells are within bounds; then only what decides marks."""
        self.weight += len(json.dumps(made))
        if self.weight <= MOST_OUTPUTS:
            return made
        self._note(cell, f"The notebook's outputs beyond {MOST_OUTPUTS >> 20} MB were left out.")
        decides = ("error", "execute_result") if cell.metadata.get("nbgrader", {}).get("grade") else ("error",)
        return [output for output in made if output.output_type in decides]

    def _ask(self, cell, name: str) -> dict:
        write_back = self.write_back or name not in self.plan.changes or self.plan.changes[name] > 0
        request = {"op": "test", "id": name, "limit_kb": self.limits.output_kb, "write_back": write_back}
        self.trusted.send(request)
        return self._reply(cell, self.trusted)

    # ------------------------------------------------------------------ time

    def _reply(self, cell, child: Child) -> dict:
        """The answer of `child`, or what became of it. Time in line for a CPU is not counted."""
        limit, used, longest = self.limits.cell_seconds, self._used(), WALL_FOR_ALL * self.limits.cpu_seconds
        if self.occupied > longest:
            self.by_clock = True
            raise Gone(f"the notebook took more than {longest:g} s")
        if (reply := self._within(child, limit)) is not None:
            return reply
        self.by_clock = self.by_clock or self._used() - used < MOSTLY * limit
        note = f"Stopped after {limit:g} s."
        self.student.interrupt()
        reply = self._within(child, GRACE)
        if reply is None:
            note = f"Stopped after {limit:g} s; it did not listen, so its process was ended."
            self.student.kill(f"it did not stop after {limit:g} s")
            reply = self._within(child, GRACE) if child is self.trusted else None
        self._note(cell, note)
        if reply is None:
            child.kill(f"it did not stop after {limit:g} s")
            raise Gone(child.last_words())
        return reply

    def _within(self, child: Child, seconds: float) -> dict | None:
        began, queued = time.monotonic(), self._queued()
        left = seconds
        try:
            while left > 0 and time.monotonic() - began < WALL_FOR_CELL * seconds:
                try:
                    return child.receive(min(left, 1.0) + 0.01)
                except Late:
                    left = seconds - (time.monotonic() - began) + (self._queued() - queued)
            return None
        finally:
            self.occupied += max(0.0, time.monotonic() - began - (self._queued() - queued))

    def _used(self) -> float:
        return self.student.cpu_seconds() + self.trusted.cpu_seconds()

    def _queued(self) -> float:
        return self.student.queued_seconds() + self.trusted.queued_seconds()

    # ------------------------------------------------------------------ words

    def _note(self, cell, words: str) -> None:
        self.run_of.notes.setdefault(cell.id, []).append(words)

    def _stop(self, why: str) -> None:
        self.run_of.stopped = self.run_of.stopped or why

    def _student_gone(self, cell, how: str, during: str = "in this cell") -> None:
        self._note(cell, f"Python ended {during}: {how}.")
        if not any(o.output_type == "error" for o in cell.outputs):
            cell.outputs.append(outputs.error("PythonEnded", how))
        self._stop(f"Python had ended in a cell before it: {how}")

    def _not_run(self, cell) -> None:
        self._note(cell, f"Not run: {self.run_of.stopped}.")
        cell.outputs = [outputs.error("NotRun", self.run_of.stopped)]


def _seed(digest: bytes) -> int:
    return int.from_bytes(digest[:8])
