"""The trusted side's line to the student's process, and what stands there for the student's objects.

A stand-in forwards calls, attributes and operators, and answers neither `==` nor `bool`: what an object
says of itself proves nothing. Results come back as plain data, as further stand-ins, or as exceptions
of the same built-in type with the student's traceback.
"""

from __future__ import annotations

import builtins

import numpy as np

from autograder.engine.box.wire import (
    ARGUMENT,
    CALLBACK,
    GENERATOR,
    REFERENCE,
    Channel,
    Decoder,
    Encoder,
    ExtType,
    Malformed,
    NotPlain,
)
from autograder.engine.randomness import follows

MAX_CALLBACKS = 1_000_000     # calls into the test's functions, a cell
MUTABLE = (np.ndarray, list, dict, set, bytearray)


class StudentError(Exception):
    """An exception that the student's code raised; `remote_traceback` is its text.

    StudentError            an Exception: what a test may expect and catch
     +-- one for each built-in exception, which is a subclass of that as well
    StudentLost             not an Exception: no `except Exception` of a test takes it for an answer
     +-- StudentStopped     the time was up
     +-- StudentGone        the process has ended, or broke the protocol
    """

    remote_traceback = ""


class StudentLost(BaseException):
    pass


class StudentStopped(StudentLost):
    pass


class StudentGone(StudentLost):
    pass


class Remote:
    """Requests to the student's process, one at a time."""

    def __init__(self, channel: Channel):
        self.channel = channel
        self.proxies: dict[int, Proxy] = {}
        self.generators: dict[int, np.random.Generator] = {}
        self.callbacks: dict[int, object] = {}
        self.arguments: list[object] = []
        self.gone = ""
        self.broke = ""          # a breach of the protocol, for the grader
        self.decoder = Decoder({
            REFERENCE: self._proxy, GENERATOR: self._known_generator, CALLBACK: self._known_callback,
            ARGUMENT: self._argument,
        })
        self.before_call = lambda: {}
        self.show = lambda outputs: None
        self.begin_cell(512)

    def begin_cell(self, limit_kb: int, write_back: bool = True) -> None:
        self.limit_kb, self.write_back = limit_kb, write_back
        self.stopped = False
        self.calls_back = 0
        self.changes = 0          # arguments that the student's code changed in this cell

    # ------------------------------------------------------------------ requests

    def call(self, subject: Proxy, args: tuple, kwargs: dict) -> object:
        return self.request("call", of=subject, args=list(args), kwargs=kwargs, **self.before_call())

    def do(self, name: str, *args: object) -> object:
        return self.request("do", name=name, args=list(args), **self.before_call())

    def request(self, op: str, **message: object) -> object:
        """Send one request and bring back its result; raises what the student's code raised."""
        if self.gone:
            raise StudentGone(self.gone)
        if self.stopped:
            raise StudentStopped("the student's code was stopped: its time was up")
        try:
            return self._exchange({"op": op, "limit_kb": self.limit_kb, **message})
        except (StudentError, StudentLost):  # the student's own EOFError or OSError is not the line's
            raise
        except (EOFError, OSError):
            self.gone = "the student's process has ended"
        except Malformed as error:
            self.broke = f"the student's process sent what no honest one sends ({error})"
            self.gone = self.broke
        raise StudentGone(self.gone)

    def _exchange(self, message: dict) -> object:
        self.channel.send(*self._encoder().encode(message))
        arguments = [*message.get("args", ()), *message.get("kwargs", {}).values()]
        while True:
            self.arguments = arguments
            reply = _table(self.decoder.decode(*self.channel.receive()))
            if reply.get("op") != "callback":
                break
            self._call_back(reply)
        self._settle(reply, arguments)
        if "raised" in reply:
            raise self._exception(reply)
        return reply.get("value")

    def _settle(self, reply: dict, arguments: list) -> None:
        """Output is shown, changed arguments are changed here, generators advance as far as they did there."""
        if outputs := reply.get("outputs"):
            self.show(outputs)
        for place, value in _table(reply.get("changed", {})).items():
            if type(place) is not int or not 0 <= place < len(arguments) or not isinstance(arguments[place], MUTABLE):
                raise Malformed("a change to what was not sent")
            self.changes += 1
            if self.write_back:
                _overwrite(arguments[place], value)
        for number, state in _table(reply.get("generators", {})).items():
            if number not in self.generators:
                raise Malformed("an unknown generator")
            follows(self.generators[number], state)

    def _call_back(self, reply: dict) -> None:
        """The student's code called a function of the test."""
        self.calls_back += 1
        function = self.callbacks.get(reply.get("id"))
        if function is None or self.calls_back > MAX_CALLBACKS:
            raise Malformed("a call of what was never handed out")
        args, kwargs = reply.get("args"), _table(reply.get("kwargs"))
        if type(args) is not list or not all(type(k) is str for k in kwargs):
            raise Malformed("arguments of a callback")
        try:
            answer = {"op": "returned", "value": function(*args, **kwargs)}
            body = self._encoder().encode(answer)
        except Exception as error:
            named = type(error).__name__ if hasattr(builtins, type(error).__name__) else "RuntimeError"
            body = self._encoder().encode({"op": "returned", "error": named, "message": str(error)[:1000]})
        self.channel.send(*body)

    def _exception(self, reply: dict) -> BaseException:
        lineage, message = reply["raised"], reply.get("message")
        if type(lineage) is not list or not all(type(name) is str for name in lineage) or type(message) is not str:
            raise Malformed("an exception")
        if "builtins.KeyboardInterrupt" in lineage:
            self.stopped = True
            return StudentStopped("the student's code was stopped: its time was up")
        error = _exception_class(lineage)(message)
        error.remote_traceback = str(reply.get("traceback", ""))[:8000]
        error.remote_name = lineage[0].rpartition(".")[2] if lineage else "Exception"
        if error.remote_traceback:
            error.add_note("In the student's code:\n" + error.remote_traceback)
        return error

    # ------------------------------------------------------------------ values

    def can_send(self, value: object) -> bool:
        try:
            self._encoder().encode(value)
        except NotPlain:
            return False
        return True

    def _encoder(self) -> Encoder:
        return Encoder(self._refer)

    def _refer(self, value: object) -> ExtType | None:
        if isinstance(value, Proxy):
            return ExtType(REFERENCE, Encoder().encode(_number(value))[0])
        if isinstance(value, np.random.Generator):
            number = next((k for k, g in self.generators.items() if g is value), len(self.generators))
            self.generators[number] = value
            bits = value.bit_generator
            return ExtType(GENERATOR, Encoder().encode([number, type(bits).__name__, bits.state])[0])
        if callable(value) and not isinstance(value, type):
            number = next((k for k, c in self.callbacks.items() if c is value), len(self.callbacks))
            self.callbacks[number] = value
            return ExtType(CALLBACK, Encoder().encode(number)[0])
        return None

    def _proxy(self, payload: object) -> Proxy:
        if type(payload) is not list or len(payload) != 4:
            raise Malformed("a reference")
        number, family, name, lineage = payload
        if type(number) is not int or type(name) is not str or type(lineage) is not list or not lineage:
            raise Malformed("a reference")
        if type(family) is not str or family not in FAMILIES:
            raise Malformed("a reference")
        known = self.proxies.get(number)
        if known is None or type(known) is not FAMILIES[family]:
            known = self.proxies[number] = FAMILIES[family](self, number, name, tuple(str(c) for c in lineage))
        return known

    def _known_generator(self, number: object) -> np.random.Generator:
        return self.generators[number]

    def _known_callback(self, number: object) -> object:
        return self.callbacks[number]

    def _argument(self, place: object) -> object:
        if type(place) is not int or not 0 <= place < len(self.arguments):
            raise Malformed("an argument that was not sent")
        return self.arguments[place]


