"""The trusted side: executes test cells against stand-ins for what the student's process holds.

One namespace lasts over the notebook. Before each test cell the names that it looks up are bound to what
the student has under them now; after it, what the cell bound or deleted is told to the student's side
where the source notebook's own cells look for it.

    from the grader   {"op": "begin", "student", "stem", "key", "fallback"}
                      {"op": "test", "id", "limit_kb", "write_back"}
                          -> {"ok", "outputs", "findings", "changes", "gone", "broke"}
"""

from __future__ import annotations

import ast
import json
import select
import signal
import socket
import sys
from contextlib import suppress

from autograder.assignment import Assignment
from autograder.engine import names, plan, preludes
from autograder.engine.box import cells, programs
from autograder.engine.box.channel import Channel
from autograder.engine.box.decoder import Decoder
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.values import is_mutable
from autograder.engine.box.wire import Malformed
from autograder.engine.errors import StudentError, StudentLost
from autograder.engine.proxies import Proxy
from autograder.engine.references import part_of
from autograder.engine.remote import Remote
from autograder.engine.streams import Streams
from autograder.exercise import context
from autograder.exercise.solutions import Solutions

MAX_FINDINGS = 50
CONVERSIONS = ("float", "int", "round", "abs", "min", "max")
NO_SCORE = {
    "output_type": "error", "ename": plan.NO_SCORE,
    "evalue": "this test ends in a number that comes straight from the hand-in: that is no score",
    "traceback": ["NoScore: this test ends in a number that comes straight from the hand-in"],
}

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
        _import(_ownership(_solutions, stem, ()), notebook)
        for cell in notebook["cells"]:
            names.used(cell["source"])
            names.bound(names.parsed(cell["source"]))
    import autograder.examine  # noqa: F401
    cells.warm(_shell)


