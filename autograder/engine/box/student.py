"""The student's side: runs the student's cells, then answers the calls that test cells make.

Two sockets: from the grader come cells, from the trusted process come calls. Nothing that this
process says is believed; whatever is done to it, it can only answer with other data.

    from the grader         {"op": "files", "files"}                             what lies beside the notebook
                            {"op": "cell", "source", "limit_kb", "figures"}      -> {"ok", "cut", "outputs"}
    from the trusted side   {"op": "names", "names"}                             -> values of those bound
                            {"op": "call", "of", "args", "kwargs"}               -> the result
                            {"op": "get" | "set" | "del" | "do", ...}            -> attributes, items, operators
                            {"op": "next" | "await", "of"}                       -> of an iterator, of a coroutine
    to the trusted side     {"op": "callback", "id", "args", "kwargs"}           a function of a test was called
"""

from __future__ import annotations

import builtins
import copy
import importlib
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable

from . import cells, imports, operations, programs, sharing, streams, warned
from .channel import Channel
from .decoder import Decoder
from .encoder import Encoder
from .references import References
from .sandbox import NO_PROGRAMS
from .values import is_mutable
from .wire import NotPlain

OURS = (__name__, operations.__name__)      # frames that a traceback shows nobody

_shell: cells.Shell | None = None
_path = ""          # where programs are found that this assignment may start; "" if it starts none
_busy = False


def prepare(errand: dict) -> None:
    """In the warm process: import what a hand-in may import, and make the shell."""
    global _shell, _path
    _shell, _path = cells.make_shell(), errand.get("programs", "")
    for name in errand["preload"]:
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    if "matplotlib.pyplot" in sys.modules:
        _warm_figures(_shell)
    cells.warm(_shell)
    imports.guard(errand["denied"])


def serve(sockets: list[socket.socket], walls: list[dict]) -> None:
    """In the child: tell what walls stand, then run and answer until the grader hangs up."""
    signal.signal(signal.SIGINT, _interrupted)
    if any(wall["name"] == NO_PROGRAMS and wall["stands"] for wall in walls):
        programs.forbid(programs.UNSAFE if _path else programs.UNASKED)
    else:
        programs.allow(_path)
    Student(_shell, *sockets).serve(walls)


def _interrupted(*_) -> None:
    if _busy:
        raise KeyboardInterrupt


def _warm_figures(shell: cells.Shell) -> None:
    import matplotlib
    import matplotlib.pyplot as plt
    from IPython.core.pylabtools import print_figure

    matplotlib.use("module://matplotlib_inline.backend_inline")
    shell.run_line_magic("matplotlib", "inline")
    figure, axes = plt.subplots()
    axes.plot([1, 2], label="$x$")
    axes.legend()
    print_figure(figure)
    plt.close("all")
    # pyplot draws all open figures after each cell. In a kernel the inline backend has closed them by then; here it
    # came second, and would find them drawn whether anybody wants to see them or not.
    plt.uninstall_repl_displayhook()


