"""The trusted side's line to the student's process.

Results come back as plain data, as stand-ins for the student's objects, or as exceptions of the same
built-in type with the student's traceback. Whatever breaks the protocol ends the line.
"""

from __future__ import annotations

import builtins
from contextlib import nullcontext, suppress

from autograder.engine.box.channel import Channel
from autograder.engine.box.values import is_mutable
from autograder.engine.box.wire import Malformed, NotPlain
from autograder.engine.errors import StudentError, StudentGone, StudentLost, StudentStopped, exception_class
from autograder.engine.proxies import Proxy, number_of
from autograder.engine.randomness import follows
from autograder.engine.references import References
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
        self.known = References(self)
        self.methods: dict[int, str] = {}      # number of what was reached through another object -> under which name
        self.gone = ""
        self.broke = ""          # a breach of the protocol, for the grader
        self.before_call = lambda: {}
        self.show = lambda outputs: None
        self.hear_streams = lambda states: None
        self.begin_cell(512)

    def begin_cell(self, limit_kb: int, write_back: bool = True) -> None:
        self.limit_kb, self.write_back = limit_kb, write_back
        self.stopped = False
        self.calls_back = 0
        self.changes = 0          # arguments that the student's code changed in this cell
        self.asked: set[str] = set()    # operators, methods: the student's objects heard the test's values
        self.warned: dict = {}    # what its warnings were, so that each is shown once

    # ------------------------------------------------------------------ requests

    def get(self, subject: Proxy, name: str) -> object:
        """An attribute. A method by which an object compares itself (`result.equals(expected)`) proves nothing."""
        value = self.request("get", of=subject, name=name, args=[])
        if isinstance(value, Proxy):
            self.methods[number_of(value)] = name
        elif callable(value):       # a type, or a function that the test handed out
            self.asked.add(f".{name}")
        return value

    def call(self, subject: Proxy, args: tuple, kwargs: dict) -> object:
        if (args or kwargs) and (name := self.methods.get(number_of(subject))):
            self.asked.add(f".{name}")
        return self.request("call", of=subject, args=list(args), kwargs=kwargs, **self.before_call())

    def do(self, name: str, *args: object) -> object:
        if name in BINARY and not all(isinstance(arg, Proxy) for arg in args):
            self.asked.add(name)
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
        self.known.handed = set()
        if moved := self.known.generators.moved():
            message["generators"] = moved
        self.channel.send(*self.known.encode(message))
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
        message = _table(self.known.decode(*self.channel.receive(), arguments))
        if any(type(message[key]) is not kind for key, kind in PLAIN.items() if key in message):
            raise Malformed("a message of another shape")
        if self.known.pointed and message.get("op") == "callback":
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
        generators = self.known.generators
        for number, state in _table(message.get("generators", {})).items():
            if type(number) is not int or number not in generators.known:
                raise Malformed("an unknown generator")
            generator = generators.known[number]
            with nullcontext() if number in self.known.handed else suppress(Malformed):
                follows(generator, state)
            generators.agree(number, generator)

    def _call_back(self, reply: dict) -> None:
        """The student's code called a function of the test."""
        self.calls_back += 1
        self._advance(reply)
        number = reply.get("id")
        if type(number) is not int or number not in self.known.callbacks or self.calls_back > MAX_CALLBACKS:
            raise Malformed("a call of what was never handed out")
        function = self.known.callbacks[number]
        args, kwargs = reply.get("args"), _table(reply.get("kwargs"))
        if type(args) is not list or not all(type(k) is str for k in kwargs):
            raise Malformed("arguments of a callback")
        call = {"op": "returned", "call": reply.get("call")}
        try:
            value = function(*args, **kwargs)
            body = self.known.encode(call | {"value": value, "generators": self.known.generators.moved()})
        except Exception as error:
            named = type(error).__name__ if hasattr(builtins, type(error).__name__) else "RuntimeError"
            body = self.known.encode(call | {
                "error": named, "message": str(error)[:1000], "generators": self.known.generators.moved()})
        self.channel.send(*body)

    def _exception(self, reply: dict, op: str) -> BaseException:
        lineage, message = reply["raised"], reply.get("message")
        if type(lineage) is not list or not all(type(name) is str for name in lineage) or type(message) is not str:
            raise Malformed("an exception")
        if "builtins.KeyboardInterrupt" in lineage:
            self.stopped = True
            return StudentStopped("the student's code was stopped: its time was up")
        if op not in ("next", "anext"):  # only an iterator may end a loop of the test's
            lineage = [name for name in lineage if name not in ENDS_A_LOOP]
        error = exception_class(lineage)(message)
        error.student_lineage = tuple(name.rpartition(".")[2] for name in lineage)
        error.student_traceback = str(reply.get("traceback", ""))[:8000]
        if error.student_traceback:
            error.add_note("In the student's code:\n" + error.student_traceback)
        return error

    def can_send(self, value: object) -> bool:
        try:
            self.known.encode(value)
        except NotPlain:
            return False
        return True


def _paths(value: object) -> set[tuple]:
    if type(value) is not list or not all(type(path) is list and all(type(key) in (int, str) for key in path)
                                          for path in value):
        raise Malformed("places within arguments")
    return set(map(tuple, value))


def _table(value: object) -> dict:
    if type(value) is not dict:
        raise Malformed(f"a {type(value).__name__} where a table belongs")
    return value