def _import(ownership: names.Ownership, notebook: dict) -> None:
    """What each child would import: it finds it there."""
    tests = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code" and names.role(cell) == "test"]
    for statement in preludes.imports([*ownership.lighter.values(), *tests]):
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
        self.theirs: dict[str, object] = {}      # student's names as they were bound
        self.images: dict[str, tuple] = {}       # what the mutable ones among them looked like
        self.told: dict[str, object] = {}        # names of the test that the student's side knows
        self.tested: set[str] = set()            # names that the cell at work binds
        self.findings: list[dict] = []
        remote.show = self._show
        remote.before_call = self._told_now
        self.streams = Streams()
        remote.hear_streams = self.streams.heard
        cells.lay_out(solutions.assignment.fixed())
        context.install(
            context.Context(solutions, begin["key"], self.ours, begin["student"], self._report)
        )

    def run(self, request: dict) -> dict:
        place = self.places[request["id"]]
        source = self.cells[place]["source"]
        self._prepare(place)
        self.remote.begin_cell(request["limit_kb"], request["write_back"])
        self.streams.begin_cell()
        self.findings = []
        cells.collector.begin(request["limit_kb"])
        try:
            self._bind(source, place)
        except (StudentError, StudentLost) as error:
            return self._answer(False, [_error(error)])
        self.tested = set(names.bound(names.parsed(source)))
        self.shell.execution_count = place + 1
        good, outputs = cells.run_cell(self.shell, source, request["limit_kb"])
        good = good and not self.remote.gone and not self.remote.stopped
        try:
            self._tell()
        except (StudentError, StudentLost):
            pass  # the next cell that asks will hear of it
        if good and is_straight_from_student(source, self.ownership, self.ours):
            outputs = [shown for output in outputs for shown in _no_score(output)]
            good = outputs[-1:] != [NO_SCORE]
        return self._answer(good, outputs)

    def _answer(self, good: bool, outputs: list[dict]) -> dict:
        return {
            "ok": good, "outputs": outputs, "findings": self.findings[:MAX_FINDINGS], "changes": self.remote.changes,
            "asked": self.remote.asked, "gone": self.remote.gone, "broke": self.remote.broke,
            "stopped": self.remote.stopped,
        }

    # ------------------------------------------------------------------ names

    def _prepare(self, place: int) -> None:
        """What the cells before this one do at the trusted side: imports, helpers, locked cells."""
        for i in range(self.prepared, place):
            prelude = self.ownership.preludes.get(i)
            if prelude and not cells.run_cell(self.shell, self.ownership.lighter[i], 64)[0]:
                cells.run_cell(self.shell, prelude, 64)     # perhaps for want of an import
        self.prepared = max(self.prepared, place + 1)

    def _bind(self, source: str, place: int) -> None:
        """The student's names that the cell can reach, as they are now."""
        mentioned, everything = names.used(source)
        mentioned = set(mentioned)
        if everything:
            mentioned |= set(self.remote.request("list"))
        for name in [name for name in self.theirs if self.ownership.is_tests(name, place)]:
            if self.ours.get(name) is self.theirs.pop(name):
                del self.ours[name]
        wanted = [
            name for name in sorted(names.reached(mentioned | {"student_id"}, self.ours))
            if name.isidentifier() and (name in self.theirs or self.ownership.is_students(name, self.ours, place))
        ]
        if imports := names.imports_of(source, self.ownership.wanted):
            self.remote.request("bind", imports=imports)       # what a test imports, student code finds as well
        held = self._held(wanted)
        for name in wanted:
            if name in held:
                self.ours[name] = self.theirs[name] = held[name]
                self.images[name] = _image(held[name])
            else:
                self.ours.pop(name, None)
                self.theirs.pop(name, None)

    def _held(self, wanted: list[str]) -> dict[str, object]:
        """What the student has under these names; what is one object there, or lies in one memory, is so here."""
        told = self.remote.request("names", names=wanted)
        parts = [told.get(part) for part in ("values", "same", "views")] if type(told) is dict else []
        if len(parts) != 3 or not all(type(part) is dict for part in parts):
            return {}
        values, same, views = parts
        for name, place in views.items():
            if type(place) is list and place and type(place[0]) is str and place[0] in values:
                with suppress(Malformed):       # then it stays a copy
                    values[name] = part_of(values[place[0]], place[1:])
        return values | {name: values[other] for name, other in same.items() if type(other) is str and other in values}

    def _told_now(self) -> dict:
        """With each call: the names that the test bound or deleted and that the student's cells read; its seeds."""
        fresh = {}
        for name in self.ownership.wanted & (self.told.keys() | self.tested):
            if name not in self.ours or name.startswith("_"):
                continue
            value = self.ours[name]
            if self._is_news(name, value) and self.remote.can_send(value):
                fresh[name] = value
                self.told[name] = value
        gone = [name for name in self.theirs.keys() | self.told.keys() if name not in self.ours]
        for name in gone:
            self.theirs.pop(name, None)
            self.told.pop(name, None)
        told = {"set": fresh, "unset": sorted(gone)}
        return {key: news for key, news in told.items() if news} | self.streams.told()

    def _is_news(self, name: str, value: object) -> bool:
        if name in self.theirs and value is self.theirs[name]:
            return is_mutable(value) and _image(value) != self.images[name]
        return is_mutable(value) or self.told.get(name, self) is not value

    def _tell(self) -> None:
        """After the cell: what it bound, changed or deleted of names that the student's cells read."""
        news = self._told_now()
        fresh = news.get("set", {})
        for name, value in self.theirs.items():
            if self.ours.get(name) is value and self._is_news(name, value) and self.remote.can_send(value):
                fresh[name] = value
        if fresh or news:
            self.remote.request("bind", **(news | {"set": fresh}))

    # ------------------------------------------------------------------ what is heard

    def _report(self, finding: dict) -> None:
        self.findings.append(json.loads(json.dumps(finding, default=str)))

    def _show(self, outputs: object) -> None:
        """Output of the student's code during a call is output of the test cell."""
        if type(outputs) is not list:
            return
        for output in outputs[:1000]:
            if type(output) is not dict:
                continue
            if output.get("output_type") == "stream" and type(output.get("text")) is str:
                print(output["text"], end="", file=sys.stderr if output.get("name") == "stderr" else sys.stdout)
            elif type(output.get("data")) is dict:
                text = output["data"].get("text/plain")
                print(text if type(text) is str else "")


def is_straight_from_student(source: str, ownership: names.Ownership, ours: dict) -> bool:
    """Is the cell's last expression something of the student's own, at most under another name or converted?

    Then it is no score.
    """
    tree = names.parsed(source)
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return False
    value, assigned = tree.body[-1].value, names.assigned_once(tree)
    while True:
        if isinstance(value, ast.Call):
            converts = isinstance(value.func, ast.Name) and value.func.id in CONVERSIONS and value.args
            value = value.args[0] if converts else value.func
        elif isinstance(value, ast.Attribute | ast.Subscript):
            value = value.value
        elif isinstance(value, ast.Name) and value.id in assigned:
            value = assigned.pop(value.id)
        else:
            break
    return isinstance(value, ast.Name) and (isinstance(ours.get(value.id), Proxy) or value.id in ownership.student)


def _no_score(output: dict) -> list[dict]:
    """A result that came straight from the student: shown, and where it is a number that would count, refused."""
    if output["output_type"] != "execute_result":
        return [output]
    shown = {"output_type": "display_data", "data": output["data"], "metadata": output["metadata"]}
    try:
        float(output["data"].get("text/plain", ""))
    except ValueError:
        return [shown]
    return [shown, NO_SCORE]


def _error(error: BaseException) -> dict:
    words = str(error)
    name = type(error).__name__
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": [f"{name}: {words}"]}


def _image(value: object) -> object:
    """What a mutable value looks like, to see later whether it was changed."""
    if not is_mutable(value):
        return None
    try:
        tree, buffers = Encoder(lambda inner: None).encode(value)
    except TypeError:
        return None
    return tree, [b.tobytes() for b in buffers]
