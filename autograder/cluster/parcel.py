"""A hand-in as bytes for another machine, and what it was marked with as bytes back: JSON, nothing executable.

The assignment stays behind: it goes to each worker once, not with each hand-in. What lies beside a
notebook goes along, since a worker sees none of our folders.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, replace
from pathlib import Path

import nbformat
from nbgrader import preprocessors
from traitlets.config import Config

from autograder.assignment import Assignment
from autograder.bookkeeping.record import Record
from autograder.handin import Cell, HandIn
from autograder.intake.collect import beside
from autograder.job import Runner
from autograder.task import Marked, Task

# Sections of nbgrader_config.py that nbgrader's own rules read in a worker, see stock.py.
SECTIONS = sorted({base.__name__ for step in ("ClearOutput", "DeduplicateIds", "OverwriteCells", "CheckCellMetadata",
                                              "IgnorePattern", "LimitOutput")
                   for base in getattr(preprocessors, step).__mro__})


def packed(task: Task) -> dict:
    """A task as JSON can hold it, without its assignment and its runner.

    Raises:
        ValueError: a setting of nbgrader_config.py that is needed is no plain value.
        OSError: a hand-in was changed or removed while it was on its way.
    """
    folders = list(dict.fromkeys(h.path.parent for h in task.hand_ins if h.path and (h.beside or task.strict)))
    return {
        "student": task.student,
        "hand_ins": [asdict(replace(h, path=None)) | {
            "file": h.path.name if h.path else None,
            "folder": folders.index(h.path.parent) if h.path and h.path.parent in folders else None,
        } for h in task.hand_ins],
        "folders": [_contents(folder, task) for folder in folders],
        "notes": task.notes, "key": task.key.hex(), "digest": task.digest, "strict": task.strict,
        "settings": _settings(task.config) if task.strict else {},
    }


def _contents(folder: Path, task: Task) -> dict[str, str]:
    """Files of a hand-in, in base64. nbgrader's own rules read the notebook itself once more."""
    files = beside(folder)
    if task.strict:
        files |= {h.path.name: h.path.read_bytes() for h in task.hand_ins if h.path and h.path.parent == folder}
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def _settings(config: Config) -> dict:
    found = {name: dict(config[name]) for name in SECTIONS if name in config}
    for name, settings in found.items():
        for key, value in settings.items():
            try:
                json.dumps(value)
            except TypeError:
                raise ValueError(f"c.{name}.{key} of nbgrader_config.py is no plain value, which cannot be sent to "
                                 "another machine; grade on this one") from None
    return found


def unpacked(packet: dict, assignment: Assignment, runner: Runner, scratch: Path) -> Task:
    """The task on the other side; files of the hand-in are laid out in folders of `scratch`."""
    for number, files in enumerate(packet["folders"]):
        for name, content in files.items():
            path = scratch / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(content))
    return Task(packet["student"], tuple(_hand_in(fields, scratch) for fields in packet["hand_ins"]), assignment,
                tuple(packet["notes"]), bytes.fromhex(packet["key"]), packet["digest"], runner, packet["strict"],
                Config(packet["settings"]))


def _hand_in(fields: dict, scratch: Path) -> HandIn:
    file, folder = fields.pop("file"), fields.pop("folder")
    cells = fields["cells"]
    return HandIn(**fields | {
        "cells": None if cells is None else tuple(Cell(**cell) for cell in cells),
        "notes": tuple(fields["notes"]),
        "path": None if folder is None else scratch / str(folder) / file,
    })


def sealed(marked: Marked) -> dict:
    return {"record": marked.record.to_json(), "notebooks": marked.notebooks, "timestamp": marked.timestamp}


def unsealed(packet: dict) -> Marked:
    return Marked(Record.from_json(packet["record"]),
                  {stem: nbformat.from_dict(notebook) for stem, notebook in packet["notebooks"].items()},
                  packet["timestamp"])
