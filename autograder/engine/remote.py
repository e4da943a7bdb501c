"""The trusted side's line to the student's process.

Results come back as plain data, as stand-ins for the student's objects, or as exceptions of the same
built-in type with the student's traceback. Whatever breaks the protocol ends the line.
"""

from __future__ import annotations

import builtins
from contextlib import nullcontext, suppress

import numpy as np
from msgpack import ExtType

from autograder.engine.box.channel import Channel
from autograder.engine.box.decoder import Decoder
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.generators import Generators
from autograder.engine.box.values import is_mutable
from autograder.engine.box.wire import (
    ARGUMENT,
    CALLBACK,
    GENERATOR,
    REFERENCE,
    VIEW,
    Malformed,
    NotPlain,
    check_items,
    plain_dtype,
)
from autograder.engine.errors import StudentError, StudentGone, StudentLost, StudentStopped, exception_class
from autograder.engine.proxies import FAMILIES, Proxy, number_of
from autograder.engine.randomness import follows
from autograder.engine.warned import give, mood
from autograder.engine.writeback import overwrite

ENDS_A_LOOP = ("builtins.StopIteration", "builtins.StopAsyncIteration")
BINARY = set("add sub mul truediv floordiv mod divmod pow matmul and_ or_ xor lshift rshift contains".split())
PLAIN = {"op": str, "outputs": list, "streams": dict}     # asked for their truth or compared, as no object may be
MAX_CALLBACKS = 1_000_000     # calls into the test's functions, a cell


