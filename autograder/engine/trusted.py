"""The trusted side: executes test cells against stand-ins for what the student's process holds.

One namespace lasts over the notebook. Before each test cell the names that it looks up are bound to what
the student has under them now; after it, what the cell bound or deleted is told to the student's side
where the source notebook's own cells look for it.

    from the grader   {"op": "begin", "student", "stem", "key", "fallback"}
                      {"op": "test", "id", "limit_kb", "write_back"}
                          -> {"ok", "outputs", "findings", "changes", "gone", "broke"}
"""

from __future__ import annotations

import json
import select
import signal
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import PurePath

from autograder.assignment import Assignment
from autograder.engine import names, preludes, score
from autograder.engine.bindings import Bindings
from autograder.engine.box import cells, programs
from autograder.engine.box.channel import Channel
from autograder.engine.box.decoder import Decoder
from autograder.engine.box.encoder import Encoder
from autograder.engine.errors import StudentError, StudentLost
from autograder.engine.remote import Remote
from autograder.exercise import context
from autograder.exercise.solutions import Solutions

MAX_FINDINGS = 50

_shell: cells.Shell | None = None
_solutions: Solutions | None = None


def prepare(errand: dict) -> None:
    """In the warm process: the assignment, its references, and the shell."""
    global _shell, _solutions
    _shell = cells.make_shell()
    _solutions = Solutions(Assignment.from_json(errand["assignment"]))
    for stem, notebook in _solutions.assignment.notebooks.items():
        if any("autograder" in cell["source"] for cell in notebook["cells"]):     # else nobody asks for a reference
            try:
                _solutions.namespace(stem)
            except Exception:  # a course whose solutions need what is not here; examine says so when asked
                _solutions._namespaces.pop(stem, None)
        _import(_ownership(_solutions, stem, ()), notebook, _solutions.assignment.fixed())
        for cell in notebook["cells"]:
            names.used(cell["source"])
            names.bound(names.parsed(cell["source"]))
    import autograder.examine  # noqa: F401
    cells.warm(_shell)


def _import(ownership: names.Ownership, notebook: dict, files: Iterable[str]) -> None:
    """What each child would import: it finds it there. What lies among the course's `files` is not there yet.

    Another module of that name might be, `tests` for one.
    """
    beside = {PurePath(name).parts[0].removesuffix(".py") for name in files}
    tests = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code" and names.role(cell) == "test"]
    for statement in preludes.imports([*ownership.lighter.values(), *tests]):
        if not beside & preludes.packages(statement):
            with suppress(Exception):
                exec(statement, {})


def serve(sockets: list[socket.socket], walls: list[dict]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    programs.forbid(programs.APART, ends_the_cell=True)
    control, peer = Channel(sockets[0]), sockets[1]
    control.send(Encoder().encode({"walls": walls})[0])
    begin = Decoder().decode(*control.receive())
    tests = Tests(_shell, _solutions, Remote(Channel(peer)), begin)
    while True:
        lines = [control.sock] if tests.remote.gone else [control.sock, peer]
        if control.sock not in select.select(lines, [], [])[0]:
            tests.remote.attend()
            continue
        try:
            request = Decoder().decode(*control.receive())
        except EOFError:
            return
        control.send(*Encoder(str).encode(tests.run(request)))


_owned: dict[tuple, names.Ownership] = {}


def _ownership(solutions: Solutions, stem: str, fallback: tuple[str, ...]) -> names.Ownership:
    """Read before the fork where that is possible: a notebook is as long to read as it is to judge."""
    if (stem, fallback) not in _owned:
        cells_of = solutions.assignment.notebooks[stem]["cells"]
        owned = _owned[stem, fallback] = names.ownership(cells_of, fallback)
        owned.lighter = preludes.lighter(owned.preludes, [
            cell["source"] for cell in cells_of if cell["cell_type"] == "code" and names.role(cell) == "test"])
    return _owned[stem, fallback]


class Tests:
    """The test cells of one hand-in, and the namespace that they share."""

    def __init__(self, shell: cells.Shell, solutions: Solutions, remote: Remote, begin: dict):
        self.shell, self.ours, self.remote = shell, shell.user_ns, remote
        self.cells = solutions.assignment.notebooks[begin["stem"]]["cells"]
        self.places = {
            cell["metadata"]["nbgrader"]["grade_id"]: place
            for place, cell in enumerate(self.cells)
            if cell["cell_type"] == "code" and names.role(cell) == "test"
        }
        self.ownership = _ownership(solutions, begin["stem"], tuple(begin["fallback"]))
        self.prepared = 0                        # source cells before this place have had their prelude
        self.bindings = Bindings(self.ours, remote, self.ownership)
        self.findings: list[dict] = []
        remote.show = self._show
        cells.lay_out(solutions.assignment.fixed())
        context.install(
            context.Context(solutions, begin["key"], self.ours, begin["student"], self._report)
        )

    def run(self, request: dict) -> dict:
        place = self.places[request["id"]]
        source = self.cells[place]["source"]
        self._prepare(place)
        self.remote.begin_cell(request["limit_kb"], request["write_back"])
        self.findings = []
        cells.collector.begin(request["limit_kb"])
        try:
            self.bindings.begin_cell(source, place)
        except (StudentError, StudentLost) as error:
            return self._answer(False, [_error(error)])
        self.shell.execution_count = place + 1
        good, outputs = cells.run_cell(self.shell, source, request["limit_kb"])
        good = good and not self.remote.gone and not self.remote.stopped
        try:
            self.bindings.tell()
        except (StudentError, StudentLost):
            pass  # the next cell that asks will hear of it
        if good and score.is_straight_from_student(source, self.ownership, self.ours):
            outputs = [shown for output in outputs for shown in score.refused(output)]
            good = outputs[-1:] != [score.NO_SCORE]
        return self._answer(good, outputs)

    def _answer(self, good: bool, outputs: list[dict]) -> dict:
        return {
            "ok": good, "outputs": outputs, "findings": self.findings[:MAX_FINDINGS], "changes": self.remote.changes,
            "asked": sorted(self.remote.asked), "gone": self.remote.gone, "broke": self.remote.broke,
            "stopped": self.remote.stopped,
        }

    def _prepare(self, place: int) -> None:
        """What the cells before this one do at the trusted side: imports, helpers, locked cells."""
        for i in range(self.prepared, place):
            prelude = self.ownership.preludes.get(i)
            if prelude and not cells.run_cell(self.shell, self.ownership.lighter[i], 64)[0]:
                cells.run_cell(self.shell, prelude, 64)     # perhaps for want of an import
        self.prepared = max(self.prepared, place + 1)

    # ------------------------------------------------------------------ what is heard

    def _report(self, finding: dict) -> None:
        text = json.dumps(finding, default=str, ensure_ascii=False)
        self.findings.append(json.loads(text.encode("utf-8", "replace")))   # no file holds half a surrogate

    def _show(self, outputs: object) -> None:
        """Output of the student's code during a call is output of the test cell."""
        if type(outputs) is not list:
            return
        for output in outputs[:1000]:
            if type(output) is not dict:
                continue
            if output.get("output_type") == "stream" and type(output.get("text")) is str:
                (sys.stderr if output.get("name") == "stderr" else sys.stdout).write(output["text"])
            elif type(output.get("data")) is dict:
                text = output["data"].get("text/plain")
                sys.stdout.write(f"{text if type(text) is str else ''}\n")     # a test may have replaced `print`


def _error(error: BaseException) -> dict:
    words = str(error)
    name = type(error).__name__
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": [f"{name}: {words}"]}
