"""A notebook's cells, run as a kernel runs them, with their outputs as nbformat's.

IPython's own shell executes; instead of messages to a front end, outputs collect in a list.
Figures are shown only where asked: drawing one takes longer than most cells.
"""

from __future__ import annotations

import inspect
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from . import stdin

FIGURE_KB = 8192  # pictures of one cell, beside its text
CELL = "a cell"   # in place of a module's name; no module is called that


class Collector:
    """The outputs of the cell at work. Text beyond `limit_kb` is dropped, and the cut is said."""

    def __init__(self):
        self.begin(512)

    def begin(self, limit_kb: int) -> None:
        self.outputs: list[dict] = []
        self.room = limit_kb * 1024
        self.pictures = FIGURE_KB * 1024
        self.cut = False
        self.limit_kb = limit_kb

    def stream(self, name: str, text: str) -> None:
        text = text[: self.room] if len(text) > self.room else text
        self.room -= len(text)
        if text:
            last = self.outputs[-1] if self.outputs else None
            if last and last["output_type"] == "stream" and last["name"] == name:
                last["text"].append(text)
            else:
                self.outputs.append({"output_type": "stream", "name": name, "text": [text]})
        if not self.room and not self.cut:
            self.cut = True
            words = f"\n[Output beyond {self.limit_kb} kB was left out.]\n"
            self.outputs.append({"output_type": "stream", "name": "stdout", "text": [words]})

    def rich(self, kind: str, data: dict, metadata: dict, **more) -> None:
        kept = {}
        for mime, value in data.items():
            size = len(value) if isinstance(value, str | bytes) else len(repr(value))
            picture = mime.startswith("image/")
            if size <= (self.pictures if picture else self.room):
                kept[mime] = value
                if picture:
                    self.pictures -= size
                else:
                    self.room -= size
        if kept or not data:
            self.outputs.append({"output_type": kind, "data": kept, "metadata": metadata, **more})

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        self.outputs.append({"output_type": "error", "ename": name, "evalue": value[:4000], "traceback": traceback})

    def taken(self) -> list[dict]:
        """The outputs so far, streams joined, and an empty list from here on."""
        outputs, self.outputs = self.outputs, []
        for output in outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        return outputs


class Stream(io.TextIOBase):
    """What stands for stdout and stderr."""

    encoding = "utf-8"

    def __init__(self, name: str, collector: Collector):
        self.name, self._collector = name, collector

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._collector.stream(self.name, text)
        return len(text)


class _Hook(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self._formatted = format_dict, md_dict or {}

    def finish_displayhook(self):
        data, metadata = self._formatted
        if data:
            collector.rich("execute_result", data, metadata, execution_count=self.shell.execution_count)


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_):
        collector.rich("display_data", dict(data), dict(metadata or {}))

    def clear_output(self, wait=False):
        collector.outputs.clear()


class _Compiler(CachingCompiler):
    """Tells `inspect` that a cell is no module's. A traceback asks that of each frame, and all modules are searched."""

    def cache(self, *args, **kwargs):
        name = super().cache(*args, **kwargs)
        inspect.modulesbyfile[name] = inspect.modulesbyfile[os.path.abspath(name)] = CELL
        return name


class Shell(InteractiveShell):
    """IPython without a terminal, a history, or a front end."""

    compiler_class = _Compiler
    displayhook_class = _Hook
    display_pub_class = _Publisher

    def init_io(self):
        pass

    def enable_gui(self, gui=None):
        pass

    def ask_exit(self):
        """`exit` in a cell: the notebook goes on."""

    def _format_exception_for_storage(self, *_, **__):
        """IPython keeps each traceback in its history, formatted once more."""

    def _showtraceback(self, etype, evalue, stb):
        collector.error(str(etype.__name__), str(evalue), list(stb))

    def show_usage_error(self, exc):
        print(f"UsageError: {exc}", file=sys.stderr)


collector = Collector()
WARMING = (
    "import numpy as np\n\nrng = np.random.default_rng(0)\nprint(rng.normal(size=(2, 2)), f'{1:.3f}', 'text')",
    "{'a': [(1, 2.5), np.arange(3), None, True], 'b': {1, 2}}",
    "np.arange(6.0).reshape(2, 3)",
    "class A:\n    def f(self, x: int = 1, *a, **k) -> int:\n        return [i for i in range(x)]\nA()",
    "%time 1 + 1",
    "np.testing.assert_allclose(np.ones(2), np.ones(2) + 1e-12)",
    "np.testing.assert_allclose(np.ones(2), np.zeros(2))",
    "np.ones((2, 3)) @ np.ones((2, 3))",
    "def broken(:",
)


def make_shell() -> Shell:
    """The process's one shell. Make it before the fork: that takes longer than a hand-in."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.autoindent = False
    shell = Shell.instance(config=config)
    shell.user_ns["__name__"] = "__main__"
    stdin.refuse()
    return shell


def warm(shell: Shell) -> None:
    """Run what most cells run, once: what IPython prepares on first use is then prepared before the fork."""
    for source in WARMING:
        run_cell(shell, source, 64)
    shell.reset()
    shell.execution_count = 1


@contextmanager
def captured() -> Iterator[None]:
    """stdout and stderr go to the collector."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream("stdout", collector), Stream("stderr", collector)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def run_cell(shell: Shell, source: str, limit_kb: int) -> tuple[bool, list[dict]]:
    """Run one cell: whether it ended without an error, and its outputs."""
    collector.begin(limit_kb)
    with captured():
        try:
            result = shell.run_cell(source, store_history=True)
            good = bool(result.success)
        except KeyboardInterrupt:
            good = False
            collector.error("KeyboardInterrupt", "", ["KeyboardInterrupt"])
        except BaseException as error:
            good = False
            collector.error(type(error).__name__, str(error), [f"{type(error).__name__}: {error}"])
    return good, collector.taken()


def show_figures(shell: Shell, wanted: bool) -> None:
    """Whether figures are drawn into the outputs or only named there."""
    if "matplotlib" in sys.modules:
        from IPython.core.pylabtools import select_figure_formats

        select_figure_formats(shell, {"png"} if wanted else set())


def lay_out(files: dict[str, bytes]) -> None:
    """Put files into the working folder, a private one, from where a notebook's modules are imported as well."""
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if files:
        sys.path.insert(0, os.getcwd())