class Remote:
    """Requests to the student's process, one at a time."""

    def __init__(self, channel: Channel):
        self.channel = channel
        self.proxies: dict[int, Proxy] = {}
        self.generators = Generators()
        self.handed: set[int] = set()      # the generators that went with the last request
        self.callbacks: dict[int, object] = {}
        self.arguments: list[object] = []
        self.pointed = False     # does the message being read point into them?
        self.gone = ""
        self.broke = ""          # a breach of the protocol, for the grader
        self.decoder = Decoder({
            REFERENCE: self._proxy, GENERATOR: self._known_generator, CALLBACK: self._known_callback,
            ARGUMENT: self._argument, VIEW: self._view,
        })
        self.before_call = lambda: {}
        self.show = lambda outputs: None
        self.hear_streams = lambda states: None
        self.begin_cell(512)

    def begin_cell(self, limit_kb: int, write_back: bool = True) -> None:
        self.limit_kb, self.write_back = limit_kb, write_back
        self.stopped = False
        self.calls_back = 0
        self.changes = 0          # arguments that the student's code changed in this cell
        self.asked = 0            # operators between an object of the student's and a value of the test's
        self.warned: dict = {}    # what its warnings were, so that each is shown once

    # ------------------------------------------------------------------ requests

    def call(self, subject: Proxy, args: tuple, kwargs: dict) -> object:
        return self.request("call", of=subject, args=list(args), kwargs=kwargs, **self.before_call())

    def do(self, name: str, *args: object) -> object:
        self.asked += name in BINARY and not all(isinstance(arg, Proxy) for arg in args)
        return self.request("do", name=name, args=list(args), **self.before_call())

    def request(self, op: str, **message: object) -> object:
        """Send one request and bring back its result; raises what the student's code raised."""
        if self.gone:
            raise StudentGone(self.gone)
        if self.stopped:
            raise StudentStopped("the student's code was stopped: its time was up")
        if now := mood():
            message["mood"] = now
        try:
            return self._exchange({"op": op, "limit_kb": self.limit_kb, **message})
        except (StudentError, StudentLost, Warning):  # the student's own EOFError or OSError is not the line's
            raise
        except (EOFError, OSError):
            self.gone = "the student's process has ended"
        except Malformed as error:
            self.broke = f"the student's process sent what no honest one sends ({error})"
            self.gone = self.broke
        raise StudentGone(self.gone)

    def attend(self) -> None:
        """Between test cells: the student's code calls a function that a test has left it."""
        try:
            message = self._heard([])
            if message.get("op") != "callback":
                raise Malformed("an answer to no question")
            self._call_back(message)
        except (EOFError, OSError):
            self.gone = self.gone or "the student's process has ended"
        except Malformed as error:
            self.broke = f"the student's process sent what no honest one sends ({error})"
            self.gone = self.broke

    def _exchange(self, message: dict) -> object:
        self.handed = set()
        if moved := self.generators.moved():
            message["generators"] = moved
        self.channel.send(*self._encoder().encode(message))
        arguments = [*message.get("args", ()), *message.get("kwargs", {}).values()]
        while (reply := self._heard(arguments)).get("op") == "callback":
            self._call_back(reply)
        self._settle(reply, arguments)
        give(reply.get("warned", []), self.warned)
        if "raised" in reply:
            raise self._exception(reply, message["op"])
        return reply.get("value")

    def _heard(self, arguments: list) -> dict:
        """The next message. Only an answer may point into what was sent: a callback could write there, unseen."""
        self.arguments, self.pointed = arguments, False
        message = _table(self.decoder.decode(*self.channel.receive()))
        if any(type(message[key]) is not kind for key, kind in PLAIN.items() if key in message):
            raise Malformed("a message of another shape")
        if self.pointed and message.get("op") == "callback":
            raise Malformed("a callback that points into the test's own data")
        return message

    def _settle(self, reply: dict, arguments: list) -> None:
        """Output is shown, changed arguments are changed here, generators advance as far as they did there."""
        if outputs := reply.get("outputs"):
            self.show(outputs)
        fresh = _paths(reply.get("fresh", []))
        for place, value in _table(reply.get("changed", {})).items():
            if type(place) is not int or not 0 <= place < len(arguments) or not is_mutable(arguments[place]):
                raise Malformed("a change to what was not sent")
            self.changes += 1
            if self.write_back:
                overwrite(arguments[place], value, (place,), fresh)
        self._advance(reply)
        if states := reply.get("streams"):
            self.hear_streams(_table(states))

    def _advance(self, message: dict) -> None:
        """Generators that the student's code drew from. One that it kept and set stays where the test has it."""
        for number, state in _table(message.get("generators", {})).items():
            if type(number) is not int or number not in self.generators.known:
                raise Malformed("an unknown generator")
            generator = self.generators.known[number]
            with nullcontext() if number in self.handed else suppress(Malformed):
                follows(generator, state)
            self.generators.agree(number, generator)

    def _call_back(self, reply: dict) -> None:
        """The student's code called a function of the test."""
        self.calls_back += 1
        self._advance(reply)
        number = reply.get("id")
        if type(number) is not int or number not in self.callbacks or self.calls_back > MAX_CALLBACKS:
            raise Malformed("a call of what was never handed out")
        function = self.callbacks[number]
        args, kwargs = reply.get("args"), _table(reply.get("kwargs"))
        if type(args) is not list or not all(type(k) is str for k in kwargs):
            raise Malformed("arguments of a callback")
        call = {"op": "returned", "call": reply.get("call")}
        try:
            value = function(*args, **kwargs)
            body = self._encoder().encode(call | {"value": value, "generators": self.generators.moved()})
        except Exception as error:
            named = type(error).__name__ if hasattr(builtins, type(error).__name__) else "RuntimeError"
            body = self._encoder().encode(call | {
                "error": named, "message": str(error)[:1000], "generators": self.generators.moved()})
        self.channel.send(*body)

    def _exception(self, reply: dict, op: str) -> BaseException:
        lineage, message = reply["raised"], reply.get("message")
        if type(lineage) is not list or not all(type(name) is str for name in lineage) or type(message) is not str:
            raise Malformed("an exception")
        if "builtins.KeyboardInterrupt" in lineage:
            self.stopped = True
            return StudentStopped("the student's code was stopped: its time was up")
        if op != "next":  # only an iterator may end a loop of the test's
            lineage = [name for name in lineage if name not in ENDS_A_LOOP]
        error = exception_class(lineage)(message)
        error.student_lineage = tuple(name.rpartition(".")[2] for name in lineage)
        error.student_traceback = str(reply.get("traceback", ""))[:8000]
        if error.student_traceback:
            error.add_note("In the student's code:\n" + error.student_traceback)
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
            return ExtType(REFERENCE, Encoder().encode(number_of(value))[0])
        if isinstance(value, np.random.Generator):
            number = self.generators.number(value)
            number = len(self.generators.known) if number is None else number
            state = self.generators.agree(number, value)
            self.handed.add(number)
            return ExtType(GENERATOR, Encoder().encode([number, type(value.bit_generator).__name__, state])[0])
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

    def _argument(self, path: object) -> object:
        """What stands at a place in the arguments that were sent: [number, key, key, ...]."""
        if type(path) is not list or not path or not all(type(key) in (int, str) for key in path):
            raise Malformed("an argument that was not sent")
        value, self.pointed = self.arguments, True
        for key in path:
            if not isinstance(value, list | tuple | dict) or (type(key) is int and key < 0):
                raise Malformed("an argument that was not sent")
            value = value[key]
        return value

    def _view(self, payload: object) -> np.ndarray:
        if type(payload) is not list or len(payload) != 5:
            raise Malformed("a view")
        return self.view(self._argument(payload[:1]), payload[1:])

    def view(self, whole: object, place: object) -> np.ndarray:
        """The part of our array that the student's process has as a view of its copy; a copy where ours has gaps."""
        if type(whole) is not np.ndarray or type(place) is not list or len(place) != 4:
            raise Malformed("a view")
        offset, shape, strides, name = place
        if type(offset) is not int or type(shape) is not list or type(strides) is not list:
            raise Malformed("a view")
        turned = whole.ndim > 1 and whole.flags.f_contiguous and not whole.flags.c_contiguous
        flat = np.ascontiguousarray(whole.T if turned else whole)
        try:
            view = np.ndarray(shape, plain_dtype(name), flat, offset, strides)
        except (TypeError, ValueError) as error:
            raise Malformed(f"a view: {error}") from None
        check_items(view)
        return view


def _paths(value: object) -> set[tuple]:
    if type(value) is not list or not all(type(path) is list and all(type(key) in (int, str) for key in path)
                                          for path in value):
        raise Malformed("places within arguments")
    return set(map(tuple, value))


def _table(value: object) -> dict:
    if type(value) is not dict:
        raise Malformed(f"a {type(value).__name__} where a table belongs")
    return value