class Proxy:
    """Stands for an object of the student's process."""

    __slots__ = ("_remote", "_number", "_name", "_lineage", "__weakref__")
    __array_ufunc__ = None
    __hash__ = object.__hash__

    def __init__(self, remote: Remote, number: int, name: str, lineage: tuple[str, ...]):
        for slot, value in zip(Proxy.__slots__, (remote, number, name, lineage), strict=False):
            object.__setattr__(self, slot, value)

    def __eq__(self, other):
        if self is other:
            return True
        raise TypeError("two objects of the student's cannot be compared from outside; compare their data")

    def __ne__(self, other):
        return not self.__eq__(other)

    def _unordered(self, other):
        raise TypeError("objects of the student's cannot be compared from outside; compare their data")

    __lt__ = __le__ = __gt__ = __ge__ = _unordered

    def __bool__(self):
        raise TypeError("whether an object of the student's is true is not for it to say; test its data")

    def __reduce__(self):
        raise TypeError("an object of the student's cannot be pickled")

    def __array__(self, *args, **kwargs):
        raise TypeError("an object of the student's is not an array")

    def __getattr__(self, name):
        if name.startswith(("__", "_repr_", "_ipython_")) and name not in ATTRIBUTES:
            raise AttributeError(name)
        return self._remote.request("get", of=self, name=name, args=[])

    def __setattr__(self, name, value):
        self._remote.request("set", of=self, name=name, args=[value])

    def __delattr__(self, name):
        self._remote.request("del", of=self, name=name, args=[])


ATTRIBUTES = {"__dict__", "__wrapped__", "__defaults__", "__kwdefaults__", "__annotations__"}


class FunctionProxy(Proxy):
    __slots__ = ()

    def __call__(self, *args, **kwargs):
        return self._remote.call(self, args, kwargs)

    def __repr__(self):
        return f"<{self._name} of the student's>"

    __name__ = property(lambda self: self._name)
    __doc__ = property(lambda self: self._remote.request("get", of=self, name="__doc__", args=[]))


