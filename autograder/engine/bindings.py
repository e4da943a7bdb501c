"""The student's names in the test namespace: before a test cell they are bound, with its calls and after it told.

What the trusted side holds under a student's name is what the student's process held there when the cell began. What a
cell binds, changes or deletes of names that the student's cells read goes back with the next request.
"""

from __future__ import annotations

import builtins
from contextlib import suppress

from autograder.engine import names
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.values import is_mutable
from autograder.engine.box.wire import Malformed
from autograder.engine.names import Ownership
from autograder.engine.references import part_of
from autograder.engine.remote import Remote
from autograder.engine.streams import Streams

REPLACED = ("input", "print")       # built-in functions that tests put their own in place of, to hear what is asked


class Bindings:
    """What the test cells of one hand-in find under the student's names."""

    def __init__(self, ours: dict[str, object], remote: Remote, ownership: Ownership):
        self.ours, self.remote, self.ownership = ours, remote, ownership
        self.theirs: dict[str, object] = {}      # student's names as they were bound
        self.images: dict[str, tuple] = {}       # what the mutable ones among them looked like
        self.told: dict[str, object] = {}        # names of the test that the student's side knows
        self.tested: set[str] = set()            # names that the cell at work binds
        self.built_in = {name: getattr(builtins, name) for name in REPLACED}     # as the student's side has them
        self.kept = dict(self.built_in)                                          # as they were
        self.streams = Streams()
        remote.before_call = self.news
        remote.hear_streams = self.streams.heard

    def begin_cell(self, source: str, place: int) -> None:
        """Bind the student's names that the cell can reach, as they are now."""
        self.streams.begin_cell()
        self.tested = set(names.bound(names.parsed(source)))
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

    def news(self) -> dict:
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
        told = {"set": fresh, "unset": sorted(gone), "builtins": self._replaced()}
        return {key: news for key, news in told.items() if news} | self.streams.told()

    def _replaced(self) -> dict[str, object]:
        """Built-in functions that the test has replaced since the last request; None for one that it has put back."""
        now = {name: getattr(builtins, name) for name in REPLACED}
        fresh = {name: None if function is self.kept[name] else function for name, function in now.items()
                 if function is not self.built_in[name]}
        self.built_in = now
        return fresh

    def _is_news(self, name: str, value: object) -> bool:
        if name in self.theirs and value is self.theirs[name]:
            return is_mutable(value) and _image(value) != self.images[name]
        return is_mutable(value) or self.told.get(name, self) is not value

    def tell(self) -> None:
        """After the cell: what it bound, changed or deleted of names that the student's cells read."""
        news = self.news()
        fresh = news.get("set", {})
        for name, value in self.theirs.items():
            if self.ours.get(name) is value and self._is_news(name, value) and self.remote.can_send(value):
                fresh[name] = value
        if fresh or news:
            self.remote.request("bind", **(news | {"set": fresh}))


def _image(value: object) -> object:
    """What a mutable value looks like, to see later whether it was changed."""
    if not is_mutable(value):
        return None
    try:
        tree, buffers = Encoder(lambda inner: None).encode(value)
    except TypeError:
        return None
    return tree, [b.tobytes() for b in buffers]
