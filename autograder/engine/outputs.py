"""Outputs from a student's process, made safe to write into a notebook."""

from __future__ import annotations

import base64
import json
import re

import nbformat

from autograder.engine.box.cells import FIGURE_KB

FINDING = "application/vnd.coursekit.finding+json"   # goes to the verdict, not into the page
MAX_OUTPUTS = 500
MIME = re.compile(r"[\w.-]{1,60}/[\w.+-]{1,120}", re.ASCII)
JSON = re.compile(r"application/([\w.+-]+\+)?json", re.ASCII)      # of which nbformat lets the value be any
MOST_COUNT = 1 << 31     # an integer of thousands of digits is none that JSON can be written with
MOST_DEPTH = 50          # of JSON; nbformat calls itself for each level, and Python has an end to that


def to_notebook(outputs: object, limit_kb: int) -> list[nbformat.NotebookNode]:
    """nbformat's outputs; what has another form is dropped, what is too long is cut.

    The sender was told the same limits; this side holds whatever the sender has become.
    """
    room = {"text": 2 * limit_kb * 1024, "image": FIGURE_KB * 1024}
    made = []
    for output in outputs[:MAX_OUTPUTS] if type(outputs) is list else ():
        node = _output(output, room) if type(output) is dict else None
        if node is not None:
            made.append(node)
    return made


def error(name: str, words: str) -> nbformat.NotebookNode:
    return _node("error", ename=name, evalue=words, traceback=[f"{name}: {words}"])


def _output(output: dict, room: dict[str, int]) -> nbformat.NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        text = _text(output.get("text"), room)
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return _node("stream", name=name, text=text) if text else None
    if kind == "error":  # decides a mark: it is kept however little room is left
        lines = output.get("traceback")
        lines = [_text(line, room) for line in lines[:200]] if type(lines) is list else []
        own = {"left": 4000}
        return _node(
            "error", ename=_text(output.get("ename"), own, "left")[:200] or "Error",
            evalue=_text(output.get("evalue"), own, "left"), traceback=lines,
        )
    if kind in ("display_data", "execute_result") and type(output.get("data")) is dict:
        data = {}
        for mime, value in output["data"].items():
            named = type(mime) is str and MIME.fullmatch(mime) and mime != FINDING
            if named and (kept := _data(mime, value, room)) is not None:
                data[mime] = kept
        if not data:
            return None
        count = output.get("execution_count")
        count = count if type(count) is int and 0 <= count < MOST_COUNT else None
        more = {"execution_count": count} if kind == "execute_result" else {}
        return _node(kind, data=data, metadata={}, **more)
    return None


def _node(kind: str, **fields) -> nbformat.NotebookNode:
    """One output. nbformat's own maker also validates it, which takes a millisecond; here all is made valid."""
    return nbformat.from_dict({"output_type": kind, **fields})


def _data(mime: str, value: object, room: dict[str, int]) -> object:
    which = "image" if mime.startswith("image/") else "text"
    if type(value) is bytes:
        value = base64.b64encode(value).decode()
    if type(value) is str:
        return _text(value, room, which)
    if not JSON.fullmatch(mime) or _is_deeper(value, MOST_DEPTH):
        return None
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return None
    return json.loads(_text(text, room, which)) if len(text) <= room[which] else None


def _is_deeper(value: object, depth: int) -> bool:
    """Does it nest lists and dicts more than so many deep?"""
    inner = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return depth < 0 or any(_is_deeper(each, depth - 1) for each in inner)


def _text(value: object, room: dict[str, int], which: str = "text") -> str:
    if type(value) is not str:
        return ""
    value = value[: room[which]]
    room[which] -= len(value)
    return value.encode("utf-8", "replace").decode("utf-8")  # lone surrogates cannot be written to a file