class ObjectProxy(Proxy):
    __slots__ = ()

    def __str__(self):
        return self._text("str")

    def __repr__(self):
        return self._text("repr")

    def _text(self, how):
        text = self._remote.do(how, self)
        return text if type(text) is str else f"<{self._name} of the student's>"

    def __len__(self):
        return self._remote.do("len", self)

    def __iter__(self):
        return iter(self._remote.do("iter", self))

    def __dir__(self):
        return self._remote.do("dir", self)

    def __enter__(self):
        return self._remote.do("enter", self)

    def __exit__(self, *error):
        self._remote.do("exit", self, None, None, None)


def _forwarded(name, turned=False):
    def method(self, *args):
        return self._remote.do(name, *args, self) if turned else self._remote.do(name, self, *args)

    return method


for _name in "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split():
    _plain = {"and": "and_", "or": "or_"}.get(_name, _name)
    setattr(ObjectProxy, f"__{_name}__", _forwarded(_plain))
    setattr(ObjectProxy, f"__r{_name}__", _forwarded(_plain, turned=True))
for _name in "neg pos abs invert int float divmod round getitem setitem delitem contains".split():
    setattr(ObjectProxy, f"__{_name}__", _forwarded(_name))


class CallableProxy(ObjectProxy):
    __slots__ = ()
    __call__ = FunctionProxy.__call__


class IteratorProxy(Proxy):
    __slots__ = ()

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return self._remote.request("next", of=self, args=[], **self._remote.before_call())
        except StopIteration:
            raise StopIteration from None


class ClassProxy(CallableProxy):
    __slots__ = ()
    __repr__ = FunctionProxy.__repr__
    __str__ = FunctionProxy.__repr__
    __name__ = FunctionProxy.__name__

    def __instancecheck__(self, value):
        return isinstance(value, Proxy) and type(value) is not ClassProxy and self._lineage[0] in value._lineage


class ModuleProxy(Proxy):
    __slots__ = ()


FAMILIES = {
    "function": FunctionProxy, "object": ObjectProxy, "callable": CallableProxy, "iterator": IteratorProxy,
    "class": ClassProxy, "module": ModuleProxy,
}
_EXCEPTIONS: dict[type, type] = {}


def _exception_class(lineage: list[str]) -> type[StudentError]:
    """A StudentError that is also the nearest built-in exception of the lineage, so that `except ValueError` holds."""
    for name in lineage:
        module, _, plain = name.rpartition(".")
        kind = np.linalg.LinAlgError if name == "numpy.linalg.LinAlgError" else None
        kind = getattr(builtins, plain, None) if module == "builtins" else kind
        if isinstance(kind, type) and issubclass(kind, Exception) and kind is not Exception:
            if kind not in _EXCEPTIONS:
                _EXCEPTIONS[kind] = _both(kind)
            return _EXCEPTIONS[kind]
    return StudentError


def _both(kind: type[Exception]) -> type[StudentError]:
    def __init__(self, message):
        Exception.__init__(self, message)  # UnicodeDecodeError and its like ask for more than words

    try:
        made = type(kind.__name__, (StudentError, kind), {"__module__": "student", "__init__": __init__})
        made("")
    except TypeError:
        return StudentError
    return made


def _overwrite(ours: object, theirs: object) -> None:
    """Make our argument what the student's code made of its copy; the same object, with other contents."""
    if type(ours) is np.ndarray:
        if type(theirs) is not np.ndarray or theirs.shape != ours.shape or theirs.dtype != ours.dtype:
            raise Malformed("an array changed its shape or its type under way")
        if ours.flags.writeable:
            ours[...] = theirs
    elif isinstance(ours, list) and type(theirs) is list:
        _overwrite_items(range(min(len(ours), len(theirs))), ours, theirs)
        ours[:] = theirs
    elif isinstance(ours, dict) and type(theirs) is dict:
        _overwrite_items([key for key in ours if key in theirs], ours, theirs)
        ours.clear()
        ours.update(theirs)
    elif isinstance(ours, set) and type(theirs) is set:
        ours.clear()
        ours.update(theirs)
    elif isinstance(ours, bytearray) and type(theirs) is bytearray:
        ours[:] = theirs
    else:
        raise Malformed("an argument changed its kind under way")


def _overwrite_items(keys, ours, theirs) -> None:
    """Arrays and containers inside keep their identity too, where they still fit."""
    for key in keys:
        inner = ours[key]
        if isinstance(inner, MUTABLE) and type(inner) is type(theirs[key]):
            if type(inner) is np.ndarray and (inner.shape, inner.dtype) != (theirs[key].shape, theirs[key].dtype):
                continue
            _overwrite(inner, theirs[key])
            theirs[key] = inner


def _number(proxy: Proxy) -> int:
    return object.__getattribute__(proxy, "_number")


def _table(value: object) -> dict:
    if type(value) is not dict:
        raise Malformed(f"a {type(value).__name__} where a table belongs")
    return value