class Student:
    """The namespace of one hand-in, the cells run in it, and answers to who asks for what is there."""

    def __init__(self, shell: cells.Shell, control: socket.socket, peer: socket.socket):
        self.shell, self.names = shell, shell.user_ns
        self.control, self.peer = Channel(control), Channel(peer)
        self.known = References(self._stand_in)
        self.calls = 0
        self.hidden = set(shell.user_ns_hidden) | {"__name__"}

    def serve(self, walls: list[dict]) -> None:
        self.control.send(Encoder().encode({"walls": walls})[0])
        sources = [self.control.sock, self.peer.sock]
        while sources:
            for ready in select.select(sources, [], [])[0]:
                try:
                    if ready is self.control.sock:
                        self._obey(Decoder().decode(*self.control.receive()))
                    else:
                        request = self.known.decode(*self.peer.receive())
                        if request["op"] != "returned":     # else to a call that was interrupted
                            self._answer(request)
                except EOFError:
                    if ready is self.control.sock:
                        return
                    sources.remove(ready)

    # ------------------------------------------------------------------ cells

    def _obey(self, request: dict) -> None:
        if request["op"] == "files":
            cells.lay_out({name: content.tobytes() for name, content in request["files"].items()})
        else:
            self._run_cell(request)

    def _run_cell(self, request: dict) -> None:
        global _busy
        cells.show_figures(self.shell, request["figures"])
        _busy = True
        try:
            good, outputs = cells.run_cell(self.shell, request["source"], request["limit_kb"])
        except KeyboardInterrupt:  # it came between the cell's end and this line
            good, outputs = False, cells.collector.taken()
        finally:
            _busy = False
        self.control.send(*Encoder(str).encode({"ok": good, "cut": cells.collector.cut, "outputs": outputs}))

    # ------------------------------------------------------------------ calls

    def _answer(self, request: dict) -> None:
        global _busy
        self.known.generators.put(request.get("generators", {}))
        arguments = [*request.get("args", ()), *request.get("kwargs", {}).values()]
        watched = [(i, a, self.known.image(a)) for i, a in enumerate(arguments) if is_mutable(a)]
        within = {tuple(path): each for path, each in sharing.inside(arguments)} if watched else {}
        cells.collector.begin(request["limit_kb"])
        changed: dict[int, object] = {}
        for name, state in request.get("streams", {}).items():
            streams.put(name, state)
        before = streams.current() if "streams" in request else {}
        heard: list = []
        try:
            with cells.captured(), warned.recorded(request.get("mood")) as heard:
                _busy = True
                try:
                    value = operations.perform(request, self.names, self.hidden)
                finally:
                    _busy = False
            changed = self._changed(watched)
            if request["op"] == "names":
                value = self.known.named(value)
            else:
                own = [None if id(a) in self.known.numbers else a for a in arguments]
                value = self.known.carried(sharing.as_places(value, own, changed), value)
            reply = {"value": value}
        except BaseException as error:
            reply = self._failure(error)
            changed = self._changed(watched)
        if changed:
            reply["changed"] = changed
            reply["fresh"] = [path for path, each in sharing.inside(arguments)
                              if path[0] in changed and within.get(tuple(path)) is not each]
        if moved := self.known.generators.moved():
            reply["generators"] = moved
        if before:
            reply["streams"] = {name: list(state) for name, state in streams.current().items()
                                if not streams.same(state, before[name])}
        reply["outputs"] = cells.collector.taken()
        if heard:
            reply["warned"] = heard
        try:
            self.peer.send(*self.known.encode(reply))
        except (NotPlain, RecursionError) as error:
            self.peer.send(*self.known.encode(self._failure(error)))

    def _changed(self, watched: list[tuple]) -> dict[int, object]:
        return {i: copy.copy(a) for i, a, image in watched if self.known.image(a) != image}

    def _stand_in(self, number: int) -> Callable:
        """What calls the test's function of this number."""
        def callback(*args, **kwargs):
            self.calls += 1
            call = self.calls
            self.peer.send(*self.known.encode({
                "op": "callback", "id": number, "call": call, "args": list(args), "kwargs": kwargs,
                "generators": self.known.generators.moved()}))
            while True:  # the test's function may itself call the student's: answer until it is done
                request = self.known.decode(*self.peer.receive())
                if request["op"] != "returned":
                    self._answer(request)
                    continue
                if request["call"] != call:
                    continue
                self.known.generators.put(request["generators"])
                if "error" in request:
                    kind = getattr(builtins, request["error"], RuntimeError)
                    raise kind(request["message"])
                return request["value"]

        return callback

    def _failure(self, error: BaseException) -> dict:
        """An exception as data: its classes' names, its words, and the student's part of the traceback."""
        frames = error.__traceback__
        while frames is not None and frames.tb_frame.f_globals.get("__name__") in OURS:
            frames = frames.tb_next
        try:
            message = str(error)
        except BaseException:
            message = "(an error without words)"
        lines = traceback.format_exception(type(error), error, frames, limit=12) if frames else []
        return {
            "raised": [f"{c.__module__}.{c.__qualname__}" for c in type(error).__mro__][:12],
            "message": message[:4000],
            "traceback": "".join(lines)[-8000:],
        }
