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
import functools
import importlib
import operator
import select
import signal
import socket
import sys
import traceback
import types
from contextlib import suppress

import numpy as np
from IPython.core import async_helpers
from msgpack import ExtType

from . import cells, imports, programs, sharing, streams, warned
from .channel import Channel
from .decoder import Decoder
from .encoder import Encoder
from .generators import Generators
from .sandbox import NO_PROGRAMS
from .values import is_mutable
from .wire import CALLBACK, GENERATOR, REFERENCE, NotPlain

FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial, np.ufunc)
OPERATORS = {
    name: getattr(operator, name)
    for name in (
        "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift neg pos abs invert "
        "getitem setitem delitem contains"
    ).split()
} | {
    "len": len, "iter": iter, "str": str, "repr": repr, "int": int, "float": float, "hash": hash, "dir": dir,
    "divmod": divmod, "round": round, "enter": lambda o: type(o).__enter__(o),
    "exit": lambda o, *a: type(o).__exit__(o, *a),
}

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


async def _awaited(subject):
    return await subject


class Student:
    """The namespace of one hand-in and the objects of it that the trusted side knows by number."""

    def __init__(self, shell: cells.Shell, control: socket.socket, peer: socket.socket):
        self.shell, self.names = shell, shell.user_ns
        self.control, self.peer = Channel(control), Channel(peer)
        self.objects: list[object] = []
        self.numbers: dict[int, int] = {}
        self.generators = Generators()
        self.callbacks: dict[int, types.FunctionType] = {}
        self.calls = 0
        self.decoder = Decoder({REFERENCE: self._object, GENERATOR: self._generator, CALLBACK: self._callback})
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
                        request = self.decoder.decode(*self.peer.receive())
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
        self.generators.put(request.get("generators", {}))
        arguments = [*request.get("args", ()), *request.get("kwargs", {}).values()]
        watched = [(i, a, self._image(a)) for i, a in enumerate(arguments) if is_mutable(a)]
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
                    value = self._perform(request)
                finally:
                    _busy = False
            changed = self._changed(watched)
            if request["op"] == "names":
                value = self._named(value)
            else:
                own = [None if id(a) in self.numbers else a for a in arguments]
                value = self._carried(sharing.as_places(value, own, changed), value)
            reply = {"value": value}
        except BaseException as error:
            reply = self._failure(error)
            changed = self._changed(watched)
        if changed:
            reply["changed"] = changed
            reply["fresh"] = [path for path, each in sharing.inside(arguments)
                              if path[0] in changed and within.get(tuple(path)) is not each]
        if moved := self.generators.moved():
            reply["generators"] = moved
        if before:
            reply["streams"] = {name: list(state) for name, state in streams.current().items()
                                if not streams.same(state, before[name])}
        reply["outputs"] = cells.collector.taken()
        if heard:
            reply["warned"] = heard
        try:
            self.peer.send(*self._encode(reply))
        except (NotPlain, RecursionError) as error:
            self.peer.send(*self._encode(self._failure(error)))

    def _changed(self, watched: list[tuple]) -> dict[int, object]:
        return {i: copy.copy(a) for i, a, image in watched if self._image(a) != image}

    def _carried(self, sent: object, value: object) -> object:
        """What is sent for a value if it can cross, else a reference to it."""
        try:
            self._encode(sent)
        except (NotPlain, RecursionError):
            return self._reference(value)
        return sent

    def _named(self, held: dict[str, object]) -> dict:
        """Values of names, and which of them are one object or lie in one memory."""
        same, views, seen = {}, {}, {}
        arrays = {name: value for name, value in held.items() if type(value) is np.ndarray}
        for name, value in held.items():
            if not is_mutable(value):
                continue
            if id(value) in seen:
                same[name] = seen[id(value)]
                continue
            seen[id(value)] = name
            for whole, array in arrays.items() if name in arrays else ():
                if array is not value and array.nbytes > value.nbytes and \
                        (found := sharing.view_of(value, array)) is not None:
                    views[name] = [whole, *found]
                    break
        values = {name: self._carried(value, value) for name, value in held.items() if name not in same}
        return {"values": values, "same": same, "views": views}

    def _perform(self, request: dict) -> object:
        op = request["op"]
        for name, value in request.get("set", {}).items():
            self.names[name] = value
        for name in request.get("unset", ()):
            self.names.pop(name, None)
        for statement in request.get("imports", ()):
            with suppress(ImportError):
                exec(statement, self.names)
        if op == "names":
            return {n: self.names[n] for n in request["names"] if n in self.names and n not in self.hidden}
        if op == "list":
            return [n for n in self.names if isinstance(n, str) and n not in self.hidden and not n.startswith("_")]
        if op == "bind":
            return None
        if op == "do":
            return OPERATORS[request["name"]](*request["args"])
        subject = request["of"]
        if op == "call":
            return subject(*request["args"], **request["kwargs"])
        if op == "get":
            return getattr(subject, request["name"])
        if op == "set":
            return setattr(subject, request["name"], request["args"][0])
        if op == "del":
            return delattr(subject, request["name"])
        if op == "next":
            return next(subject)
        if op == "await":
            return async_helpers.get_asyncio_loop().run_until_complete(_awaited(subject))
        raise ValueError(f"there is no operation {op!r}")

    def _callback(self, number: int):
        if number not in self.callbacks:
            def callback(*args, **kwargs):
                self.calls += 1
                call = self.calls
                self.peer.send(*self._encode({"op": "callback", "id": number, "call": call, "args": list(args),
                                              "kwargs": kwargs, "generators": self.generators.moved()}))
                while True:  # the test's function may itself call the student's: answer until it is done
                    request = self.decoder.decode(*self.peer.receive())
                    if request["op"] != "returned":
                        self._answer(request)
                        continue
                    if request["call"] != call:
                        continue
                    self.generators.put(request["generators"])
                    if "error" in request:
                        kind = getattr(builtins, request["error"], RuntimeError)
                        raise kind(request["message"])
                    return request["value"]

            self.callbacks[number] = callback
        return self.callbacks[number]

    # ------------------------------------------------------------------ values

    def _encode(self, value: object) -> tuple[bytes, list]:
        return Encoder(self._refer).encode(value)

    def _refer(self, value: object) -> ExtType:
        number = self.generators.number(value)
        if number is not None:
            return ExtType(GENERATOR, Encoder().encode(number)[0])
        for number, callback in self.callbacks.items():
            if value is callback:
                return ExtType(CALLBACK, Encoder().encode(number)[0])
        return self._reference(value)

    def _reference(self, value: object) -> ExtType:
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        kind = type(value)
        if isinstance(value, type):
            family = "class"
        elif isinstance(value, types.ModuleType):
            family = "module"
        elif hasattr(kind, "__next__"):
            family = "iterator"
        elif hasattr(kind, "__await__"):
            family = "awaitable"
        elif callable(value):
            family = "function" if isinstance(value, FUNCTIONS) else "callable"
        else:
            family = "object"
        lineage = [f"{c.__module__}.{c.__qualname__}" for c in (value if family == "class" else kind).__mro__[:12]]
        name = str(getattr(value, "__name__", kind.__name__))[:100]
        return ExtType(REFERENCE, Encoder().encode([number, family, name, lineage])[0])

    def _object(self, number: int) -> object:
        return self.objects[number]

    def _generator(self, payload: list) -> np.random.Generator:
        number, name, state = payload
        if number not in self.generators.known:
            self.generators.known[number] = np.random.Generator(getattr(np.random, name)())
        self.generators.put({number: state})
        return self.generators[number]

    def _image(self, value: object) -> object:
        """What a mutable argument looks like, to see afterwards whether it was changed."""
        if type(value) is np.ndarray and value.dtype != object:
            return value.shape, value.dtype.str, value.tobytes()
        tree, buffers = self._encode(value)
        return tree, [b.tobytes() for b in buffers]

    def _failure(self, error: BaseException) -> dict:
        """An exception as data: its classes' names, its words, and the student's part of the traceback."""
        frames = error.__traceback__
        while frames is not None and frames.tb_frame.f_globals.get("__name__") == __name__:
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
