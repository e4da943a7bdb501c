"""What stands at the trusted side for the objects of the student's process.

A stand-in forwards calls, attributes and operators, and does not answer `==`: what an object says of itself proves
nothing. Whether it is true, what class it has and how its functions are called it may say: a hand-in that lies there
has no more than it had by an honest answer, which anybody can write.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Coroutine

import numpy as np

from autograder.engine.box.containers import Named
from autograder.engine.lineage import class_here, signature


class Proxy:
    """Stands for an object of the student's process."""

    __slots__ = ("_remote", "_number", "_name", "_lineage", "__weakref__")
    __array_ufunc__ = None
    __hash__ = object.__hash__

    def __init__(self, remote, number: int, name: str, lineage: tuple[str, ...]):
        for slot, value in zip(Proxy.__slots__, (remote, number, name, lineage), strict=False):
            object.__setattr__(self, slot, value)

    def __eq__(self, other):
        if self is other or other is None:
            return self is other
        raise TypeError("two objects of the student's cannot be compared from outside; compare their data")

    def __ne__(self, other):
        return not self.__eq__(other)

    def _unordered(self, other):
        raise TypeError("objects of the student's cannot be compared from outside; compare their data")

    __lt__ = __le__ = __gt__ = __ge__ = _unordered

    def __reduce__(self):
        raise TypeError("an object of the student's cannot be pickled")

    def __array__(self, *args, **kwargs):
        raise TypeError("an object of the student's is not an array")

    def __getattr__(self, name):
        if name.startswith(("__", "_repr_", "_ipython_")) and name not in ATTRIBUTES:
            raise AttributeError(name)
        return self._remote.get(self, name)

    def __setattr__(self, name, value):
        self._remote.request("set", of=self, name=name, args=[value])

    def __delattr__(self, name):
        self._remote.request("del", of=self, name=name, args=[])


ATTRIBUTES = {"__dict__", "__wrapped__", "__defaults__", "__kwdefaults__", "__annotations__"}


class FunctionProxy(Proxy):
    __slots__ = ()

    @property
    def __class__(self):
        return types.FunctionType if self._lineage[0] == "builtins.function" else FunctionProxy

    @property
    def __signature__(self):
        return signature(self._remote.request("signature", of=self))

    @property
    def __code__(self):
        """As much of it as its caller sees: what a body is made of its process cannot be asked."""
        flags, taken = self._remote.request("flags", of=self), self.__signature__.parameters.values()
        kinds = [parameter.kind for parameter in taken]
        return types.SimpleNamespace(
            co_name=self._name, co_flags=flags if type(flags) is int else 0,
            co_argcount=sum(kind <= inspect.Parameter.POSITIONAL_OR_KEYWORD for kind in kinds),
            co_kwonlyargcount=kinds.count(inspect.Parameter.KEYWORD_ONLY),
        )

    def __call__(self, *args, **kwargs):
        return self._remote.call(self, args, kwargs)

    def __repr__(self):
        return f"<{self._name} of the student's>"

    __name__ = property(lambda self: self._name)
    __doc__ = property(lambda self: self._remote.request("get", of=self, name="__doc__", args=[]))


class ObjectProxy(Proxy):
    __slots__ = ()

    __class__ = property(lambda self: class_here(self._lineage))
    __doc__ = FunctionProxy.__doc__

    def __bool__(self):
        """It says no more than `True` or `False` in its place would have said."""
        return bool(self._remote.do("truth", self))

    def __str__(self):
        return self._text("str")

    def __repr__(self):
        return self._text("repr")

    def __format__(self, how):
        return self._text("format", how)

    def _text(self, how, *args):
        text = self._remote.do(how, self, *args)
        return text if type(text) is str else f"<{self._name} of the student's>"

    def __len__(self):
        return self._remote.do("len", self)

    def __iter__(self):
        return iter(self._remote.do("iter", self))

    def __contains__(self, value):
        """Looked for here, among what it yields: the object itself would say yes to whatever it is asked for."""
        try:
            members = iter(self)
        except TypeError:
            return self._remote.do("contains", self, value)
        return any(value is each or value == each for each in members)

    def __aiter__(self):
        return self._remote.do("aiter", self)

    async def __aenter__(self):
        return await self._remote.do("aenter", self)

    async def __aexit__(self, *error):
        return await self._remote.do("aexit", self, None, None, None)

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
for _name in "neg pos abs invert int float divmod round getitem setitem delitem".split():
    setattr(ObjectProxy, f"__{_name}__", _forwarded(_name))


class CallableProxy(ObjectProxy):
    __slots__ = ()
    __call__ = FunctionProxy.__call__


class IteratorProxy(Proxy):
    __slots__ = ()

    @property
    def __class__(self):
        return types.GeneratorType if self._lineage[0] == "builtins.generator" else IteratorProxy

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return self._remote.request("next", of=self, args=[], **self._remote.before_call())
        except StopIteration:
            raise StopIteration from None


class AsyncIteratorProxy(Proxy):
    __slots__ = ()

    def __aiter__(self):
        return self

    async def __anext__(self):
        return self._remote.request("anext", of=self, **self._remote.before_call())


class AwaitableProxy(ObjectProxy):
    """A coroutine of the student's: awaited there, to its end, in the loop that the student's cells run in."""

    __slots__ = ()

    def send(self, value):
        raise StopIteration(self._remote.request("await", of=self, **self._remote.before_call()))

    def throw(self, *error):
        raise error[0]

    def close(self):
        """It is not begun before it is awaited."""

    def __await__(self):
        return self._remote.request("await", of=self, **self._remote.before_call())
        yield


Coroutine.register(AwaitableProxy)      # what asyncio.gather and its like ask for


class ClassProxy(CallableProxy):
    __slots__ = ()
    __repr__ = FunctionProxy.__repr__
    __str__ = FunctionProxy.__repr__
    __name__ = __qualname__ = FunctionProxy.__name__
    __doc__ = FunctionProxy.__doc__
    __class__ = property(lambda self: type)
    __signature__ = FunctionProxy.__signature__
    __hash__ = Proxy.__hash__

    def __eq__(self, other):
        """To np.ndarray, which is no plain data: a claim like any number that is an answer."""
        return self._lineage[0] == "numpy.ndarray" if other is np.ndarray else super().__eq__(other)

    @property
    def __bases__(self):
        found = self._remote.request("get", of=self, name="__bases__", args=[])
        return found if type(found) is tuple else (object,)

    def __subclasscheck__(self, other):
        return type(other) is ClassProxy and self._lineage[0] in other._lineage

    def __instancecheck__(self, value):
        if isinstance(value, Named):
            return type(value).__name__ == self._lineage[0].rpartition(".")[2]
        return isinstance(value, Proxy) and type(value) is not ClassProxy and self._lineage[0] in value._lineage


class ModuleProxy(Proxy):
    __slots__ = ()


FAMILIES = {
    "function": FunctionProxy, "object": ObjectProxy, "callable": CallableProxy, "iterator": IteratorProxy,
    "async iterator": AsyncIteratorProxy, "awaitable": AwaitableProxy, "class": ClassProxy, "module": ModuleProxy,
}


def number_of(proxy: Proxy) -> int:
    return object.__getattribute__(proxy, "_number")
